"""Lines of a record: what a field states, and the cells that deny, plan or are vague."""

import pytest

from partnership_os.schemas.evidence import ClaimKind
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.record_lines import RecordFact, record_facts

K = ClaimKind


def facts(line: str) -> list[tuple[ClaimKind, str, float | None]]:
    return [(fact.kind, fact.subject, fact.value) for fact in record_facts(line, load_lexicon())]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("countries: SA; AE, Bahrain", [(K.OPERATES_IN, c, None) for c in ("SA", "AE", "BH")]),
        ("countries: 12", [(K.SCALE, "countries", 12.0)]),
        ("countries: 2 (SA, AE)", [*((K.OPERATES_IN, c, None) for c in ("SA", "AE")), (K.SCALE, "countries", 2.0)]),
        ("exchange: Saudi Exchange", [(K.OWNERSHIP, "listed", None)]),
        ("ticker: 6002", [(K.OWNERSHIP, "listed", None)]),
        ("founded: 1998", [(K.FOUNDED, "year", 1998.0)]),
        ("founded: 1998-05-01", [(K.FOUNDED, "year", 1998.0)]),
        ("founded: May 2004", [(K.FOUNDED, "year", 2004.0)]),
        ("employees: 1,250 (planned: 1,500)", [(K.SCALE, "employees", 1250.0)]),
        ("employees: more than 500", [(K.SCALE, "employees", 500.0)]),
        ("offers: erp; not: payroll", [(K.OFFERS, "erp", None)]),
    ],
)
def test_a_field_states_what_it_holds(line: str, expected: list[tuple[ClaimKind, str, float | None]]) -> None:
    assert facts(line) == expected
    assert all(isinstance(fact, RecordFact) for fact in record_facts(line, load_lexicon()))


@pytest.mark.parametrize(
    "line",
    [
        "exchange: not listed",
        "exchange: none",
        "exchange: -",
        "exchange: private",
        "exchange: Saudi Exchange (planned)",
        "exchange: غير مدرجة",
        "ticker: n/a",
        "founded: before 1990",
        "founded: c. 1990",
        "founded: 1990-1995",
        "founded: قبل 1990",
        "branches: none yet (planned: 4)",
        "branches: 4 planned",
        "branches: target of 4",
        "employees: لا يوجد 5",
        "offers: not payroll",
        "needs: none; no payroll",
    ],
)
def test_a_cell_that_denies_plans_or_is_vague_states_nothing(line: str) -> None:
    assert facts(line) == []
