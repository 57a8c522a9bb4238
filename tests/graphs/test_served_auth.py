"""The auth handler of the served graphs, called with the shapes that `langgraph dev` 0.16.7 handed to it."""

import asyncio
import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph_sdk import Auth

from partnership_os.graphs import served, served_auth
from partnership_os.graphs.state import DealContext, DealInput
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings
from partnership_os.testing.clock import TickingClock

THREAD = UUID("01a20590-eb05-7732-a06a-508380e57711")
INTERRUPT = "b62545a02c48b2bccc6c220826dd1442"
WAKE = {"resume": {INTERRUPT: {"wake": True}}}
ACTIONS = {
    "threads": ("create", "read", "update", "delete", "search", "create_run"),
    "assistants": ("create", "read", "update", "delete", "search"),
    "crons": ("create", "read", "update", "delete", "search"),
    "store": ("put", "get", "search", "delete", "list_namespaces"),
}
ALLOWED = {
    ("threads", "create"),
    ("threads", "read"),
    ("threads", "search"),
    ("threads", "create_run"),
    ("assistants", "read"),
    ("assistants", "search"),
}
Refused = Auth.exceptions.HTTPException


class SignedIn:
    """A person as the server passes them on after `authenticate`."""

    def __init__(self, identity: str = "pe_asks", tenant: str = "main") -> None:
        self.fields = {"identity": identity, "tenant": tenant}
        self.identity = identity
        self.display_name = identity
        self.is_authenticated = True
        self.permissions: list[str] = []

    def __getitem__(self, key: str) -> str:
        return self.fields[key]

    def __contains__(self, key: str) -> bool:
        return key in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)


def context(action: Any, resource: Any = "threads", user: SignedIn | None = None) -> Auth.types.AuthContext:
    return Auth.types.AuthContext(permissions=[], user=user or SignedIn(), resource=resource, action=action)


def a_run(
    person_id: str = "pe_asks",
    *,
    configurable: dict[str, Any] | None = None,
    multitask_strategy: Any = "enqueue",
    thread_id: UUID | None = THREAD,
    **kwargs: Any,
) -> Auth.types.RunsCreate:
    """A run as the server asks about it; keyword arguments replace what the client may say."""
    server = {
        "langgraph_auth_user": object(),
        "langgraph_auth_user_id": person_id,
        "langgraph_auth_permissions": [],
        "langgraph_request_id": "a857411d-2332-435c-8484-6650d7714fc6",
        "__request_start_time_ms__": 1795389713260,
        "__after_seconds__": 0,
    }
    return Auth.types.RunsCreate(
        thread_id=thread_id,
        assistant_id=UUID("06c4d077-ebdd-5a8f-92e8-0456cd146343"),
        run_id=UUID("01a20590-eb8d-752b-bd19-bdd1840c8d95"),
        status="pending",
        metadata={},
        prevent_insert_if_inflight=False,
        multitask_strategy=multitask_strategy,
        if_not_exists="reject",
        after_seconds=0,
        kwargs={
            "input": None,
            "command": None,
            "config": {"configurable": {**(configurable or {}), **server}},
            "context": {},
            "stream_mode": ["values"],
            "interrupt_before": None,
            "interrupt_after": None,
            "webhook": None,
            "feedback_keys": None,
            "temporary": thread_id is None,
            "subgraphs": False,
            "resumable": False,
            "checkpoint_during": True,
            "durability": "async",
            **kwargs,
        },
    )


def ask(value: Auth.types.RunsCreate, user: SignedIn | None = None) -> object:
    return asyncio.run(served_auth.create_run(ctx=context("create_run", user=user), value=value))


@pytest.fixture
def home(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, workspace: Workspace, clock: TickingClock
) -> Iterator[Workspace]:
    """The home that the server opens by itself."""
    monkeypatch.setenv("PARTNERSHIP_HOME", str(settings.home))
    monkeypatch.setattr(served, "system_clock", clock)
    served.installation.cache_clear()
    yield workspace
    served.installation.cache_clear()


