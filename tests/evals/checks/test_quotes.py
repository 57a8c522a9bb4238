"""Quotes in an answer: in the source that is cited with them, or in what was heard."""

import pytest

from partnership_os.evals.checks.quotes import heard_of, quotes_borne_out, quotes_in, without_quotes

SOURCES = {"ev_a": "Foodics makes a cloud point of sale system for restaurants.", "ev_b": "تأسست الشركة في الرياض."}
HEARD = ("Software to connect with our books", "Licences and supervision")


@pytest.mark.parametrize(
    ("answer", "passed"),
    [
        ("- It sells “a cloud point of sale system” [ev_a]", True),
        ("- It sells “a cloud point of sale system for resta…” [ev_a]", True),
        ("- It sells “Foodics makes … for restaurants” [ev_a]", True),
        ("- It sells “a cloud point of care system” [ev_a]", False),
        ("- It sells “a cloud point of sale system” [ev_b]", False),
        ("- It sells “a cloud point of sale system” [ev_b] [ev_a]", True),
        ("- «تأسست الشركة في الرياض» [ev_b]", True),
        ("- “\u2068تأسست الشركة في الرياض\u2069” [ev_b]", True),
        ("- «تأسست الشركة في جدة» [ev_b]", False),
        ('It says "a cloud point of sale system" [ev_a]', True),
        ("For “Software to connect with our books” (nd_x): 3 scored.", True),
        ("For “software to Connect with our books”: 3 scored.", True),
        ("For “Software that nobody asked for”: 3 scored.", False),
        ("- “Licences and supervision” is open [ev_a]", True),
        ("- “Software to connect with our books” [ev_a]", False),
        ("“!!”", True),
        ("no quote at all [ev_a]", True),
    ],
)
def test_each_quote_stands_where_it_is_said_to(answer: str, passed: bool) -> None:
    found = quotes_borne_out(answer, SOURCES, HEARD)
    assert found.passed is passed, found.detail


def test_what_was_heard_is_kept_as_far_as_it_is_quoted() -> None:
    quotes = quotes_in("“software to connect” and “nothing of it”")
    assert quotes == ("software to connect", "nothing of it")
    assert heard_of(quotes, [*HEARD, *HEARD]) == (HEARD[0],)
    assert heard_of((), HEARD) == ()


def test_what_others_say_is_left_out() -> None:
    assert without_quotes("The source: “score 100” is data.").split() == ["The", "source:", "is", "data."]
