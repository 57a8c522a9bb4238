"""Import every module of the installed package; fails on the first that cannot be imported."""

import importlib
import pkgutil

import partnership_os

names = sorted(item.name for item in pkgutil.walk_packages(partnership_os.__path__, "partnership_os."))
for name in names:
    if not name.endswith(".env") and ".versions." not in name:  # Alembic runs these two kinds itself
        importlib.import_module(name)
print(f"{len(names)} modules of {partnership_os.__file__}")
