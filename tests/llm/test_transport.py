"""Connections belong to their event loop and close with it."""

import asyncio

from partnership_os.llm.transport import PerLoopTransport, async_client
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


def test_importing_the_client_does_not_import_the_sdk() -> None:
    import subprocess
    import sys

    code = (
        "import sys, partnership_os.llm.chat, partnership_os.llm.embeddings, partnership_os.prompts.library;"
        "assert not {'openai', 'langchain_openai', 'langchain_core'} & set(sys.modules), 'imported early'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
