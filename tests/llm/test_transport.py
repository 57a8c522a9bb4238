"""Connections belong to their event loop and close with it, and no answer is waited for for ever."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import httpx
import pytest

from partnership_os.llm.transport import PerLoopTransport, async_client, sync_client
from partnership_os.testing.openai_server import OpenAIServer

BODY = {"model": "e", "input": ["a"]}


def test_each_loop_has_its_pool_and_keeps_connections_inside_it() -> None:
    with OpenAIServer() as server:
        client = async_client(5.0)

        async def twice() -> list[int]:
            return [(await client.post(f"{server.base_url}/embeddings", json=BODY)).status_code for _ in range(2)]

        assert [asyncio.run(twice()) for _ in range(3)] == [[200, 200]] * 3


def test_closing_is_safe_with_and_without_a_pool() -> None:
    with OpenAIServer() as server:

        async def use_and_close() -> None:
            transport = PerLoopTransport()
            await transport.aclose()
            client = async_client(5.0)
            await client.post(f"{server.base_url}/embeddings", json=BODY)
            await client.aclose()

        asyncio.run(use_and_close())


@contextmanager
def dripping(content_type: str = "application/json", drops: int = 10_000) -> Iterator[str]:
    """A server that sends a body byte by byte, each well within any timeout."""
    gone = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(drops))
            self.end_headers()
            for _ in range(drops):
                if gone.wait(0.05):
                    return
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        gone.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_answer_that_drips_in_is_a_timeout() -> None:
    async def ask(url: str) -> None:
        async with async_client(0.4) as client:
            await client.get(url)

    with dripping() as url:
        with sync_client(0.4) as client, pytest.raises(httpx.ReadTimeout, match=r"whole in 0\.4 s"):
            client.get(url)
        with pytest.raises(httpx.ReadTimeout, match=r"whole in 0\.4 s"):
            asyncio.run(ask(url))


def test_a_stream_of_events_may_take_longer_than_one_answer() -> None:
    with dripping("text/event-stream", drops=12) as url, sync_client(0.4) as client:
        assert client.get(url).text == "x" * 12


def test_importing_the_client_does_not_import_the_sdk() -> None:
    import subprocess
    import sys

    code = (
        "import sys, partnership_os.llm.chat, partnership_os.llm.embeddings, partnership_os.prompts.library;"
        "assert not {'openai', 'langchain_openai', 'langchain_core'} & set(sys.modules), 'imported early'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
