"""Partnership OS: agents for partner intelligence, with a human at every commitment."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("partnership-os")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0+source"

__all__ = ["__version__"]
