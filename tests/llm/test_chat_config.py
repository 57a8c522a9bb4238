"""The chat part of the settings."""

from typing import Any

import pytest
from pydantic import SecretStr

from partnership_os.errors import ConfigurationError
from partnership_os.llm.chat import OPENAI_URL, ChatConfig
from partnership_os.settings import AnalystChoice, Settings

KEY = "sk-secret-0123456789"


def test_config_comes_from_the_settings() -> None:
    settings = Settings(_env_file=None, model="m", base_url="http://127.0.0.1:1/v1", model_repairs=1)
    config = ChatConfig.from_settings(settings)
    assert (config.model, config.repairs, config.timeout) == ("m", 1, 60)
    assert ChatConfig.from_settings(Settings(_env_file=None, model="m", api_key=SecretStr(KEY))).base_url == OPENAI_URL
    assert KEY not in repr(ChatConfig(model="m", api_key=SecretStr(KEY)))


@pytest.mark.parametrize("fields", [{"analyst": AnalystChoice.RULES}, {"model": "m"}])
def test_config_without_model_or_key_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        ChatConfig.from_settings(Settings(_env_file=None, **fields))