def test_langgraph_json_names_the_handler_and_switches_off_what_it_does_not_guard(repository: Path) -> None:
    config = json.loads((repository / "langgraph.json").read_text(encoding="utf-8"))
    module, name = config["auth"]["path"].split(":")
    assert getattr(importlib.import_module(module), name) is served_auth.auth
    assert config["auth"]["disable_studio_auth"] is True
    assert config["http"] == {"disable_store": True, "disable_mcp": True, "disable_a2a": True}


def test_whatever_is_not_allowed_by_name_is_denied() -> None:
    known = {(resource, action) for resource, actions in ACTIONS.items() for action in actions}
    handlers = served_auth.auth._handlers
    assert set(handlers) == ALLOWED and served_auth.auth._global_handlers == [served_auth.deny]
    for resource, action in known - ALLOWED:
        with pytest.raises(Refused) as refused:
            asyncio.run(served_auth.deny(ctx=context(action, resource), value={"thread_id": THREAD}))
        assert refused.value.status_code == 403


def test_a_known_token_lets_its_person_in(home: Workspace) -> None:
    person, token = home.add_person("Asks", ApprovalLevel.ANALYST)
    user = asyncio.run(served_auth.authenticate(authorization=f"Bearer {token}"))
    assert dict(user) == {"identity": person.person_id, "is_authenticated": True, "tenant": person.tenant}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer pos_0000000000000000_" + "0" * 64,
        "Basic {token}",
        "{token}",
        "Bearer {token} x",
        "Bearer {revoked}",
        "Bearer {left}",
    ],
)
def test_everybody_else_gets_the_same_401(home: Workspace, header: str | None) -> None:
    tokens = {"token": home.add_person("Asks", ApprovalLevel.ANALYST)[1]}
    for name in ("revoked", "left"):
        person, tokens[name] = home.add_person(name, ApprovalLevel.C_LEVEL)
        if name == "revoked":
            home.revoke_tokens(person.person_id)
        else:
            home.change_person(person.person_id, active=False)
    with pytest.raises(Refused) as refused:
        asyncio.run(served_auth.authenticate(authorization=header and header.format(**tokens)))
    assert refused.value.status_code == 401
    assert refused.value.detail == "The token was not accepted. | لم يُقبل رمز الدخول."
    assert refused.value.__cause__ is None


def test_a_thread_belongs_to_its_maker_whatever_they_say() -> None:
    owner = {"person_id": "pe_asks", "tenant": "main"}
    made = Auth.types.ThreadsCreate(
        thread_id=THREAD, metadata={"person_id": "pe_other", "tenant": "x", "note": "kept"}, if_exists="raise"
    )
    assert asyncio.run(served_auth.create_thread(ctx=context("create"), value=made)) == owner
    assert made["metadata"] == {**owner, "note": "kept"}
    run = a_run(input={"company_id": "co_a", "need_id": "nd_a"}, thread_id=None)
    run["metadata"] = {"person_id": "pe_other"}
    assert ask(run) == owner and run["metadata"] == owner
    for handler, action in ((served_auth.read_thread, "read"), (served_auth.search_threads, "search")):
        assert asyncio.run(handler(ctx=context(action), value={})) == owner


def test_another_tenant_is_another_owner() -> None:
    elsewhere = served_auth.owner_of(SignedIn(tenant="elsewhere"))
    assert elsewhere != served_auth.owner_of(SignedIn())


def test_only_the_graphs_of_this_server_are_seen() -> None:
    one = Auth.types.AssistantsRead(assistant_id=THREAD, metadata={})
    many = Auth.types.AssistantsSearch(graph_id=None, metadata={}, limit=10, offset=0)
    read = served_auth.read_assistant(ctx=context("read", "assistants"), value=one)
    search = served_auth.search_assistants(ctx=context("search", "assistants"), value=many)
    assert asyncio.run(read) == asyncio.run(search) == {"created_by": "system"}


def test_copying_a_thread_is_refused() -> None:
    with pytest.raises(Refused):
        asyncio.run(served_auth.create_thread(ctx=context("create"), value={"thread_id": THREAD}))


