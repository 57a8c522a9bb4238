"""The scene in place of the shipped suites."""

from collections.abc import Iterator

import pytest

from partnership_os.evals import table
from partnership_os.evals.report import background
from tests.evals.report import scene

README = """# Scene

Some words.

## What a full score does not show

That a company is **good**; see `docs/x.md`:

* first [a link](https://outside.example)
* <script>alert(2)</script>

### Really

More.

## Next

Not this.
"""


@pytest.fixture(scope="module")
def scene_suites() -> Iterator[None]:
    """Its suites, cases and README are those of the scene."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "find_suites", lambda: scene.SUITES)
        patch.setattr(background, "find_suites", lambda: scene.SUITES)
        patch.setattr(background, "load_cases", scene.cases_of)
        patch.setattr(background, "_readme", lambda suite: README if suite == "fit" else "")
        yield
