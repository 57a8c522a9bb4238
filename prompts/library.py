"""Prompts as data: one Markdown file each, with a name, a version and the fields that it needs."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from partnership_os.errors import InternalError
from partnership_os.llm.chat import ChatMessage
from partnership_os.schemas.base import Record, Slug
from partnership_os.schemas.stamp import PromptVersion

_FRONT_MATTER = re.compile(r"\A---\n(?P<matter>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_PLACE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_USER_PART = "\n<!-- user -->\n"
"""Divides what we say (system) from what we hand over (user)."""


class Prompt(Record):
    """One prompt. A place for a field is written ``{{field}}``."""

    name: Slug
    version: Annotated[int, Field(ge=1)]
    fields: tuple[Slug, ...]
    text: Annotated[str, Field(min_length=1)]

    @property
    def stamp(self) -> PromptVersion:
        """Name and version, as they are printed on outputs."""
        return PromptVersion(name=self.name, version=self.version)

    def render(self, **values: str) -> str:
        """The text with its fields filled in.

        The template is read once and the values are put in as they are: braces in a value stay braces.

        Raises:
            InternalError: a field is missing, or one is given that the prompt does not have.
        """
        return self._filled(self.text, values)

    def messages(self, **values: str) -> tuple[ChatMessage, ...]:
        """The same as messages: what stands before ``<!-- user -->`` is the system's, the rest the user's.

        Raises:
            InternalError: a field is missing, or one is given that the prompt does not have.
        """
        system, mark, user = self.text.partition(_USER_PART)
        first = ChatMessage(role="system", text=self._filled(system, values))
        return (first, ChatMessage(role="user", text=self._filled(user, values))) if mark else (first,)

    def _filled(self, text: str, values: dict[str, str]) -> str:
        missing = sorted(set(self.fields) - values.keys())
        unknown = sorted(values.keys() - set(self.fields))
        if missing or unknown:
            wrong = "; ".join(
                f"{what}: {', '.join(names)}" for what, names in (("missing", missing), ("unknown", unknown)) if names
            )
            raise InternalError(f"Prompt {self.name} was given the wrong fields ({wrong}).", prompt=self.name)
        return _PLACE.sub(lambda place: values[place.group(1)], text)


def parse_prompt(name: str, content: str) -> Prompt:
    """A prompt from the text of its file.

    Raises:
        InternalError: the front matter is missing or wrong, or its fields are not those of the text.
    """
    parts = _FRONT_MATTER.match(content)
    if parts is None:
        raise InternalError(f"Prompt {name} has no front matter.", prompt=name)
    try:
        prompt = Prompt.model_validate({**yaml.safe_load(parts["matter"]), "text": parts["body"]})
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        raise InternalError(f"The front matter of prompt {name} is wrong: {error}", prompt=name) from error
    if prompt.name != name:
        raise InternalError(f"Prompt {name} calls itself {prompt.name}.", prompt=name)
    places = set(_PLACE.findall(prompt.text))
    if places != set(prompt.fields):
        odd = ", ".join(sorted(places ^ set(prompt.fields)))
        raise InternalError(f"Prompt {name}: fields and places differ ({odd}).", prompt=name)
    return prompt


@lru_cache
def load_prompt(name: str) -> Prompt:
    """The prompt of this name, read once.

    Raises:
        InternalError: there is no such prompt, or its file is wrong.
    """
    file = files("partnership_os.prompts").joinpath(f"{name}.md")
    if not file.is_file():
        raise InternalError(f"There is no prompt {name!r}; there are: {', '.join(prompt_names())}.", prompt=name)
    return parse_prompt(name, file.read_text("utf-8"))


def prompt_names() -> tuple[str, ...]:
    """The names of all prompts, sorted."""
    found = (item.name for item in files("partnership_os.prompts").iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in found if name.endswith(".md")))
