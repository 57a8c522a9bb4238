"""What is counted, who supervises: the readings that both analysts are checked by."""

import pytest

from partnership_os.tools.claim_subjects import is_of_others
from partnership_os.tools.claim_words import PROGRAMMES, named_in, regulators_in, scales_in


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("It employs 350 people.", [("employees", 350.0)]),
        ("Its staff numbers 1,200 and it has 40 branches.", [("employees", 1200.0), ("branches", 40.0)]),
        ("It has a staff of 900 employees.", [("employees", 900.0)]),
        ("Its workforce is 80% local.", []),
        ("It employs 3 million people.", [("employees", 3_000_000.0)]),
        ("It employed people in 2019.", []),
        ("Its subsidiaries employ many; it employs 12 workers.", [("employees", 12.0)]),
        ("Its subsidiary employs 12 workers.", []),
        ("توظف الشركة أكثر من 350 شخصا.", [("employees", 350.0)]),
    ],
)
def test_people_at_work_are_counted_without_the_word_employees(text: str, counts: list[tuple[str, float]]) -> None:
    assert [(scale.measure, scale.value) for scale in scales_in(text)] == counts


@pytest.mark.parametrize(
    ("text", "regulators"),
    [
        ("licensed by the Saudi Central Bank", ("sama",)),
        ("It is a bank licensed by SAMA and regulated by the CMA.", ("sama", "cma")),
        ("It works with banks licensed by SAMA, and is licensed by the CMA.", ("cma",)),
        ("الشركة مرخصة من هيئة السوق المالية", ("cma",)),
        ("شركة تابعة لمجموعة العليا ومرخصة من هيئة السوق المالية", ("cma",)),
        ("شركتها التابعة مرخصة من هيئة السوق المالية", ()),
        ("تتعامل مع بنوك مرخصة من البنك المركزي السعودي", ()),
    ],
)
def test_a_licence_of_others_is_not_the_companys(text: str, regulators: tuple[str, ...]) -> None:
    assert tuple(naming.name for naming in regulators_in(text)) == regulators


def test_words_of_licensing_are_read_with_the_noun_they_belong_to() -> None:
    text = "It lends to firms licensed by SAMA."
    assert is_of_others(text, text.index("licensed"))
    own = "It is licensed by SAMA."
    assert not is_of_others(own, own.index("licensed"))


@pytest.mark.parametrize(
    ("text", "programmes"),
    [
        ("It sells through a network of distributors and resellers.", {"partner_programme"}),
        ("It sells through its own shops.", set()),
        ("It works with a network of partner hospitals.", set()),
        ("تبيع الشركة عبر شبكة من الشركاء.", {"partner_programme"}),
        ("It is the exclusive distributor of pumps.", {"authorised_distributor"}),
        ("They are authorised dealers of pumps.", {"authorised_distributor"}),
        ("It sells pumps to authorised dealers.", set()),
        ("تبيع عبر موزع معتمد.", set()),
    ],
)
def test_who_sells_for_whom(text: str, programmes: set[str]) -> None:
    assert {naming.name for naming in named_in(PROGRAMMES, text)} == programmes
