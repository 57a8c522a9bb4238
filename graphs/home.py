"""The home of an installation: the folder of stores, checkpoints, keys and locks, and how its parts are opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from partnership_os.agents.analyst import Analyst
from partnership_os.agents.model_analyst import ModelAnalyst
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.errors import ConfigurationError
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.clock import Clock
from partnership_os.governance.directory import Directory
from partnership_os.governance.signing import create_keys, load_signer, load_verifier
from partnership_os.graphs.services import Services
from partnership_os.llm.chat import ChatClient, ChatConfig
from partnership_os.llm.embeddings import EmbeddingClient, EmbeddingConfig
from partnership_os.settings import EmbeddingChoice, Settings
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.company_store import CompanyStore
from partnership_os.storage.database import Database, open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.storage.vectors import VectorStore
from partnership_os.tools.company_search import CompanySearch
from partnership_os.tools.embedding import Embedding, LexicalEmbedding, OpenAIEmbedding
from partnership_os.tools.lexicon import Lexicon, load_lexicon

LOCK_SECONDS = 60.0


@dataclass(frozen=True)
class Home:
    """The opened parts of one installation."""

    folder: Path
    database: Database
    services: Services
    approvals: ApprovalService
    chat: ChatClient | None

    @property
    def checkpoints(self) -> Path:
        """The checkpoint file of the deal and chat threads."""
        return self.folder / "checkpoints.sqlite"


def make_folder(folder: Path) -> Path:
    """Create the home, readable by its owner only.

    Raises:
        ConfigurationError: it cannot be created or is not a folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "locks").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            f"The home {folder} cannot be used: {error.strerror}.",
            fix="Choose another with --home or PARTNERSHIP_HOME.",
        ) from error
    return folder.resolve()


def open_home(settings: Settings, clock: Clock) -> Home:
    """Open stores, keys and analysts as the settings say.

    Raises:
        ConfigurationError: a store, key or setting is missing or wrong.
    """
    folder = make_folder(settings.home)
    url = (
        settings.database_url.get_secret_value() if settings.database_url else sqlite_url(folder / "partnership.sqlite")
    )
    database = open_database(url)
    governance = SqlGovernanceStore(database, FileAnchor(folder / "audit.anchor"))
    create_keys(folder / "keys")
    approvals = ApprovalService(governance, load_signer(folder / "keys"), clock, settings.approval_days)
    lexicon = load_lexicon()
    chat = chat_client(settings)
    rules = RulesAnalyst(lexicon)
    analyst: Analyst = ModelAnalyst(chat, lexicon, rules) if chat is not None else rules
    services = Services(
        companies=CompanyStore(database),
        governance=governance,
        search=cache(lambda: open_search(settings, folder, lexicon)),
        lexicon=lexicon,
        analyst=analyst,
        rules=rules,
        authenticate=Directory(governance, clock).authenticate,
        verifier=load_verifier(folder / "keys"),
        clock=clock,
        approval_days=settings.approval_days,
        model_concurrency=settings.model_concurrency,
    )
    return Home(folder=folder, database=database, services=services, approvals=approvals, chat=chat)


def chat_client(settings: Settings) -> ChatClient | None:
    """The client of the chat model, None where the rules analyst does all the work."""
    return ChatClient(ChatConfig.from_settings(settings)) if settings.uses_model else None


def open_search(settings: Settings, folder: Path, lexicon: Lexicon, *, rebuild: bool = False) -> CompanySearch:
    """Open retrieval over the vectors of a home.

    Args:
        settings: Name the embedding and the place of the vectors.
        folder: The home.
        lexicon: For the lexical embedding.
        rebuild: Drop what another embedding made.

    Raises:
        ConfigurationError: the vectors were made with another embedding; says how to rebuild them.
    """
    embedding = _embedding(settings, lexicon)
    place = settings.chroma_url or folder / "vectors"
    return CompanySearch(VectorStore(place, embedding.name, embedding.dims, rebuild=rebuild), embedding)


def _embedding(settings: Settings, lexicon: Lexicon) -> Embedding:
    if settings.embedding is EmbeddingChoice.LEXICAL:
        return LexicalEmbedding(lexicon)
    return OpenAIEmbedding(EmbeddingClient(EmbeddingConfig.from_settings(settings)))


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Hold one lock of the home, so that a second process waits its turn.

    Raises:
        ConfigurationError: another process held it for too long.
    """
    lock = FileLock(folder / "locks" / f"{name}.lock", timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise ConfigurationError(
            f"Another process is busy with this home ({name}).", fix="Wait until it has finished, or end it."
        ) from None
    try:
        yield
    finally:
        lock.release()
