"""`python -m tests.contract [--seconds N] [--examples N] [--seed N]`: the long form, with its figures."""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from tests.contract.campaign import Campaign

SECONDS = 600
EXAMPLES = 60


def main() -> int:
    """Ask, judge, tell; 1 when an answer is not as the contract tells."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    asked = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"seed {asked.seed}")

    def say(line: str) -> None:
        console.print(line, markup=False)

    with TemporaryDirectory() as home:
        campaign = Campaign(asked.examples, asked.seed, asked.seconds, Path(home), say)
        campaign.run()
    for line in campaign.told():
        say(line)
    return 1 if campaign.faults else 0


if __name__ == "__main__":
    sys.exit(main())
