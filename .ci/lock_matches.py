"""Every direct dependency of pyproject.toml, of its extras too, stands in requirements.lock at a version it allows."""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
lock = Path("requirements.lock").read_text(encoding="utf-8")
pins = {
    canonicalize_name(name): version for name, version in re.findall(r"^([A-Za-z0-9_.\-]+)==([^\s\\;]+)", lock, re.M)
}
extras = [item for group in project["optional-dependencies"].values() for item in group]
problems = []
for text in project["dependencies"] + extras:
    wanted = Requirement(text)
    if canonicalize_name(wanted.name) == project["name"]:
        continue  # an extra that takes in another one of ours
    found = pins.get(canonicalize_name(wanted.name))
    if found is None or not wanted.specifier.contains(found, prereleases=True):
        problems.append(f"{text}: the lock has {found}")
if "://" in re.sub(r"#.*", "", lock):
    problems.append("the lock holds a download address")
if lock.count("--hash=sha256:") < len(pins):
    problems.append("a pin has no hash")
print("\n".join(problems) or f"{len(pins)} pins, all with hashes, agree with pyproject.toml")
sys.exit(bool(problems))
