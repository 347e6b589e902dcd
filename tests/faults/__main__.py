"""`python -m tests.faults [--kills N] [--seed N]`: the long form, with its figures."""

from __future__ import annotations

import argparse
import random
import sys
import time

from rich.console import Console

from tests.faults.campaign import Plan, run

KILLS = 60
PREFECTURES = 20


def main() -> int:
    """Kill, audit, tell; 1 when anything is lost, half done or unexplained."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    asked = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    begun = time.monotonic()
    console.print(f"seed {asked.seed}")
    figures = run(Plan(asked.kills, PREFECTURES, asked.seed), console.print)
    for line in (*figures.told(), *figures.faults, *figures.ledger.errors):
        console.print(line, markup=False)
    console.print(f"{time.monotonic() - begun:.0f} s")
    return 1 if figures.faults or figures.ledger.errors else 0


if __name__ == "__main__":
    sys.exit(main())
