"""Who is evaluated, where they sit, and that a case works on a copy of its own."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from partnership_os.errors import ConfigurationError, InputError, ModelError
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import RULES, Subject, is_control, seated
from partnership_os.graphs.workspace import Workspace
from partnership_os.llm.chat import ChatConfig
from partnership_os.schemas.score_card import Band
from partnership_os.schemas.stamp import AnalystKind
from partnership_os.settings import Settings
from partnership_os.testing import world
from partnership_os.testing.behaviours import BadRequest, Refusal, Unauthorised
from partnership_os.testing.clock import FixedClock
from partnership_os.testing.openai_server import OpenAIServer

SETTINGS = Settings(_env_file=None)


def subject_of(server: OpenAIServer) -> Subject:
    return Subject("m1", ChatConfig(model="m1", base_url=server.base_url, api_key=SecretStr("k" * 20)))


def one_company(workspace: Workspace) -> None:
    workspace.services.companies.save([world.company()], [world.evidence()], [])


def test_the_rules_analyst_is_always_there() -> None:
    with seated(["control/lazy", "rules"], SETTINGS) as subjects:
        assert [subject.label for subject in subjects] == ["rules", "control/lazy"]
        assert subjects[0] is RULES and subjects[1].config is not None
        assert subjects[1].config.base_url.startswith("http://127.0.0.1:")
    assert is_control("control/lazy") and not is_control("gpt-5-mini")


def test_an_unknown_control_and_a_model_without_a_server_are_refused() -> None:
    with pytest.raises(InputError, match="control/saint") as error, seated(["control/saint"], SETTINGS):
        pass
    assert "control/liar" in str(error.value.fix)
    with pytest.raises(ConfigurationError, match="no key"), seated(["gpt-5-mini"], SETTINGS):
        pass


def test_a_model_sits_on_the_server_of_the_settings() -> None:
    with OpenAIServer(["ready", "Ready!"]) as server:
        settings = SETTINGS.model_copy(update={"base_url": server.base_url, "model_repairs": 1})
        with seated(["m1", "m2"], settings) as (_, first, second):
            assert first.config is not None and second.config is not None
            assert (first.config.model, second.config.model) == ("m1", "m2")
            assert first.config.base_url == server.base_url and first.config.repairs == 1
        assert [request.body["model"] for request in server.requests] == ["m1", "m2"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [(BadRequest("The model m1 does not exist."), "m1 does not exist"), (Unauthorised(), "key")],
)
def test_nothing_is_run_with_a_model_that_does_not_answer(answer: BadRequest | Unauthorised, said: str) -> None:
    key = "sk-evals-0123456789abcdef"
    with OpenAIServer([answer]) as server:
        settings = SETTINGS.model_copy(
            update={"base_url": server.base_url, "model_attempts": 1, "api_key": SecretStr(key)}
        )
        with pytest.raises(ModelError, match="m1 does not answer") as error, seated(["m1"], settings):
            pass
    assert said in error.value.message and key not in error.value.message and error.value.fix


def test_nothing_is_run_where_no_server_listens() -> None:
    settings = SETTINGS.model_copy(update={"base_url": "http://127.0.0.1:9/v1", "model_attempts": 1})
    with pytest.raises(ModelError, match="m1 does not answer") as error, seated(["m1"], settings):
        pass
    assert error.value.details["kind"] == "unreachable"


def test_calls_are_counted_for_each_case_apart(tmp_path: Path) -> None:
    claims: dict[str, list[object]] = {"claims": []}
    with OpenAIServer([claims, "not json", claims, Refusal()]) as server:
        room = Room(subject_of(server), tmp_path, SETTINGS)
        first, second = Sitting(room), Sitting(room)
        first.analyst.read(world.company(), [world.evidence()])
        second.analyst.read(world.company(), [world.evidence()])
        reading = second.analyst.read(world.company(), [world.evidence()])
        room.close()
    assert reading.failure is not None
    assert [(item.valid, item.tries) for item in first.completions] == [(True, 1)]
    assert [(item.valid, item.tries, item.failure) for item in second.completions] == [
        (True, 2, None),
        (False, 1, "refusal"),
    ]
    assert first.usage.calls == 1 and second.usage.calls == 3
    assert first.asks_model and not Sitting(Room(RULES, tmp_path, SETTINGS)).asks_model


def test_each_case_has_a_workspace_of_its_own(tmp_path: Path) -> None:
    prepared = []

    def prepare(workspace: Workspace) -> None:
        prepared.append(workspace)
        one_company(workspace)

    room = Room(RULES, tmp_path, SETTINGS)
    for _ in range(2):
        with Sitting(room).workspace("two", prepare, FixedClock()) as workspace:
            assert workspace.company_count() == 1
            assert not workspace.people()
            workspace.services.companies.put_need(world.need())
            assert len(workspace.needs()) == 1
            card = workspace.card("co_najd", world.need())
            assert card.band in Band and card.made_by.analyst is AnalystKind.RULES
    room.close()
    assert len(prepared) == 1
    assert len(list(tmp_path.iterdir())) == 1, "only the prepared home is left"


def test_a_workspace_has_the_subject_as_its_analyst(tmp_path: Path) -> None:
    with OpenAIServer(lambda request: {"claims": []} if request.schema_name == "extracted_claims" else "no") as server:
        room = Room(subject_of(server), tmp_path, SETTINGS)
        sitting = Sitting(room)
        with sitting.workspace("one", one_company, FixedClock()) as workspace:
            card = workspace.card("co_najd", world.need())
        assert card.made_by.model == "m1"
        assert card.summary_made_by is not None and card.summary_made_by.analyst is AnalystKind.RULES
        assert {item.contract for item in sitting.completions} == {"extracted_claims", "drafted_note"}
        room.close()


def test_the_users_stores_are_never_touched(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    settings = SETTINGS.model_copy(
        update={"home": mine, "database_url": SecretStr(f"sqlite:///{mine}/x.db"), "chroma_url": "http://127.0.0.1:1"}
    )
    room = Room(RULES, tmp_path / "room", settings)
    (tmp_path / "room").mkdir()
    with Sitting(room).workspace("none", lambda workspace: None, FixedClock()) as workspace:
        assert workspace.home.folder.is_relative_to((tmp_path / "room").resolve())
        assert workspace.company_count() == 0
    room.search()
    room.close()
    assert not mine.exists()


def test_a_failing_model_is_the_error_of_the_product(tmp_path: Path) -> None:
    with OpenAIServer([Refusal()]) as server:
        room = Room(subject_of(server), tmp_path, SETTINGS)
        sitting = Sitting(room)
        assert sitting.room.client is not None
        from partnership_os.evals.sitting import MeteredClient
        from partnership_os.llm.chat import ChatMessage
        from partnership_os.schemas.model_outputs import DraftedNote

        meter = MeteredClient(sitting.room.client)
        with pytest.raises(ModelError):
            meter.complete([ChatMessage(role="user", text="x")], DraftedNote, "drafted_note", str)
        assert [item.failure for item in meter.completions] == ["refusal"]
        room.close()
