"""The vector store: one Chroma collection that knows which embedding made it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from partnership_os.errors import ConfigurationError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Where as ChromaWhere

__all__ = ["FloatArray", "MetadataValue", "VectorStore", "Where"]

FloatArray: TypeAlias = NDArray[np.float32]
MetadataValue: TypeAlias = bool | int | str
Where: TypeAlias = Mapping[str, object]
"""A metadata filter in Chroma's language, for example ``{"live": True}`` or ``{"$or": [...]}``."""

_Item = TypeVar("_Item", str, int)
_COLLECTION = "companies"
_DIGEST = "digest"
_WRITE_BATCH = 1_000
_READ_BATCH = 2_000
_REBUILD = "Rebuild it with: partnership import --reindex"


class VectorStore:
    """Vectors of one embedding with metadata, in a folder or on a Chroma server.

    Nothing leaves the machine in embedded mode: telemetry is off and Chroma never embeds by itself.

    Args:
        location: Folder of the embedded store, or ``http(s)://host:port`` of a Chroma server.
        embedding_name: Identity of the embedding whose vectors are kept here.
        dims: Length of its vectors.
        rebuild: Drop what the store holds and start empty, whichever embedding made it.

    Raises:
        ConfigurationError: the store was made with another embedding, or cannot be opened.
    """

    def __init__(self, location: Path | str, embedding_name: str, dims: int, *, rebuild: bool = False) -> None:
        self._location = str(location)
        self._made_by: dict[str, str | int] = {"embedding": embedding_name, "dims": dims}
        self.dims = dims
        with self._guarded():
            self._client = _open_client(self._location)
        try:
            with self._guarded():
                self._collection = self._open_collection(self._drop() if rebuild else 0)
            self._refuse_other_embedding()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Release files and connections."""
        self._client.close()

    def revision(self) -> int:
        """A number that grows with every write, also those of other processes, and with a rebuild.

        Raises:
            ConfigurationError: another process rebuilt the store with another embedding.
        """
        with self._guarded():
            # Read anew: a rebuild by another process put another collection in the place of ours.
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
        self._refuse_other_embedding()
        return _revision_of(self._collection)

    def count(self, where: Where | None = None) -> int:
        """How many rows there are, or how many match the filter."""
        with self._guarded():
            if where is None:
                return int(self._collection.count())
            return len(self._collection.get(where=_filter(where), include=[])["ids"])

    def upsert(self, ids: Sequence[str], vectors: FloatArray, metadatas: Sequence[Mapping[str, MetadataValue]]) -> None:
        """Write rows, each wholly replacing what stood under its id.

        Rows are written in the order of their ids, so that the index does not depend on the caller's order.

        Args:
            ids: Unique ids.
            vectors: Rows of length one, shape ``(len(ids), dims)``.
            metadatas: One non-empty mapping per id; ``digest`` is the digest of the text that was embedded.

        Raises:
            ValueError: shapes do not fit or an id comes twice.
            ConfigurationError: the store cannot be written.
        """
        if vectors.shape != (len(ids), self.dims) or len(metadatas) != len(ids) or len(set(ids)) != len(ids):
            raise ValueError(f"{len(ids)} ids, {len(metadatas)} metadatas and vectors {vectors.shape} do not fit")
        order = sorted(range(len(ids)), key=ids.__getitem__)
        with self._guarded():
            for batch in _batches(order, _WRITE_BATCH):
                names = [ids[row] for row in batch]
                # Chroma merges metadata on upsert: a flag that no longer holds would stay.
                stale = self._collection.get(ids=names, include=[])["ids"]
                if stale:
                    self._collection.delete(ids=stale)
                self._collection.add(
                    ids=names, embeddings=vectors[batch], metadatas=[dict(metadatas[row]) for row in batch]
                )
            self._bump_revision()

    def delete(self, ids: Sequence[str]) -> None:
        """Remove rows; ids that are not there are ignored."""
        with self._guarded():
            for batch in _batches(sorted(ids), _WRITE_BATCH):
                self._collection.delete(ids=list(batch))
            self._bump_revision()

    def digests(self, ids: Sequence[str] | None = None) -> dict[str, str]:
        """The digest behind each row, by id.

        Args:
            ids: Look at these rows only.
        """
        found: dict[str, str] = {}
        with self._guarded():
            names = self._collection.get(include=[])["ids"] if ids is None else list(ids)
            for batch in _batches(names, _READ_BATCH):
                rows = self._collection.get(ids=list(batch), include=["metadatas"])
                metadatas = rows["metadatas"] or []
                found.update(
                    (name, str(data.get(_DIGEST, ""))) for name, data in zip(rows["ids"], metadatas, strict=True)
                )
        return found

    def query(self, vector: FloatArray, where: Where | None, limit: int) -> list[tuple[str, float]]:
        """The nearest rows by the approximate index, as ``(id, cosine similarity)``, best first."""
        size = min(limit, self.count())
        if size == 0:
            return []
        with self._guarded():
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=size,
                where=_filter(where),
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return [(name, 1.0 - float(distance)) for name, distance in zip(found["ids"][0], distances, strict=True)]

    def get_vectors(
        self, where: Where | None = None, ids: Sequence[str] | None = None
    ) -> tuple[tuple[str, ...], FloatArray]:
        """Rows for exact search: sorted ids and their vectors, shape ``(n, dims)``.

        Args:
            where: Keep rows that match.
            ids: Look at these rows only.
        """
        with self._guarded():
            found = self._collection.get(ids=None if ids is None else list(ids), where=_filter(where), include=[])
            names = sorted(found["ids"])
            matrix = np.empty((len(names), self.dims), dtype=np.float32)
            position = {name: row for row, name in enumerate(names)}
            for batch in _batches(names, _READ_BATCH):
                rows = self._collection.get(ids=list(batch), include=["embeddings"])
                matrix[[position[name] for name in rows["ids"]]] = rows["embeddings"]
        return tuple(names), matrix

    def _open_collection(self, revision: int) -> "Collection":
        return self._client.get_or_create_collection(
            _COLLECTION,
            # Rows have length one, so that the inner product is the cosine; "cosine" would store rescaled rows.
            configuration={"hnsw": {"space": "ip"}},
            metadata={**self._made_by, "revision": revision},
            embedding_function=None,
        )

    def _drop(self) -> int:
        """Drop what is stored; returns the revision to go on with, so that nobody takes the new rows for the old."""
        stored = next((item for item in self._client.list_collections() if item.name == _COLLECTION), None)
        if stored is None:
            return 0
        revision = _revision_of(stored)
        self._client.delete_collection(_COLLECTION)
        return revision + 1

    def _refuse_other_embedding(self) -> None:
        metadata = self._collection.metadata or {}
        found = {key: metadata.get(key) for key in self._made_by}
        if found != self._made_by:
            raise ConfigurationError(
                f"The vector store at {self._location} was made with the embedding {found['embedding']!r}"
                f" ({found['dims']} dimensions); the one that is set is {self._made_by['embedding']!r}"
                f" ({self._made_by['dims']} dimensions).",
                fix=f"{_REBUILD}, or set the embedding that made it.",
                location=self._location,
            )

    def _bump_revision(self) -> None:
        self._collection.modify(metadata={**self._made_by, "revision": self.revision() + 1})

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, OSError, ConnectionError) as error:
            raise ConfigurationError(
                f"The vector store at {self._location} cannot be used: {error}",
                fix=_advice(str(error), self._location),
                location=self._location,
            ) from error


def _open_client(location: str) -> "Client":
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    if not location.startswith(("http://", "https://")):
        Path(location).parent.mkdir(parents=True, exist_ok=True)
        try:
            return cast("Client", chromadb.PersistentClient(location, settings))
        except AttributeError:
            # Chroma keeps what is left of an opening that failed, stumbles over it once, and then lets go of it.
            return cast("Client", chromadb.PersistentClient(location, settings))
    url = urlsplit(location)
    secure = url.scheme == "https"
    try:
        port = url.port or (443 if secure else 8000)
        return cast("Client", chromadb.HttpClient(host=url.hostname or "", port=port, ssl=secure, settings=settings))
    except ValueError as error:
        raise ConnectionError(str(error)) from error


def _revision_of(collection: "Collection") -> int:
    return int((collection.metadata or {}).get("revision", 0))


def _filter(where: Where | None) -> "ChromaWhere | None":
    return None if where is None else cast("ChromaWhere", dict(where))


def _advice(reason: str, location: str) -> str:
    text = reason.lower()
    if location.startswith(("http://", "https://")):
        return "Start the Chroma server or correct PARTNERSHIP_CHROMA_URL."
    if "full" in text or "no space" in text:
        return f"Free disk space, then run again. {_REBUILD} if it stays broken."
    if "locked" in text or "busy" in text:
        return "Another process writes to this home; wait until it ends, then run again."
    if "readonly" in text or "read-only" in text or "permission" in text:
        return f"Give this user the right to write to {location}."
    return f"Check free space, and that {location} is a folder that can be written. {_REBUILD}, or remove the folder."


def _batches(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
