"""The product's own client, for any server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from partnership_os.llm.chat import ChatClient, ChatConfig

MakeClient = Callable[..., ChatClient]


@pytest.fixture
def client() -> Iterator[MakeClient]:
    made: list[ChatClient] = []

    def make(base_url: str, model: str = "m", key: str = "", **fields: Any) -> ChatClient:
        known: dict[str, Any] = {"attempts": 3, "repairs": 1, "timeout": 5.0, **fields}
        config = ChatConfig(model=model, base_url=base_url, api_key=SecretStr(key), **known)
        made.append(ChatClient(config, wait=lambda state: 0.0))
        return made[-1]

    yield make
    for one in made:
        one.close()
