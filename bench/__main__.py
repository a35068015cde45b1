"""``script/bench``: run the named benches, print tables, write the values as JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from bench.measures import Measure, machine, table

BENCHES = {
    "lesson": "What a lesson costs: bytes, queries, pages a second, memory",
    "bytes": "What it costs her: data, waiting and battery, in a browser on slow links",
    "offline": "What is lost or doubled when network and server misbehave",
    "certificates": "One certificate and a ceremony of 1 500, beside plain WeasyPrint",
}
"""Each is a module of this package with ``run(seconds) -> list[Measure]``."""

TO_COME = ["assessments", "scale", "load", "faults"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure the budgets of the product.")
    parser.add_argument("name", nargs="*", help=f"which to run; there is: {', '.join(BENCHES)}; without a name all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the values to FILE")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one measured round (4)")
    parser.add_argument("--women", type=int, default=1_500, help="in the batch of the bench 'certificates' (1500)")
    options = parser.parse_args()
    for name in options.name:
        if name in TO_COME:
            parser.error(f"the bench '{name}' is not written yet; there is: {', '.join(BENCHES)}")
        if name not in BENCHES:
            parser.error(f"no bench is called '{name}'; there is: {', '.join(BENCHES)}")
    if not 0.5 <= options.seconds <= 60:
        parser.error("--seconds takes a number from 0.5 to 60")
    if not 1 <= options.women <= 2_000:
        parser.error("--women takes a number from 1 to 2000")
    measured: list[Measure] = []
    print(machine(), flush=True)
    for name in options.name or BENCHES:
        more = {"women": options.women} if name == "certificates" else {}
        found = importlib.import_module(f"bench.{name}").run(options.seconds, **more)
        print(f"\n## {name}: {BENCHES[name]}\n\n{table(found)}", flush=True)
        measured += found
    if options.json:
        options.json.write_text(json.dumps([measure.as_json() for measure in measured], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
