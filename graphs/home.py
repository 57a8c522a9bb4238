"""The home of an installation: the folder of stores, checkpoints, keys and locks, and how its parts are opened."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from sqlalchemy.engine import URL

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
from partnership_os.storage.anchor import ANCHOR_FILE, FileAnchor
from partnership_os.storage.company_store import CompanyStore
from partnership_os.storage.database import Database, open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.storage.locks import Locks
from partnership_os.storage.vectors import VectorStore
from partnership_os.tools.company_search import CompanySearch
from partnership_os.tools.embedding import Embedding, LexicalEmbedding, OpenAIEmbedding
from partnership_os.tools.lexicon import Lexicon, load_lexicon


class SearchDoor:
    """Retrieval over the vectors of a home, opened at first use and closed with the home.

    Args:
        settings: Name the embedding and the place of the vectors.
        folder: The home.
        lexicon: For the lexical embedding.
    """

    def __init__(self, settings: Settings, folder: Path, lexicon: Lexicon) -> None:
        self._settings = settings
        self._folder = folder
        self._lexicon = lexicon
        self._lock = Lock()
        self._search: CompanySearch | None = None
        self._parts = ExitStack()

    def __call__(self) -> CompanySearch:
        """The open search.

        Raises:
            ConfigurationError: the vectors were made with another embedding; says how to rebuild them.
        """
        with self._lock:
            if self._search is None:
                self._search = self._open(rebuild=False)
            return self._search

    def rebuild(self) -> CompanySearch:
        """Drop all vectors, whichever embedding made them, and open the empty search."""
        self.close()
        with self._lock:
            self._search = self._open(rebuild=True)
            return self._search

    def close(self) -> None:
        """Release what was opened; it can be opened again."""
        with self._lock:
            self._search = None
            self._parts.close()

    def _open(self, *, rebuild: bool) -> CompanySearch:
        with ExitStack() as parts:
            embedding = self._embedding(parts)
            place = self._settings.chroma_url or self._folder / "vectors"
            vectors = VectorStore(place, embedding.name, embedding.dims, rebuild=rebuild)
            parts.callback(vectors.close)
            self._parts = parts.pop_all()
        return CompanySearch(vectors, embedding)

    def _embedding(self, parts: ExitStack) -> Embedding:
        if self._settings.embedding is EmbeddingChoice.LEXICAL:
            return LexicalEmbedding(self._lexicon)
        client = EmbeddingClient(EmbeddingConfig.from_settings(self._settings))
        parts.callback(client.close)
        return OpenAIEmbedding(client)


@dataclass(frozen=True)
class Home:
    """The opened parts of one installation.

    ``stack`` holds everything that must be closed, in the order of opening; who opens more puts it there too.
    """

    folder: Path
    database: Database
    locks: Locks
    services: Services
    search: SearchDoor
    directory: Directory
    settings: Settings
    chat: ChatClient | None
    stack: ExitStack

    @cached_property
    def approval_service(self) -> ApprovalService:
        """The approval service. Only who decides or delegates needs it, and with it the private key.

        Raises:
            ConfigurationError: this machine holds the public key only.
        """
        services = self.services
        return ApprovalService(
            services.governance,
            load_signer(self.folder / "keys"),
            services.clock,
            self.settings.approval_days,
            self.settings.token_days,
        )

    @property
    def checkpoints(self) -> Path:
        """The checkpoint file of the deal and chat threads, where the database is SQLite."""
        return self.folder / "checkpoints.sqlite"

    def close(self) -> None:
        """Close what is open, the last one first."""
        self.stack.close()


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
    with ExitStack() as stack:
        database = open_database(place_of_database(settings), migrate=settings.migrations.value)
        stack.callback(database.close)
        governance = SqlGovernanceStore(database, anchors_of(settings, folder, clock))
        with governance.snapshot() as reader:
            begins = reader.log_is_empty()
        if begins:  # on a second machine a pair of its own would not count; it gets the public key
            create_keys(folder / "keys")
        directory = Directory(governance, clock, settings.token_days)
        lexicon = load_lexicon()
        rules = RulesAnalyst(lexicon)
        analyst: Analyst = rules
        chat = chat_client(settings)
        if chat is not None:
            stack.callback(chat.close)
            analyst = ModelAnalyst(chat, lexicon, rules)
        search = SearchDoor(settings, folder, lexicon)
        stack.callback(search.close)
        locks = Locks(folder, database)
        services = Services(
            companies=CompanyStore(database),
            governance=governance,
            search=search,
            lexicon=lexicon,
            analyst=analyst,
            rules=rules,
            authenticate=directory.authenticate,
            verifier=load_verifier(folder / "keys"),
            clock=clock,
            locks=locks,
            approval_days=settings.approval_days,
            model_concurrency=settings.model_concurrency,
        )
        return Home(folder, database, locks, services, search, directory, settings, chat, stack.pop_all())


def place_of_database(settings: Settings) -> str | URL:
    """The URL of the database: the setting, or a file of the home. It may hold a password."""
    url = settings.database_url
    return url.get_secret_value() if url else sqlite_url(settings.home.absolute() / "partnership.sqlite")


def anchors_of(settings: Settings, folder: Path, clock: Clock) -> FileAnchor:
    """The place of the anchors of a home, best one that whoever may write the database cannot write."""
    return FileAnchor(settings.anchor_file or folder / ANCHOR_FILE, folder / "keys", clock)


def chat_client(settings: Settings) -> ChatClient | None:
    """The client of the chat model, None where the rules analyst does all the work."""
    return ChatClient(ChatConfig.from_settings(settings)) if settings.uses_model else None
