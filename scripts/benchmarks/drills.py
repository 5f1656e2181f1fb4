"""Every drill at the virtual microphone, done well, done poorly, and in silence: what of it the drill saw.

The program runs as people run it: the voice tells its story through a loudspeaker that the microphone hears, and the
answers are played into the room. Needs PulseAudio and the models; takes about ten minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import Pool
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "practice")]

import sound  # noqa: E402
from drill_aloud import DrillAloud  # noqa: E402
from performing import GOOD, POOR, before  # noqa: E402

from voicecoach.store.practice import add_attempt  # noqa: E402

RATE = 230
ECHO_MS = 60
HOW = ("good", "poor", "silent")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drill", action="append", choices=list(GOOD), help="only this one; repeat")
    parser.add_argument("--at-once", type=int, default=2, help="so many beside each other")
    parser.add_argument("--show", action="store_true", help="print what was said, too")
    options = parser.parse_args()
    drills = options.drill or list(GOOD)
    tasks = [(drill, how, options.show) for drill in drills for how in HOW]
    with Pool(options.at_once, maxtasksperchild=1) as pool:
        found = dict(zip([t[:2] for t in tasks], pool.map(_done, tasks, chunksize=1), strict=True))
    told_apart = 0
    for drill in drills:
        good, poor, silent = (found[drill, how] for how in HOW)
        told_apart += apart(drill, good, poor, silent)
        for how in HOW:
            _row(f"{drill}_{how}", found[drill, how].get("measure", -1.0), "share")
    _row("told_apart", told_apart, f"of {len(drills)}")


def apart(drill: str, good: Mapping[str, float], poor: Mapping[str, float], silent: Mapping[str, float]) -> bool:
    """Whether three performers were seen as what they are."""
    if not (good and poor and silent) or not good["answered"] or silent["answered"]:
        return False
    if drill in ("hold", "silence"):  # who says nothing has still waited
        return good["measure"] > poor["measure"] and not good["false_starts"] and bool(poor["false_starts"])
    return good["measure"] > max(poor["measure"], silent["measure"]) + 0.2


def _done(task: tuple[str, str, bool]) -> Mapping[str, float]:
    """What was kept of one go; nothing when the drill broke off."""
    drill, how, show = task
    reply: Sequence[str] = {"good": GOOD[drill], "poor": POOR[drill][0]}.get(how, ())
    into = POOR[drill][1] if how == "poor" else {}
    with tempfile.TemporaryDirectory(prefix="drill") as folder, sound.PulseServer(channels=1) as pulse:
        os.environ |= {"XDG_DATA_HOME": folder, "VOICECOACH_KEY": "file"}
        for go in before(drill):
            add_attempt("Anna", drill, level=go.level, date="2026-01-01T10:00", figures={"measure": 0.5, "answered": 1})
        pulse.echo(ECHO_MS)
        one = DrillAloud(
            pulse, Path(folder), drill, [f"drill_{name}" for name in reply],
            {line: f"drill_{name}" for line, name in into.items()}, rate=RATE,
        )  # fmt: skip
        try:
            figures = one.run().figures
        except (AssertionError, IndexError) as error:
            print(drill, how, error, file=sys.stderr)
            return {}
        if show:
            print(f"--- {drill} {how} {dict(figures)}\n  " + "\n  ".join(one.lines), file=sys.stderr, flush=True)
        return figures


def _row(metric: str, value: float, unit: str) -> None:
    row = {"bench": "drills", "data": "fixtures", "metric": metric, "value": value, "unit": unit, "better": "higher"}
    print(json.dumps(row))


if __name__ == "__main__":
    main()
