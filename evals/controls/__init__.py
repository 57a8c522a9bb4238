"""Controls: scripted answers behind real HTTP that show what the suites can tell apart. No model is asked."""

from partnership_os.evals.controls.server import CONTROLS, control_server

__all__ = ["CONTROLS", "control_server"]
