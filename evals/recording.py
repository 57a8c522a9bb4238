"""Records the answers of a live server to a run of suites."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from partnership_os.errors import InputError
from partnership_os.evals.replay.recorder import Recorder
from partnership_os.evals.runner import Plan, run_suites
from partnership_os.evals.subject import RULES, Subject, is_control, require_answer
from partnership_os.evals.suite import Suite
from partnership_os.llm.chat import ChatConfig
from partnership_os.settings import Settings

__all__ = ["record_run"]


def record_run(
    suites: Sequence[Suite[Any, Any]],
    labels: Sequence[str],
    settings: Settings,
    out: Path,
    *,
    epochs: int,
    limit: int | None,
    on_progress: Callable[[str, int, int], None],
) -> int:
    """Run suites on the live server of the settings through a recorder on the loopback.

    Args:
        suites: What to run.
        labels: Models of that server.
        settings: Where it is; its key goes to it and into no file.
        out: The folder of recorded answers; what is there already stays.
        epochs: How often each case is asked; each answer is kept.
        limit: At most so many cases of each suite.
        on_progress: Told how far each suite is.

    Returns:
        How many answers were recorded.

    Raises:
        InputError: no model is named, or one that is none of the server's.
        ConfigurationError: the settings name no server.
        ModelError: a model does not answer a first question.
    """
    if not labels or any(is_control(label) or label == RULES.label for label in labels):
        raise InputError(
            "Only answers of models of a live server can be recorded.", fix="Name them: --model gpt-5-mini."
        )
    configs = [ChatConfig.from_settings(settings.model_copy(update={"model": label})) for label in labels]
    for config in configs:
        require_answer(config)
    with Recorder(configs[0].base_url, configs[0].api_key, out) as recorder, TemporaryDirectory() as logs:
        subjects = [
            Subject(label, config.model_copy(update={"base_url": recorder.base_url}))
            for label, config in zip(labels, configs, strict=True)
        ]
        plan = Plan(suites, subjects, settings, epochs, limit, None, on_progress)
        run_suites(plan, Path(logs))
    return recorder.recorded
