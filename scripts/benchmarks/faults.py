"""A session is killed at random moments: how much is lost, and is what was kept whole.

  scripts/bench faults [--times 50]

A program writes a session into an encrypted database in a folder of its own, an event every 10 ms with the time it
was written, and is killed (SIGKILL) after 0.5 to 3 s; then the session is read again in another program. One JSON
object a line: seconds lost at most, sessions that could not be read, and those that could not be gone on with. Ends
with 1 when there was one, or a second or more was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

TALKING = """
import time
from voicecoach.events import SessionStarted, Word
from voicecoach.store.writing import SessionWriter
log = SessionWriter()
log.write(SessionStarted(start=0, end=0, people=("Anna", "Ben")))
print(log.name, flush=True)
i = 0
while True:
    i += 1
    log.write(Word(start=i, end=i, speaker="Anna", word=str(time.time())))
    time.sleep(0.01)
"""
READING = """
import sys
from voicecoach.events import Word
from voicecoach.store import sessions
from voicecoach.store.writing import SessionWriter
name = sys.argv[1]
words = [r for r in sessions.read(name) if isinstance(r, Word)]
assert [w.start for w in words] == list(range(1, len(words) + 1))
assert {k.name: k.state for k in sessions.kept()}[name] == "cut off"
with SessionWriter(name) as again:
    again.write(Word(start=len(words) + 1, end=len(words) + 1, speaker="Ben", word="more"))
assert len(sessions.read(name)) == len(words) + 2
print(words[-1].word if words else 0)
"""


MOST_LOST_S = 1.0


def tell(metric: str, value: float, unit: str) -> None:
    row = {"bench": "faults", "data": "kill -9", "metric": metric, "value": round(value, 3), "unit": unit}
    print(json.dumps({**row, "better": "lower"}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    args = parser.parse_args()
    lost: list[float] = []
    unread = 0
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {"VOICECOACH_HOME": home, "VOICECOACH_KEY": "file"}
        for _ in range(args.times):
            talking = subprocess.Popen(
                [sys.executable, "-c", TALKING], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            assert talking.stdout is not None
            name = talking.stdout.readline().strip()
            time.sleep(0.5 + 2.5 * random.random())
            killed = time.time()
            talking.send_signal(signal.SIGKILL)
            talking.communicate()
            read = subprocess.run(
                [sys.executable, "-c", READING, name], env=env, capture_output=True, text=True, check=False
            )
            if read.returncode:
                unread += 1
            else:
                lost.append(killed - float(read.stdout))
    tell("lost_s", max(lost, default=float("nan")), "s")
    tell("sessions_not_whole_or_not_resumed", unread, "sessions")
    tell("kills", args.times, "kills")
    if unread or max(lost, default=MOST_LOST_S) >= MOST_LOST_S:
        sys.exit("A session was not whole, or more was lost than may be.")


if __name__ == "__main__":
    main()
