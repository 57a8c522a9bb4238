"""Every bad control misses a bound in every suite that asks the model, and the scribe and the rules none.

Reads ``eval check --json`` from its input, and names of suites as arguments (without, all that ask the chat model);
what is demanded, with the exceptions, stands in `evals.controls.demands`.
"""

import json
import sys
from pathlib import Path

from partnership_os.evals.controls.demands import faults_of, suites_asked
from partnership_os.evals.logs import read_runs


def main() -> int:
    """Print what each control misses in each suite, and what is wrong; fail where something is."""
    told = json.load(sys.stdin)
    missed: dict[tuple[str, str], list[str]] = {}
    for miss in told["misses"]:
        missed.setdefault((miss["suite"], miss["subject"]), []).append(f"{miss['measure']} {miss['what']}")
    for (suite, subject), found in sorted(missed.items()):
        print(f"{suite}: {subject} misses {len(found)} bounds; first: {found[0]}")
    ran = [(run.subject, run.suite) for run in read_runs(Path(told["runs"]))]
    faults = list(faults_of(ran, ((subject, suite) for suite, subject in missed), sys.argv[1:] or suites_asked()))
    for fault in faults:
        print(f"WRONG: {fault}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
