"""Every negative control misses bounds, and the baseline none. Reads ``eval check --json`` from its input."""

import json
import sys

CONTROLS = ("control/garbage", "control/lazy", "control/liar")


def main() -> int:
    """Print what each control misses; fail where one passes, or where somebody else misses something."""
    missed: dict[str, list[str]] = {name: [] for name in CONTROLS}
    for miss in json.load(sys.stdin)["misses"]:
        missed.setdefault(miss["subject"], []).append(f"{miss['suite']} {miss['measure']}: {miss['what']}")
    for subject, found in sorted(missed.items()):
        print(f"{subject} misses {len(found)} bounds; first: {found[0] if found else 'none'}")
    return int(set(missed) != set(CONTROLS) or not all(missed.values()))


if __name__ == "__main__":
    sys.exit(main())
