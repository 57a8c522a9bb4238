"""The main job in one go: import → discover → card → deal → halt. It never approves; it prints who can and how.

Run it with ``make demo``. It uses its own home (``.partnership/demo``), no key and no network, and only calls the
``partnership`` command, so that everything it does can be typed by hand.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".partnership" / "demo"
NEED = Path("examples/needs/distribution.yaml")
PARTNERSHIP = Path(sys.executable).with_name("partnership")


def run(*arguments: str, token_file: Path | None = None, capture: bool = False) -> str:
    """Run one command as a user would, with the line printed first."""
    line = ["partnership", "--home", str(HOME.relative_to(ROOT)), *arguments]
    if token_file is not None:
        line += ["--token-file", str(token_file.relative_to(ROOT))]
    print(f"\n$ {shlex.join(line)}", flush=True)
    keep = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERSHIP_")}
    done = subprocess.run(  # noqa: S603
        [str(PARTNERSHIP), *line[1:]],
        cwd=ROOT,
        env={**keep, "PARTNERSHIP_ANALYST": "rules"},
        stdout=subprocess.PIPE if capture else None,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout or ""


def token_of(name: str, level: str) -> Path:
    """Add a person once and keep the token in a file that only the owner can read."""
    path = HOME / "tokens" / f"{name.lower()}.token"
    if not path.exists():
        added = json.loads(run("user", "add", name, "--level", level, "--json", capture=True))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(added["token"], encoding="utf-8")
        print(f"{name} ({level}): token kept in {path.relative_to(ROOT)}")
    return path


def halt_at_a_deal(cards: list[dict[str, object]], requester: Path) -> dict[str, object]:
    """Start the deal of the best company whose deal is not decided yet; the same one again on a second run."""
    for card in cards:
        chosen = ["--partner", str(card["company_id"]), "--need", str(NEED)]
        state = json.loads(run("deal", "start", *chosen, "--json", token_file=requester, capture=True))
        if state["status"] == "awaiting_approval":
            run("card", str(card["company_id"]), "--need", str(NEED))
            run("deal", "start", *chosen, token_file=requester)
            return dict(state)
    sys.exit(f"Every deal of this demo is decided; remove {HOME.relative_to(ROOT)} to begin again.")


def main() -> None:
    """Walk the main job and stop at the gate."""
    run("import", "examples/companies.jsonl", "--rejects", str(HOME.relative_to(ROOT) / "rejects.csv"))
    requester = token_of("Rana", "analyst")
    approver = token_of("Dana", "director")
    out = HOME.relative_to(ROOT) / "discovery"
    run("discover", "--need", str(NEED), "--top", "10", "--out", str(out))
    lines = (ROOT / out / "scorecards.jsonl").read_text(encoding="utf-8").splitlines()
    started = halt_at_a_deal([json.loads(line) for line in lines], requester)
    run("inbox")
    until = str(started["expires_at"])[:10]
    print("\nThe deal halts here, and nothing is committed before a person decides. Rana asked for it and may not.")
    print(f"Dana, the Director, must act by {until}: she reads it first, then approves, rejects or changes it.\n")
    commitment = str(started["commitment_id"])
    token = ["--token-file", str(approver.relative_to(ROOT))]
    for words in (
        ["review", commitment],
        ["approve", commitment, *token],
        ["reject", commitment, "--note", "REASON", *token],
        ["edit", commitment, "--set", "payment_days=45", *token],
    ):
        line = [str(PARTNERSHIP.relative_to(ROOT)), *words, "--home", str(HOME.relative_to(ROOT))]
        print(f"  {shlex.join(line)}")
    print()


if __name__ == "__main__":
    main()
