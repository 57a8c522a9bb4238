"""A company's own end and former names are read from its text; the fate of others is not taken for its own."""

import pytest

from partnership_os.schemas.company import CompanyStatus
from partnership_os.tools.company_statements import CompanyText
from partnership_os.tools.company_status import former_names, parse_flag, parse_status, status_from_text

NAME = "Falcon Paper Company"


def text_of(text: str, name: str = NAME) -> CompanyText:
    return CompanyText(text, (name,))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("As of April 1, 2021, Falcon Paper Company was acquired by Big Bank.", CompanyStatus.ACQUIRED),
        ("It makes paper. The company was acquired by Northern Mills in 2004.", CompanyStatus.ACQUIRED),
        ("Falcon Paper Company has been merged with and into Northern Mills.", CompanyStatus.MERGED),
        ("In 2019, the company merged into Northern Mills Ltd.", CompanyStatus.MERGED),
        ("Falcon Paper is in voluntary liquidation.", CompanyStatus.LIQUIDATED),
        ("Falcon Paper Company is a paper company, once large, that is now in liquidation.", CompanyStatus.LIQUIDATED),
        ("The company filed for bankruptcy on May 2, 2020.", CompanyStatus.LIQUIDATED),
        ("The company, together with its subsidiaries, ceased operations in 2020.", CompanyStatus.LIQUIDATED),
        ("It was placed into receivership.", CompanyStatus.LIQUIDATED),
        ("الشركة تحت التصفية منذ عام 2020.", CompanyStatus.LIQUIDATED),
        ("تم الاستحواذ على الشركة من قبل بنك كبير.", CompanyStatus.ACQUIRED),
    ],
)
def test_its_own_end_is_found_with_the_sentence(text: str, status: CompanyStatus) -> None:
    finding = status_from_text(text_of(text))
    assert finding is not None
    assert finding.status is status
    assert finding.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "Falcon Paper Company acquired Northern Mills in 2020.",
        "Falcon Paper Company operates as a subsidiary of Northern Mills.",
        "The company's subsidiary Eagle Board was acquired by Northern Mills.",
        "Eagle Board Corporation filed a voluntary petition for liquidation under Chapter 7.",
        "It offers closing and liquidation of businesses, bankruptcy management and receivership services.",
        "The company may be acquired by Northern Mills.",
        "It sells dissolved acetylene and liquidated stock.",
        "",
    ],
)
def test_other_fates_are_not_its_own(text: str) -> None:
    assert status_from_text(text_of(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Falcon Paper Company does not have significant operations.",
        "On May 1, 2020, the company filed a voluntary petition for reorganization under Chapter 11.",
    ],
)
def test_a_shell_and_a_reorganisation_are_warnings_not_deaths(text: str) -> None:
    finding = status_from_text(text_of(text))
    assert finding is not None
    assert finding.status is CompanyStatus.UNKNOWN
    assert finding.quote == text


@pytest.mark.parametrize(
    ("text", "former"),
    [
        (
            "The company was formerly known as Eagle Travel Group and changed its name to Falcon Paper in April 2019.",
            "Eagle Travel Group",
        ),
        (
            "The company was formerly known as Eagle Stock Co. Falcon Paper Company was founded in 1991.",
            "Eagle Stock Co.",
        ),
        ("It was formerly known as Eagle Board Company Limited. It is based in Riyadh.", "Eagle Board Company Limited"),
        ("Sells board to S. Ltd. The company was formerly known as T. Eagle & Co.", "T. Eagle & Co."),
        ("The company was formerly known as Eagle (Cayman) Limited and changed its name.", "Eagle (Cayman) Limited"),
        ("Falcon Paper Company was previously named Eagle Works until 2010.", "Eagle Works"),
        ("تقدم الشركة التحويل، وكانت تعرف سابقاً باسم ترانسفير وايز.", "ترانسفير وايز"),
        ("The company was formerly known as Eagle Group and took the name Falcon in 2022.", "Eagle Group"),
        ("The company was formerly known as Eagle Group and offers board.", "Eagle Group"),
        ("كانت تعرف سابقاً باسم دار الصرف وغيرت اسمها عام 2020.", "دار الصرف"),
        ("كانت تعرف ببنك الخليج قبل أن تندمج.", "بنك الخليج"),
        ("كانت الشركة المعروفة سابقا باسم شركة النسر للورق، ومقرها الرياض.", "شركة النسر للورق"),
    ],
)
def test_former_names_are_cut_where_they_end(text: str, former: str) -> None:
    found = former_names(text_of(text), NAME)
    assert [item.name for item in found] == [former]
    assert found[0].quote in text


@pytest.mark.parametrize(
    "text",
    [
        "The company's mill, formerly known as Eagle Mill, was sold.",
        "Its parent was formerly known as Eagle Group.",
        "The company was formerly known as Falcon Paper Co. Ltd. and changed its name in 2019.",
        "تعرف الشركة باسم النسر.",
        "The company was formerly known as a maker of board.",
    ],
)
def test_names_of_others_and_mere_legal_forms_are_left_out(text: str) -> None:
    assert former_names(text_of(text), NAME) == ()


def test_status_columns_and_flags_in_two_languages() -> None:
    assert parse_status("In Liquidation") is CompanyStatus.LIQUIDATED
    assert parse_status("نشطة") is CompanyStatus.ACTIVE
    assert parse_status("تحت التصفية") is CompanyStatus.LIQUIDATED
    assert parse_status("on the moon") is None
    assert parse_flag("Yes") is True
    assert parse_flag("لا") is False
    assert parse_flag("maybe") is None
