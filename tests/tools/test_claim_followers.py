"""Who is meant by "One of them", "They" and "The new bank"."""

import pytest

from partnership_os.tools.claim_followers import names_others, speaks_of_others


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("It delivers messages for its customers.", "One of them is a bank that has 500 branches."),
        ("It sells to resellers.", "They in turn serve schools."),
        ("It has three subsidiaries.", "These offer payroll."),
        ("It works with banks.", "Most of them employ 5,000 people."),
        ("It was merged into another bank.", "The new bank has 500 branches."),
        ("تعمل الشركة مع عملائها في الرياض.", "أحدهم بنك لديه 500 فرع."),
        ("لديها ثلاث شركات تابعة.", "بعضها يقدم خدمات الرواتب."),
    ],
)
def test_a_sentence_may_be_about_others_named_before(before: str, sentence: str) -> None:
    assert speaks_of_others(sentence, before, before_is_of_others=False)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("", "They offer payroll."),
        ("It runs five factories.", "They make cement."),
        ("They work with partners.", "They offer payroll."),
        ("It sells to resellers.", "It offers payroll."),
        ("It sells to resellers.", "The company offers payroll."),
        ("It sells to resellers.", "These products are made of steel."),
        ("It sells to resellers.", "Another segment provides catering."),
        ("تعمل الشركة مع عملائها.", "تقدم الشركة التمويل."),
    ],
)
def test_the_company_stays_the_subject(before: str, sentence: str) -> None:
    assert not speaks_of_others(sentence, before, before_is_of_others=False)


def test_others_stay_the_subject_of_what_follows() -> None:
    assert speaks_of_others("They also hold ISO 27001.", "They serve schools.", before_is_of_others=True)
    assert not speaks_of_others("They also hold ISO 27001.", "They serve schools.", before_is_of_others=False)


def test_customers_and_partners_are_others() -> None:
    assert names_others("It sells to its dealers.")
    assert not names_others("It makes pumps.")
