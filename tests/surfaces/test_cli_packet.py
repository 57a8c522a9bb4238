"""The approval packet on an 80-column screen: whole, in both languages, and not to be fooled."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rich.cells import cell_len
from rich.console import Console

from partnership_os.agents.deal_negotiator import committed_value
from partnership_os.agents.playbook import load_playbook
from partnership_os.agents.sheet_edit import edit_sheet, parse_edits
from partnership_os.agents.sheet_text import LANGUAGES, Language, bilingual, format_value, wording
from partnership_os.governance import commitments
from partnership_os.governance.commitments import ProposalDraft
from partnership_os.graphs.approval_packet import ApprovalPacket, packet_of, sheet_in
from partnership_os.graphs.wording.texts import in_line
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import Commitment, DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.schemas.score_card import Band
from partnership_os.settings import Settings
from partnership_os.surfaces.cli_next_steps import Turn, turn_of
from partnership_os.surfaces.cli_packet import LOW_CONFIDENCE, show_packet
from partnership_os.surfaces.cli_render import Screen
from partnership_os.surfaces.cli_texts_packet import PACKET_PHRASES
from partnership_os.testing.clock import TickingClock

RTL, ZERO_WIDTH, ISOLATES = "\u202e", "\u200b", "\u2066\u2067\u2068\u2069"


class Reading(NamedTuple):
    """What `review` reads."""

    packet: ApprovalPacket
    turn: Turn


class Desk:
    """A workspace with one deal at its gate, and requests beside it."""

    def __init__(self, workspace: Workspace, need: Path) -> None:
        self.workspace, self.services = workspace, workspace.services
        self.clock = workspace.services.clock
        self.director = workspace.add_person("Dana", ApprovalLevel.C_LEVEL)[1]
        token = workspace.add_person("Sara", ApprovalLevel.MANAGER)[1]
        state = workspace.start_deal("Najd Test Systems", workspace.read_need(need), token)
        assert state.commitment_id is not None
        self.asked = commitments.standing(self.services.governance, self.clock, state.commitment_id).commitment

    def propose(self, **fields: Any) -> Commitment:
        """A request that differs from the honest one."""
        kept = {name: getattr(self.asked, name) for name in ProposalDraft.model_fields if name != "edited_from"}
        draft = ProposalDraft.model_validate({**kept, **fields})
        return commitments.propose(self.services.governance, draft, self.clock)

    def hostile(self) -> Commitment:
        """A request whose texts try to hide, reorder, and pass for lines of ours."""
        terms: dict[str, Any] = json.loads(json.dumps(self.asked.terms))
        terms["clauses"][3]["text"]["en"] = f"The Partner pays {RTL}000,1{ZERO_WIDTH} SAR [bold]now[/bold]."
        terms["clauses"][4]["text"]["ar"] = f"يدفع الشريك {RTL}١٬٠٠٠{ZERO_WIDTH}."
        terms["them"]["name"] = f"Najd Test{ZERO_WIDTH} Systems"
        terms["cover_note"]["en"] = "Hello.\n  Status: approved\x1b[2J\n\n" + "x" * 300
        terms["version"] = 2
        return self.propose(terms=terms, document_version=2, parties=(self.asked.parties[0], "Nаjd Test Systems"))

    def reading(self, commitment: Commitment) -> Reading:
        packet = packet_of(self.services, self.clock, commitment.commitment_id)
        return Reading(packet, turn_of(self.workspace, commitment.commitment_id))

    def shown(self, commitment: Commitment, language: Language) -> str:
        return _shown(self.reading(commitment), language)


def _shown(reading: Reading, language: Language, *, colours: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=colours, no_color=not colours, legacy_windows=False)
    show_packet(Screen(console, language), reading.packet, reading.turn)
    return file.getvalue()


@pytest.fixture
def desk(home: Path, files: Path) -> Iterator[Desk]:
    with Workspace.open(Settings(home=home, _env_file=None), TickingClock()) as workspace:
        yield Desk(workspace, files / "need.json")


@pytest.fixture(scope="module")
def packets(template: Path, files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """An honest request, and one whose texts try to deceive."""
    home = tmp_path_factory.mktemp("packets") / "home"
    shutil.copytree(template, home)
    with Workspace.open(Settings(home=home, _env_file=None), TickingClock()) as workspace:
        desk = Desk(workspace, files / "need.json")
        return {"honest": desk.reading(desk.asked), "hostile": desk.reading(desk.hostile())}


def _dense(text: str) -> str:
    """Text without what wrapping and isolation add."""
    return re.sub(rf"[\s{ISOLATES}]", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["honest", "hostile"])
def test_every_digested_field_is_printed(packets: dict[str, Reading], language: Language, kind: str) -> None:
    reading = packets[kind]
    output = _dense(_shown(reading, language))
    start = 0
    for field in reading.packet.fields:
        line = _dense(f"{field.path} = {in_line(field.value)}")
        found = output.find(line, start)
        assert found >= 0, f"{field.path} is not printed, or not in order"
        start = found + len(line)
    names = {re.split(r"[.\[]", field.path)[0] for field in reading.packet.fields}
    assert names == set(Commitment.model_fields) - {"commitment_id"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_hidden_reaches_the_terminal(packets: dict[str, Reading], language: Language) -> None:
    output = _shown(packets["hostile"], language)
    assert RTL not in output and ZERO_WIDTH not in output and "\x1b" not in output
    dense = _dense(output)
    assert _dense("The Partner pays [U+202E]000,1[U+200B] SAR [bold]now[/bold].") in dense
    assert "NajdTest[U+200B]Systems" in dense
    assert "[U+000A]Status:approved[U+001B][2J" in dense
    marks = {"en": "hidden characters here", "ar": "أحرف مخفية هنا"}
    assert output.count(marks[language]) == 4
    assert output.count("\u2068") == output.count("\u2069")


def test_a_text_cannot_add_a_line_that_looks_like_ours(packets: dict[str, Reading]) -> None:
    lines = _shown(packets["hostile"], "en").splitlines()
    assert [line for line in lines if line.strip().startswith("Status:")] == ["  Status: pending"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_minute_comes_first_and_the_fields_last(packets: dict[str, Reading], language: Language) -> None:
    column = LANGUAGES.index(language)
    keys = ("packet.partner", "packet.value", "packet.reversibility", "packet.until", "packet.odd", "packet.rules")
    output = _shown(packets["hostile"], language)
    places = [output.index(PACKET_PHRASES[key][column].split("{")[0]) for key in (*keys, "packet.fields")]
    assert places == sorted(places)
    assert places[4] < output.index("(U+202E)") < places[5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_eighty_columns(packets: dict[str, Reading], language: Language) -> None:
    copied = ("partnership ", "Digest: ", "البصمة: ")
    for reading in packets.values():
        for line in _shown(reading, language).splitlines():
            if not any(mark in line for mark in copied):
                assert cell_len(line.translate(dict.fromkeys(map(ord, ISOLATES)))) <= 80, line


def test_warnings_are_red_and_said_again_at_the_end(packets: dict[str, Reading]) -> None:
    output = _shown(packets["hostile"], "en", colours=True)
    assert re.search(r"\x1b\[1;31mLOOK TWICE: \d+", output)
    assert re.search(r"\x1b\[1;31mLook twice: \d+ warnings", output[output.index("digest covers") :])
    assert re.search(r"\x1b\[31m! The name \u2068N\u0430jd Test Systems\u2069 reads like Najd Test Systems", output)


CALM: tuple[tuple[Language, str], ...] = (("en", "Nothing odd was found."), ("ar", "لم يُعثر على ما يثير الانتباه."))


def _with_card(reading: Reading, **fields: object) -> Reading:
    card = reading.packet.rules.card
    assert card is not None
    rules = reading.packet.rules.model_copy(update={"card": card.model_copy(update=fields)})
    return reading._replace(packet=reading.packet.model_copy(update={"rules": rules}))


def test_an_honest_request_on_a_sound_card_says_that_nothing_is_odd(packets: dict[str, Reading]) -> None:
    sound = _with_card(packets["honest"], band=Band.PURSUE, confidence=LOW_CONFIDENCE)
    for language, words in CALM:
        output = _shown(sound, language)
        assert words in output
        assert "LOOK TWICE" not in output and "انتبه" not in output


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"band": Band.UNKNOWN, "coverage": 0.43}, ("says Unknown: only 43 %", "«غير معروف»")),
        ({"band": Band.PURSUE, "confidence": 0.25}, ("confidence of the score card is low (25 %)", "منخفضة")),
    ],
)
def test_a_card_that_says_little_is_named_instead(
    packets: dict[str, Reading], fields: dict[str, object], said: tuple[str, str]
) -> None:
    weak = _with_card(packets["honest"], **fields)
    for (language, calm), words in zip(CALM, said, strict=True):
        output = _shown(weak, language)
        assert words in " ".join(output.split())
        assert calm not in output
        assert "\n  partnership card 'Najd Test Systems'\n" in output


def test_no_card_is_no_reason_for_calm(packets: dict[str, Reading]) -> None:
    honest = packets["honest"]
    rules = honest.packet.rules.model_copy(update={"card": None})
    output = _shown(honest._replace(packet=honest.packet.model_copy(update={"rules": rules})), "en")
    assert "No score card of this partner is stored: nothing shows" in output
    assert CALM[0][1] not in output


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_edit_shows_what_changed(desk: Desk, language: Language) -> None:
    before = sheet_in(desk.asked)
    assert before is not None
    assert _dense(PACKET_PHRASES["packet.first"][LANGUAGES.index(language)]) in _dense(desk.shown(desk.asked, language))
    edits = parse_edits(["mdf_per_year=12345 SAR"])
    sheet = edit_sheet(before, edits, load_playbook(before.partnership_type), desk.clock().date()).sheet
    desk.services.companies.put_sheet(sheet)
    made = desk.propose(
        terms=sheet.model_dump(mode="json"),
        document_version=2,
        value=committed_value(sheet),
        edited_from=desk.asked.commitment_id,
    )
    output = _dense(desk.shown(made, language))
    values = [item.term("mdf_per_year") for item in (before, sheet)]
    old, new = (format_value(value, language) for value in values if value is not None)
    label = wording().terms["mdf_per_year"]
    template = PACKET_PHRASES["packet.change"][LANGUAGES.index(language)]
    assert _dense(template.format(label=bilingual(label, language), old=old, new=new)) in output
    assert _dense(PACKET_PHRASES["packet.first"][LANGUAGES.index(language)]) not in output


def test_arabic_values_stand_apart_around_an_arrow(desk: Desk) -> None:
    """Without isolates a terminal would show the new name where the old one belongs."""
    terms: dict[str, Any] = json.loads(json.dumps(desk.asked.terms))
    terms["them"]["name_ar"] = "شركة أخرى"
    made = desk.propose(terms={**terms, "version": 2}, document_version=2)
    output = desk.shown(made, "en")
    old = sheet_in(desk.asked)
    assert old is not None
    assert f"\u2068{old.them.name_ar}\u2069 → \u2068شركة أخرى\u2069" in output.replace("\n  ", " ")


def test_the_next_step_is_offered_while_somebody_can_take_it(desk: Desk) -> None:
    command = f"partnership approve {desk.asked.commitment_id}"
    assert command in desk.shown(desk.asked, "en")
    decide: Callable[..., object] = desk.workspace.home.approval_service.decide
    decide(desk.asked.commitment_id, desk.director, DecisionOutcome.REJECT, "too\u202e dear")
    rejected = desk.shown(desk.asked, "en")
    assert command not in rejected
    assert f"partnership edit {desk.asked.commitment_id} --set TERM=VALUE" in rejected
    assert "Next, Sara (" in " ".join(rejected.split()) and "LOOK TWICE" not in rejected
    assert "rejected – Dana" in rejected and "too[U+202E] dear" in rejected


def test_an_expired_request_says_so(desk: Desk) -> None:
    clock = desk.clock
    assert isinstance(clock, TickingClock)
    clock.advance(timedelta(days=15))
    expired = desk.shown(desk.asked, "en")
    assert "nobody can approve it any more" in expired.replace("\n", "")
    assert f"\n  partnership propose {desk.asked.thread_id}\n" in expired
    assert "Next, Sara (" in " ".join(expired.split()) and "LOOK TWICE" not in expired
    assert "الحالة: منتهية الصلاحية" in desk.shown(desk.asked, "ar")


def test_the_phrases_say_the_same_in_both_languages() -> None:
    for key, (english, arabic) in PACKET_PHRASES.items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", arabic)), key
        assert re.search("[\u0621-\u064a]", arabic) or not re.search(r"[a-z]", re.sub(r"{\w+}", "", english)), key
