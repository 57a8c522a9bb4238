"""The README must not drift from the code."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from partnership_os.governance.policy import required_approvals
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.settings import Settings
from partnership_os.surfaces.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_rows() -> list[str]:
    """One row per setting, as the README shows it."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "–" if default is None else f"`{getattr(default, 'value', default)}`"
        rows.append(f"| `PARTNERSHIP_{name.upper()}` | {shown} | {field.description} |")
    return rows


def test_every_setting_is_in_the_table() -> None:
    block = README[README.index("| variable | default") : README.index("## Limits")]
    assert [line for line in block.splitlines() if line.startswith("| `")] == settings_rows()


def test_every_command_that_is_named_exists() -> None:
    group = get_command(app)
    known = set(group.commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"partnership ([a-z]+)", README)) - {"types", "type"}
    assert named <= known, named - known


@pytest.mark.parametrize("partnership_type", list(PartnershipType))
def test_approvals_are_those_of_the_policy(partnership_type: PartnershipType) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| {partnership_type.value} |"))
    stated = row.split("|")[2].replace("*", "").lower()
    for requirement in required_approvals(partnership_type, None):
        assert str(requirement) in stated
    assert ("legal" in stated) == any(item.legal for item in required_approvals(partnership_type, None))


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    for folder in re.findall(r"`([a-z_/]+/)`", README):
        assert (ROOT / folder).exists(), folder


def test_env_example_names_only_settings() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    known = {f"PARTNERSHIP_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"PARTNERSHIP_[A-Z_]+", text)) <= known
