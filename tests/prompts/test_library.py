"""Prompts are data with a version; values are never read as a template."""

import pytest

from partnership_os.errors import InternalError
from partnership_os.prompts.library import load_prompt, parse_prompt, prompt_names

GOOD = "---\nname: x\nversion: 3\nfields: [a, b]\n---\nFirst {{a}}.\n\n<!-- user -->\nThen {{b}}, {{a}}.\n"


def test_every_prompt_of_the_product_loads() -> None:
    assert prompt_names() == ("chat_system", "cover_note", "read_company", "repair", "summarise_card")
    for name in prompt_names():
        prompt = load_prompt(name)
        assert prompt.stamp.name == name
        assert "{{" not in prompt.render(**dict.fromkeys(prompt.fields, "x"))


def test_messages_are_divided_and_filled() -> None:
    prompt = parse_prompt("x", GOOD)
    system, user = prompt.messages(a="1", b="2")
    assert (system.role, system.text, user.role, user.text) == ("system", "First 1.", "user", "Then 2, 1.")
    assert prompt.stamp.version == 3
    assert len(load_prompt("repair").messages(problem="p")) == 1


def test_braces_in_values_stay_braces() -> None:
    evil = "{{b}} {a} {0} %s $a {{{{a}}}} \\1"
    text = parse_prompt("x", GOOD).render(a=evil, b="secret")
    assert text.startswith(f"First {evil}.")
    assert text.count("secret") == 1


@pytest.mark.parametrize(
    ("values", "problem"), [({"a": "1"}, "missing: b"), ({"a": "1", "b": "2", "c": "3"}, "unknown: c")]
)
def test_missing_and_unknown_fields_are_refused(values: dict[str, str], problem: str) -> None:
    with pytest.raises(InternalError, match=problem):
        parse_prompt("x", GOOD).render(**values)
    with pytest.raises(InternalError, match=problem):
        parse_prompt("x", GOOD).messages(**values)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("no front matter", "no front matter"),
        (GOOD.replace("name: x", "name: y"), "calls itself y"),
        (GOOD.replace("[a, b]", "[a]"), "differ \\(b\\)"),
        (GOOD.replace("[a, b]", "[a, b, c]"), "differ \\(c\\)"),
        (GOOD.replace("version: 3", "version: none"), "is wrong"),
        (GOOD.replace("version: 3", "version: ["), "is wrong"),
        ("---\njust words\n---\ntext", "is wrong"),
    ],
)
def test_a_wrong_file_is_refused(content: str, problem: str) -> None:
    with pytest.raises(InternalError, match=problem):
        parse_prompt("x", content)


def test_an_unknown_prompt_names_those_that_exist() -> None:
    with pytest.raises(InternalError, match="there are: chat_system"):
        load_prompt("nothing")


def test_what_stays_the_same_comes_first_and_untrusted_text_last() -> None:
    text = load_prompt("read_company").render(concepts="<concepts>", company="<company>", texts="<texts>")
    assert text.index("<concepts>") < text.index("Rules") < text.index("<company>") < text.index("<texts>")
    assert text.endswith("<texts>")