REFUSED_RUNS: dict[str, Callable[[], Auth.types.RunsCreate]] = {
    "goto": lambda: a_run(command={"goto": "commit", "update": None, "resume": None}),
    "send": lambda: a_run(command={"goto": {"node": "commit", "input": {}}}),
    "update": lambda: a_run(command={"update": {"outcome": "committed"}}),
    "update beside a wake-up": lambda: a_run(command={**WAKE, "update": [["action", "explain"]]}),
    "an unknown part of a command": lambda: a_run(command={"graph": "__parent__"}),
    "bare resume": lambda: a_run(command={"resume": True}),
    "resume by a word": lambda: a_run(command={"resume": "approve"}),
    "empty resume": lambda: a_run(command={"resume": {}}),
    "resume without an id": lambda: a_run(command={"resume": {"wake": True}}),
    "two answers": lambda: a_run(command={"resume": {INTERRUPT: {"wake": True}, "0" * 32: {"wake": True}}}),
    "an answer with claims": lambda: a_run(command={"resume": {INTERRUPT: {"wake": True, "by": "CEO"}}}),
    "list of answers": lambda: a_run(command={"resume": [INTERRUPT]}),
    "resume map": lambda: a_run(configurable={"__pregel_resume_map": {INTERRUPT: {"wake": True}}}),
    "strictness": lambda: a_run(configurable={"__pregel_strict_resume": False}),
    "checkpoint": lambda: a_run(configurable={"checkpoint_id": "1f0"}),
    "namespace": lambda: a_run(configurable={"checkpoint_ns": "gate"}),
    "another thread": lambda: a_run(configurable={"thread_id": "deal-of-others"}),
    "another user": lambda: a_run(configurable={"user_id": "pe_other"}),
    "a new auth key": lambda: a_run(configurable={"langgraph_auth_groups": ["admin"]}),
    "an unknown key": lambda: a_run(configurable={"anything": 1}),
    "a context": lambda: a_run(configurable={"token": "x", "__context_provided__": True}, context={"token": "x"}),
    "another person": lambda: a_run("pe_other"),
    "breakpoint before": lambda: a_run(interrupt_before=["commit"]),
    "breakpoint after": lambda: a_run(interrupt_after="*"),
    "webhook": lambda: a_run(webhook="https://example.com"),
    "rollback": lambda: a_run(multitask_strategy="rollback"),
    "interrupt": lambda: a_run(multitask_strategy="interrupt"),
    "nothing said about other runs": lambda: a_run(multitask_strategy=None),
}


@pytest.mark.parametrize("name", sorted(REFUSED_RUNS))
def test_a_run_that_wants_more_than_to_start_or_wake_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(REFUSED_RUNS[name]())
    assert refused.value.status_code == 403
    english, arabic = refused.value.detail.split(" | ")
    assert english and any("\u0600" <= letter <= "\u06ff" for letter in arabic)


@pytest.mark.parametrize("kwargs", [{"command": WAKE}, {"command": None}, {"input": None}])
def test_waking_and_going_on_are_allowed(kwargs: dict[str, Any]) -> None:
    assert ask(a_run(**kwargs)) == {"person_id": "pe_asks", "tenant": "main"}


def test_an_allowed_run_is_strict_short_and_saved_step_by_step() -> None:
    run = a_run(command=WAKE)
    run["kwargs"]["config"]["recursion_limit"] = 10_007
    ask(run)
    assert run["kwargs"]["durability"] == "sync"
    assert run["kwargs"]["config"]["recursion_limit"] == 25
    assert run["kwargs"]["config"]["configurable"]["__pregel_strict_resume"] is True
    short = a_run(thread_id=None)
    short["kwargs"]["config"]["recursion_limit"] = 5
    ask(short)
    assert short["kwargs"]["config"]["recursion_limit"] == 5 and short["kwargs"]["durability"] == "async"


def test_new_input_is_refused_once_people_were_asked(home: Workspace, need: PartnershipNeed) -> None:
    start = DealInput(company_id=home.find_company("Najd Test Systems").company_id, need_id=need.need_id)
    before = a_run(input=dict(start))
    ask(before)
    token = home.add_person("Asks", ApprovalLevel.ANALYST)[1]
    thread: RunnableConfig = {"configurable": {"thread_id": str(THREAD)}}
    home.desk.graph.invoke(start, thread, context=DealContext(token=token))
    with pytest.raises(Refused):
        ask(a_run(input=dict(start)))
    assert ask(a_run(command=WAKE)) and ask(a_run(input=dict(start), thread_id=UUID(int=1)))
    assert len(home.inbox()) == 1
