"""Branch coverage floors: 95 % for schemas and governance, 90 % over everything. Reads ``coverage.json``."""

import json
import sys
from pathlib import Path

FLOORS = {"src/partnership_os/schemas/": 95.0, "src/partnership_os/governance/": 95.0, "": 90.0}


def main() -> int:
    """Print each share and fail when one is below its floor."""
    files = json.loads(Path("coverage.json").read_text(encoding="utf-8"))["files"]
    failed = False
    for prefix, floor in FLOORS.items():
        chosen = [item["summary"] for name, item in files.items() if name.startswith(prefix)]
        branches = sum(item["num_branches"] for item in chosen)
        share = 100 * sum(item["covered_branches"] for item in chosen) / branches if branches else 0.0
        failed |= share < floor
        print(f"{prefix or 'everything':34} {share:6.2f} % of {branches} branches (floor {floor:.0f} %)")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
