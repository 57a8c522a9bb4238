"""Who may do what at the served graphs: defence in depth around a gate that does not need it.

Authority lives in the approval service (`governance`), so a run that got past this handler could still commit nothing
that people did not approve. The handler keeps strangers out, keeps people to their own threads, and refuses every
request that could only be an attempt to walk around the gate: whatever is not allowed here by name is denied.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from langgraph_sdk import Auth

from partnership_os.errors import ApprovalError
from partnership_os.governance import commitments
from partnership_os.governance.directory import Directory
from partnership_os.graphs.deals import RECURSION_LIMIT
from partnership_os.graphs.served import SIGNED_IN, installation
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import Person

WAKE_UP: Final = {"wake": True}
_SERVER_KEYS: Final = frozenset(
    {
        SIGNED_IN,
        "langgraph_auth_user",
        "langgraph_auth_permissions",
        "langgraph_request_id",
        "__after_seconds__",
        "__request_start_time_ms__",
        "__otel_traceparent__",
        "__otel_tracestate__",
        "__dd_trace_headers__",
    }
)
"""What the server itself puts into ``configurable`` before it asks: tracing, and the person, which is checked."""

REFUSALS: Final[Mapping[str, BilingualText]] = {
    "not_accepted": BilingualText(en="The token was not accepted.", ar="لم يُقبل رمز الدخول."),
    "not_served": BilingualText(en="This server does not offer that.", ar="هذا الخادم لا يتيح ذلك."),
    "copy": BilingualText(en="A thread cannot be copied.", ar="لا يمكن نسخ محادثة الصفقة."),
    "command": BilingualText(
        en="A command may only wake a thread; it cannot jump or change state.",
        ar="لا يجوز للأمر إلا أن يوقظ الصفقة، ولا يمكنه القفز بين الخطوات ولا تغيير الحالة.",
    ),
    "resume": BilingualText(
        en='Wake a thread by one interrupt id, {"<id>": {"wake": true}}. People approve with `partnership approve`.',
        ar='أيقظ الصفقة بمعرّف توقف واحد: {"<id>": {"wake": true}}. أما الموافقة فبالأمر `partnership approve`.',
    ),
    "configurable": BilingualText(
        en="The run's configuration and context are the server's to set.",
        ar="إعدادات التشغيل وسياقه يضبطها الخادم وحده.",
    ),
    "breakpoint": BilingualText(en="Breakpoints are not offered here.", ar="نقاط التوقف اليدوية غير متاحة هنا."),
    "webhook": BilingualText(
        en="Results leave through the outbox, not through a webhook.",
        ar="تخرج النتائج عبر صندوق الصادر، لا عبر رابط استدعاء.",
    ),
    "multitask": BilingualText(
        en="A run waits its turn or is refused; it cannot interrupt or roll back another.",
        ar="ينتظر التشغيل دوره أو يُرفض، ولا يمكنه مقاطعة تشغيل آخر ولا التراجع عنه.",
    ),
    "has_deal": BilingualText(
        en="This thread has a commitment already and takes no new input. Start another thread.",
        ar="لهذه الصفقة التزام بالفعل ولا تقبل مدخلات جديدة. ابدأ صفقة أخرى.",
    ),
}
"""Why a request is refused, in the words that the client gets."""

auth = Auth()


def refuse(reason: str, status: int = 403) -> NoReturn:
    """Answer a request with one of `REFUSALS`.

    Raises:
        HTTPException: always.
    """
    text = REFUSALS[reason]
    raise Auth.exceptions.HTTPException(status_code=status, detail=f"{text.en} | {text.ar}")


def token_of(authorization: str | None) -> str | None:
    """The token of an ``Authorization: Bearer`` header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" and token.strip() else None


def who_holds(authorization: str | None) -> Person:
    """The person behind a header, from the directory; it needs no signing key. Refusals are logged there.

    Raises:
        HTTPException: 401 in the same words, whatever is wrong.
    """
    use = installation()
    try:
        return Directory(use.governance, use.clock).authenticate(token_of(authorization))
    except ApprovalError:
        refuse("not_accepted", 401)


def owner_of(user: Auth.types.BaseUser) -> dict[str, str]:
    """What marks a thread as this person's, and filters what they can see."""
    return {"person_id": user.identity, "tenant": str(user["tenant"])}


