import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from partnership_os.surfaces.cli_chat import _lines
from partnership_os.testing.behaviours import (
    Answer,
    ChatRequest,
    Garbage,
    Refusal,
    ServerError,
    ToolCalls,
)
from partnership_os.testing.openai_server import OpenAIServer

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


def test_at_a_terminal_it_prompts_and_leaves_on_quit(home: Path) -> None:
    leader, follower = pty.openpty()
    code = "from partnership_os.surfaces.cli import main; main()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERSHIP_")}
    child = subprocess.Popen(
        [sys.executable, "-c", code, "--home", str(home), "chat"],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**kept, "TERM": "dumb"},
    )
    os.close(follower)
    os.write(leader, b"/waiting\n/quit\n")
    said, _ = child.communicate(timeout=60)
    os.close(leader)
    text = said.decode()
    assert child.returncode == 0
    assert "Conversation: chat-" in text
    assert "Nothing waits" in text
    assert "›" in text


def test_the_end_of_the_input_and_ctrl_c_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    for end in (EOFError, KeyboardInterrupt):
        said: Iterator[str | type[BaseException]] = iter(["hello", " ", end])

        def answer(prompt: str, said: Iterator[str | type[BaseException]] = said) -> str:
            item = next(said)
            if isinstance(item, str):
                return item
            raise item

        monkeypatch.setattr("builtins.input", answer)
        assert list(_lines(interactive=True)) == ["hello"]


def _settings(server: OpenAIServer) -> dict[str, str]:
    return {
        "PARTNERSHIP_MODEL": "test-model",
        "PARTNERSHIP_BASE_URL": server.base_url,
        "PARTNERSHIP_API_KEY": "key",
        "PARTNERSHIP_MODEL_ATTEMPTS": "1",
    }


def test_a_model_over_http_calls_tools_and_never_approves(run: Run, new_person: Callable[..., tuple[str, str]]) -> None:
    wanted = {"partner": "Najd Test Systems", "need": "nd_distribution"}
    script: list[Answer] = [
        ToolCalls((("start_deal", wanted),)),
        ToolCalls((("approve", {"id": "cm_1"}),)),
        "All approved.",
    ]

    def play(request: ChatRequest) -> Answer:
        """The chat follows the script; the analyst, who has no tools, meets a server that fails."""
        return script.pop(0) if "tools" in request.body else ServerError()

    with OpenAIServer(play) as server:
        talked = run(
            "chat",
            "--json",
            token=new_person("c-level")[1],
            stdin="start a deal with Najd and approve it\n",
            settings=_settings(server),
        )
        offered = {tool["function"]["name"] for tool in server.requests[0].body["tools"]}
    assert script == []
    (turn,) = json.loads(talked.stdout)["turns"]
    (waiting,) = json.loads(run("inbox", "--json").stdout)
    assert turn["by"] == "model"
    assert f"partnership approve {waiting['commitment']['commitment_id']}" in turn["answer"]
    assert not [name for name in offered if "approve" in name or "commit" in name or "user" in name]
    assert waiting["approvals"] == []
    assert json.loads(run("ledger", "--json").stdout) == []


def test_a_bad_server_does_not_end_the_conversation(run: Run) -> None:
    with OpenAIServer([ServerError(), Garbage(), Refusal("Not that."), "Back again."]) as server:
        lines = "what waits for whom?\nwhat waits for whom?\ntell me\nhello\n"
        turns = json.loads(run("chat", "--json", stdin=lines, settings=_settings(server)).stdout)["turns"]
    assert [turn["by"] for turn in turns] == ["rules", "rules", "model", "model"]
    assert all("did not answer" in turn["answer"] and "Nothing waits" in turn["answer"] for turn in turns[:2])
    assert turns[2]["answer"] == "Not that."
    assert turns[3]["answer"] == "Back again."


def test_its_commands_run_on_the_same_home_and_its_lists_are_set_apart(
    run: Run, home: Path, new_person: Callable[..., tuple[str, str]]
) -> None:
    first, second = new_person("director")[0], new_person("vp")[0]
    token = new_person("analyst")[1]
    options = f"--home {home}"
    asked = run("chat", token=token, stdin="start a deal with Najd Test Systems\n/waiting\n").stdout
    (waiting,) = json.loads(run("inbox", "--json").stdout)
    commitment = waiting["commitment"]["commitment_id"]
    assert f"partnership approve {commitment} {options}\n" in asked
    turns = json.loads(run("chat", "--json", stdin=f"approve {commitment}\n").stdout)["turns"]
    assert f"partnership review {commitment} {options}\n" in turns[0]["answer"]
    arabic = run("chat", "--lang", "ar", stdin="/waiting\n/show deal-none\n").stdout
    apart = f"\u2068A director ({first})\u2069، \u2068A vp ({second})\u2069"
    turned = f"\u2068A vp ({second})\u2069، \u2068A director ({first})\u2069"
    assert apart in arabic or turned in arabic
    assert f"partnership deal list {options} --lang ar" in arabic
