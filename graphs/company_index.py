"""The company index: keeps the vectors of a home in step with the companies that are stored."""

from collections.abc import Callable, Iterator

from partnership_os.schemas.company import Company
from partnership_os.storage.company_store import CompanyStore
from partnership_os.tools.company_search import CompanySearch, document_digest, document_of
from partnership_os.tools.lexicon import Lexicon

Progress = Callable[[str, int, int], None]


class CompanyIndex:
    """Compares what is stored with what is indexed, and makes good the difference.

    Storing and indexing are two writes to two stores, and a process can end between them. So nothing here trusts
    what an import believes it has changed: each row says what it was made from.

    Args:
        store: The companies and their evidence.
        search: The index over the vectors.
        lexicon: What documents are made with.
    """

    def __init__(self, store: CompanyStore, search: CompanySearch, lexicon: Lexicon) -> None:
        self._store = store
        self._search = search
        self._lexicon = lexicon

    def is_current(self) -> bool:
        """True when every company has a row made from its present state, and nothing else has one."""
        indexed = self._search.digests()
        for stale, _ in self._stale(indexed):
            if stale:
                return False
        return not indexed

    def refresh(self, on_progress: Progress) -> int:
        """Index what is missing or stale, and remove rows of companies that are not stored; returns how many changed.

        Companies that are no longer live keep a row that says so. What was done before a failure stays done.

        Args:
            on_progress: Told how many companies of all are in step.

        Raises:
            ConfigurationError: a store cannot be read or written.
            ModelError: the embedding's server failed.
        """
        indexed = self._search.digests()
        changed, total = 0, self._store.count()
        for stale, done in self._stale(indexed):
            if stale:
                texts = self._store.evidence_of_many(company.company_id for company in stale)
                documents = [document_of(company, texts[company.company_id], self._lexicon) for company in stale]
                changed += self._search.index(documents)
                on_progress("index", done, total)
        if indexed:
            self._search.remove(sorted(indexed))
        return changed + len(indexed)

    def _stale(self, indexed: dict[str, str]) -> Iterator[tuple[list[Company], int]]:
        """Page by page, the companies to index, and how many were looked at; leaves unknown rows in ``indexed``."""
        done = 0
        for page in self._store.company_pages():
            done += len(page)
            yield (
                [
                    company
                    for company in page
                    if indexed.pop(company.company_id, None) != document_digest(company, self._lexicon)
                ],
                done,
            )
