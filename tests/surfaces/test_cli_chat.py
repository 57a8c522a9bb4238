import json
from collections.abc import Callable

from typer.testing import Result

Run = Callable[..., Result]


def test_lines_from_a_pipe_are_answered_one_by_one(run: Run, new_person: Callable[..., tuple[str, str]]) -> None:
    lines = "ما الذي ينتظر الموافقة؟\n\nstart a deal with Najd Test Systems\n/quit\nnot reached\n"
    talked = run("chat", "--json", token=new_person("analyst")[1], stdin=lines)
    answer = json.loads(talked.stdout)
    assert [turn["question"] for turn in answer["turns"]] == [
        "ما الذي ينتظر الموافقة؟",
        "start a deal with Najd Test Systems",
    ]
    assert "لا شيء ينتظر" in answer["turns"][0]["answer"]
    (waiting,) = json.loads(run("inbox", "--json").stdout)
    assert waiting["commitment"]["commitment_id"] in answer["turns"][1]["answer"]
    assert answer["turns"][1]["by"] == "rules"
    resumed = run("chat", "--thread", answer["thread_id"], stdin="why is it unknown?\n").stdout
    assert "Najd Test Systems" in resumed
    assert f"partnership chat --thread {answer['thread_id']}" in resumed


def test_slash_commands_are_answered_in_the_language_of_the_terminal(run: Run) -> None:
    assert "لا شيء ينتظر" in run("chat", "--lang", "ar", stdin="/waiting\n").stdout
    assert "Nothing waits" in run("chat", stdin="/waiting").stdout


def test_a_line_that_is_too_long_does_not_end_the_conversation(run: Run) -> None:
    lines = "x" * 5_000 + "\n/waiting\n"
    assert "Nothing waits" in run("chat", stdin=lines).stdout
    turns = json.loads(run("chat", "--json", stdin=lines).stdout)["turns"]
    assert turns[0]["error"]["who_must_act"] == "user"
    assert "answer" in turns[1]


def test_a_thread_that_is_none_is_refused(run: Run) -> None:
    assert "not the id of a conversation" in run("chat", "--thread", "deal-1", stdin="", code=1).stderr


def test_nothing_said_is_no_error(run: Run) -> None:
    assert json.loads(run("chat", "--json", stdin="").stdout)["turns"] == []