def check_command(command: Mapping[str, Any] | None) -> None:
    """Only a wake-up by one interrupt id passes; it says nothing but "look again"."""
    given = {name: value for name, value in (command or {}).items() if value is not None}
    if set(given) - {"resume"}:
        refuse("command")
    if not given:
        return
    resume = given["resume"]
    if not isinstance(resume, dict) or len(resume) != 1:
        refuse("resume")
    ((interrupt_id, answer),) = resume.items()
    if not _is_interrupt_id(interrupt_id) or answer != WAKE_UP:
        refuse("resume")


def check_configurable(configurable: Mapping[str, Any], person_id: str) -> None:
    """Nothing but what the server itself wrote: no checkpoint, no ``__pregel`` key, no other person."""
    if set(configurable) - _SERVER_KEYS or configurable.get(SIGNED_IN) != person_id:
        refuse("configurable")


def check_run(value: Auth.types.RunsCreate, person_id: str) -> None:
    """Refuse a run that asks for more than to start, continue or wake a graph."""
    kwargs = value["kwargs"]
    check_command(kwargs.get("command"))
    check_configurable((kwargs.get("config") or {}).get("configurable") or {}, person_id)
    if kwargs.get("interrupt_before") or kwargs.get("interrupt_after"):
        refuse("breakpoint")
    if kwargs.get("webhook"):
        refuse("webhook")
    if value.get("multitask_strategy") not in ("reject", "enqueue"):
        refuse("multitask")
    if kwargs.get("input") is not None and value.get("thread_id") and has_commitment(str(value["thread_id"])):
        refuse("has_deal")


def has_commitment(thread_id: str) -> bool:
    """True when people were asked about this thread already; read from the store of decisions."""
    use = installation()
    return bool(commitments.history(use.governance, use.clock, thread_id))


def harden(value: Auth.types.RunsCreate) -> None:
    """Run it as our own threads are run: strict answers, few steps, every step saved before the next."""
    config = value["kwargs"]["config"]
    config["recursion_limit"] = min(int(config.get("recursion_limit") or RECURSION_LIMIT), RECURSION_LIMIT)
    config["configurable"]["__pregel_strict_resume"] = True
    if value.get("thread_id"):  # a run without a thread saves nothing, and cannot wait for it
        value["kwargs"]["durability"] = "sync"


@auth.authenticate
async def authenticate(authorization: str | None = None) -> Auth.types.MinimalUserDict:
    """Let in who holds a live token."""
    person = await asyncio.to_thread(who_holds, authorization)
    user: dict[str, Any] = {"identity": person.person_id, "is_authenticated": True, "tenant": person.tenant}
    return user  # type: ignore[return-value]


@auth.on
async def deny(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> bool:
    """Whatever no other handler allows: state updates, deletion, store, crons, assistants, and what comes later."""
    refuse("not_served")


@auth.on.threads.create
async def create_thread(ctx: Auth.types.AuthContext, value: Auth.types.ThreadsCreate) -> dict[str, str]:
    """A new thread is its maker's. Copying asks for the same permission, and shows by naming no metadata."""
    if "metadata" not in value:
        refuse("copy")
    owner = owner_of(ctx.user)
    value["metadata"].update(owner)
    return owner


@auth.on.threads.read
async def read_thread(ctx: Auth.types.AuthContext, value: Auth.types.ThreadsRead) -> dict[str, str]:
    """People read their own threads."""
    return owner_of(ctx.user)


@auth.on.threads.search
async def search_threads(ctx: Auth.types.AuthContext, value: Auth.types.ThreadsSearch) -> dict[str, str]:
    """People find their own threads."""
    return owner_of(ctx.user)


@auth.on.threads.create_run
async def create_run(ctx: Auth.types.AuthContext, value: Auth.types.RunsCreate) -> dict[str, str]:
    """People start, continue and wake their own threads, and nothing else."""
    await asyncio.to_thread(check_run, value, ctx.user.identity)
    owner = owner_of(ctx.user)
    value["metadata"].update(owner)
    harden(value)
    return owner


@auth.on.assistants.read
async def read_assistant(ctx: Auth.types.AuthContext, value: Auth.types.AssistantsRead) -> dict[str, str]:
    """The graphs that this server itself offers."""
    return {"created_by": "system"}


@auth.on.assistants.search
async def search_assistants(ctx: Auth.types.AuthContext, value: Auth.types.AssistantsSearch) -> dict[str, str]:
    """The graphs that this server itself offers."""
    return {"created_by": "system"}


def _is_interrupt_id(text: object) -> bool:
    return isinstance(text, str) and len(text) == 32 and set(text) <= set("0123456789abcdef")
