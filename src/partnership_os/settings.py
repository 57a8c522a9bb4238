"""Settings: read once, frozen, secrets masked. Only surfaces call `load_settings`."""

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from partnership_os.errors import ConfigurationError


class AnalystChoice(StrEnum):
    """Which analyst reads and writes. ``auto`` takes the model when a model is named, else the rules."""

    AUTO = "auto"
    RULES = "rules"
    MODEL = "model"


class MigrationChoice(StrEnum):
    """What opening a database may do to its schema: bring it up to date, or only check it."""

    UPGRADE = "upgrade"
    VERIFY = "verify"


class EmbeddingChoice(StrEnum):
    """What turns texts into vectors. ``lexical`` needs no model; ``openai`` any OpenAI-compatible server."""

    LEXICAL = "lexical"
    OPENAI = "openai"


class Settings(BaseSettings):
    """Everything that can be set, from the environment (``PARTNERSHIP_…``) or a ``.env`` file."""

    model_config = SettingsConfigDict(
        env_prefix="PARTNERSHIP_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    home: Path = Field(default=Path(".partnership"), description="Folder of the ledger, checkpoints, vectors and keys.")
    database_url: SecretStr | None = Field(
        default=None, description="SQLAlchemy URL of ledger and companies; SQLite in the home when not set."
    )
    migrations: MigrationChoice = Field(
        default=MigrationChoice.UPGRADE,
        description="upgrade or verify; verify never changes the schema and refuses an old one.",
    )
    anchor_file: Path | None = Field(
        default=None, description="Where the anchors of the audit log go; audit.anchor in the home when not set."
    )
    chroma_url: str | None = Field(
        default=None, description="http://host:port of a Chroma server; a folder in the home when not set."
    )
    analyst: AnalystChoice = Field(default=AnalystChoice.AUTO, description="auto, rules or model.")
    model: str | None = Field(default=None, description="Chat model, for example gpt-5-mini.")
    base_url: str | None = Field(default=None, description="Any OpenAI-compatible server; OpenAI when not set.")
    api_key: SecretStr | None = Field(default=None, description="Key of that server.")
    model_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        default=60, description="Limit of one model call."
    )
    model_max_tokens: Annotated[int, Field(ge=64, le=100_000)] = Field(
        default=4_000, description="Longest answer of one model call."
    )
    model_attempts: Annotated[int, Field(ge=1, le=10)] = Field(
        default=4, description="Attempts of one call on 429, 5xx and broken connections."
    )
    model_repairs: Annotated[int, Field(ge=0, le=5)] = Field(
        default=2, description="Times a malformed answer is sent back for repair."
    )
    model_concurrency: Annotated[int, Field(ge=1, le=256)] = Field(
        default=8, description="Model calls in flight during discovery."
    )
    price_input: Decimal | None = Field(default=None, description="USD per million input tokens, for cost reports.")
    price_output: Decimal | None = Field(default=None, description="USD per million output tokens.")
    embedding: EmbeddingChoice = Field(default=EmbeddingChoice.LEXICAL, description="lexical or openai.")
    embedding_model: str | None = Field(default=None, description="Embedding model of the server.")
    token: SecretStr | None = Field(default=None, description="Who you are; printed once by `partnership user add`.")
    approval_days: Annotated[int, Field(ge=1, le=90)] = Field(
        default=14, description="Days until a commitment and its decisions expire."
    )
    token_days: Annotated[int, Field(ge=1, le=730)] = Field(default=90, description="Days until a token expires.")
    language: Annotated[str, Field(pattern=r"^(en|ar)$")] = Field(
        default="en", description="Language of the terminal's texts: en or ar."
    )

    @property
    def uses_model(self) -> bool:
        """True when the model analyst is to read and write."""
        return self.analyst is AnalystChoice.MODEL or (self.analyst is AnalystChoice.AUTO and self.model is not None)


def _allowed(name: str) -> str:
    """What a setting may be, in words; every setting that has limits states them in its type."""
    schema = Settings.model_json_schema()
    rule = schema["properties"][name]
    choices = schema["$defs"].get(rule.get("$ref", "").rpartition("/")[2], {}).get("enum", [])
    if "pattern" in rule:
        choices = rule["pattern"].strip("^()$").split("|")
    if choices:
        return f"one of: {', '.join(choices)}"
    if rule.get("type") == "integer":
        return f"a whole number from {rule['minimum']} to {rule['maximum']}"
    if "exclusiveMinimum" in rule:
        return f"a number above {rule['exclusiveMinimum']:g} and at most {rule['maximum']:g}"
    return "a number"


def load_settings(home: Path | None = None) -> Settings:
    """Read the environment and ``.env`` once.

    Args:
        home: Overrides ``PARTNERSHIP_HOME``.

    Raises:
        ConfigurationError: a value is not allowed; the message names the variable and what is allowed.
    """
    try:
        settings = Settings() if home is None else Settings(home=home)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = f"PARTNERSHIP_{name.upper()}"
        raise ConfigurationError(
            f"{variable} must be {_allowed(name)}.",  # not what it is: somebody may have put a secret there
            fix=f"Correct {variable} in the environment or in .env.",
        ) from None
    if settings.uses_model and settings.model is None:
        raise ConfigurationError(
            "PARTNERSHIP_ANALYST is 'model' but no model is named.",
            fix="Set PARTNERSHIP_MODEL (and PARTNERSHIP_BASE_URL, PARTNERSHIP_API_KEY), or PARTNERSHIP_ANALYST=rules.",
        )
    return settings
