"""HTTP clients that are correct in more than one event loop.

A pooled connection belongs to the loop that opened it; a client that is used in a second ``asyncio.run`` finds
the sockets of a closed loop. So the async client here keeps one pool per running loop, and closes that
pool when its loop shuts down.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from threading import Lock
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import httpx

_LIMITS = httpx.Limits(max_connections=256, max_keepalive_connections=64)


async def _closes_with_loop(client: httpx.AsyncClient) -> AsyncIterator[None]:
    """An async generator is finalised by ``loop.shutdown_asyncgens``: the one hook that runs in a closing loop."""
    try:
        yield
    finally:
        await client.aclose()


class _LoopPool:
    def __init__(self) -> None:
        self.client = httpx.AsyncClient(limits=_LIMITS)
        self._keeper = _closes_with_loop(self.client)

    async def open(self) -> None:
        await anext(self._keeper)


class PerLoopTransport(httpx.AsyncBaseTransport):
    """Hands each request to the pool of the loop it is made in.

    The inner client is a whole ``httpx.AsyncClient``, because only that reads proxies and certificates from the
    environment the way users expect.
    """

    def __init__(self) -> None:
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopPool] = WeakKeyDictionary()
        self._lock = Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request over the running loop's pool."""
        loop = asyncio.get_running_loop()
        with self._lock:
            pool = self._pools.get(loop)
            fresh = pool is None
            if pool is None:
                pool = self._pools[loop] = _LoopPool()
        if fresh:
            await pool.open()
        return await pool.client.send(request, stream=True)

    async def aclose(self) -> None:
        """Close the running loop's pool; those of other loops close with their loops."""
        with self._lock:
            pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.client.aclose()


class _TimedBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a response, which has to come whole within a time.

    The timeout of a client is that of each read: a server that sends a byte now and then would be waited for for ever.
    """

    def __init__(self, response: httpx.Response, timeout: float) -> None:
        self._inner: Any = response.stream
        self._request = response.request
        self._timeout = timeout
        self._ends = monotonic() + timeout

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._require_time()
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._require_time()
            yield chunk

    def close(self) -> None:
        """Close the connection's side of it."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the connection's side of it."""
        await self._inner.aclose()

    def _require_time(self) -> None:
        if monotonic() > self._ends:
            raise httpx.ReadTimeout(f"the answer did not come whole in {self._timeout:g} s", request=self._request)


def _is_event_stream(response: httpx.Response) -> bool:
    """A stream that is shown while it comes may take longer than an answer; each part of it is timed."""
    return str(response.headers.get("content-type", "")).startswith("text/event-stream")


def sync_client(timeout: float) -> httpx.Client:
    """A pooled client for threads; proxies and certificates come from the environment.

    Args:
        timeout: Seconds for connecting, for each read, and for the whole body of an answer that is not streamed.
    """

    def limit(response: httpx.Response) -> None:
        if not _is_event_stream(response):
            response.stream = _TimedBody(response, timeout)

    return httpx.Client(timeout=timeout, limits=_LIMITS, follow_redirects=True, event_hooks={"response": [limit]})


def async_client(timeout: float) -> httpx.AsyncClient:
    """A client that may be used in any number of loops, one after the other or at once.

    Args:
        timeout: As of `sync_client`.
    """

    async def limit(response: httpx.Response) -> None:
        if not _is_event_stream(response):
            response.stream = _TimedBody(response, timeout)

    return httpx.AsyncClient(
        transport=PerLoopTransport(), timeout=timeout, follow_redirects=True, event_hooks={"response": [limit]}
    )
