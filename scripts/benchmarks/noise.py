"""What is no speech and becomes words all the same: half an hour of it, as fast as it goes, through the live engine.

  scripts/bench noise [--minutes 5] [--channels 1|2]

Sounds made here, `--minutes` of each: near silence, a room, keys, coughs, laughter, music. On two channels they are on
the first, and 15 dB weaker on the second. Laughter and coughs are voices, so that speech may be found in them; words
may not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from noises import KINDS  # noqa: E402

from voicecoach.events import Speech, Word  # noqa: E402
from voicecoach.session import LiveSession  # noqa: E402
from voicecoach.store.log import read_log  # noqa: E402
from voicecoach.testing import FakeSource  # noqa: E402
from voicecoach.transcript import Decoder  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--channels", type=int, choices=(1, 2), default=2)
    args = parser.parse_args()
    decoder = Decoder()
    for number, (kind, make) in enumerate(KINDS.items()):
        sound = make(np.random.default_rng(number), args.minutes * 60)
        heard = np.stack((sound, 0.18 * sound), axis=1)[:, : args.channels]
        with tempfile.TemporaryDirectory() as temp:
            began = time.process_time()
            LiveSession(FakeSource(heard), ("A", "B"), out=Path(temp), speak=False, hurry=True, decoder=decoder).run()
            cpu = time.process_time() - began
            records = read_log(Path(temp) / "events.jsonl")
        words = [r.word for r in records if isinstance(r, Word)]
        speech_s = sum(r.end - r.start for r in records if isinstance(r, Speech))
        for metric, value, unit in (
            ("words", len(words), ""),
            ("speech_share", speech_s / (args.minutes * 60), "of its time"),
            ("cpu_per_audio_second", cpu / (args.minutes * 60), "CPU-s/s"),
        ):
            row = {"bench": "noise", "data": kind, "metric": metric, "value": round(value, 4), "unit": unit}
            print(json.dumps({**row, "better": "lower"}), flush=True)


if __name__ == "__main__":
    main()
