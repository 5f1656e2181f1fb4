"""Long conversations: what is lost, whether memory stays flat, and how a decoder that stalls catches up.

  scripts/bench soak [--hours 2] [--minutes 20] [--written 3] [--data DIR]

The bundled two-channel dialogues, or those of DIR/two_channel, again and again through the live engine: `--hours` of
them as fast as they go, then `--minutes` in real time with a decoder that does nothing for ten seconds after a third
and after two thirds of it; and `--written` hours without sound (`soak_written`).
Lost is speech of a second or more in the log without any word.

``…_as_alone_hour_N``: what is heard fast, hour by hour, beside the same recordings each for itself, as F1 (the same
person, kind and word, starting within 0.5 s). Hearing learns a room and its voices, and where recordings meet a turn
may go on, so that it is not 1; a session that wore out would lose from hour to hour.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soak_written
import soundfile
import soxr
from agree import Moment, match

from voicecoach.audio import Chunk
from voicecoach.events import Backchannel, Event, Interruption, Overlap, Record, Speech, Turn, Word
from voicecoach.samples import RATE
from voicecoach.session import LiveSession
from voicecoach.store.log import read_log
from voicecoach.transcript import Decoder, Job, Result

ROOT = Path(__file__).parents[2]
STALL_S, CAUGHT_UP_S = 10.0, 4.0
COMPARED = (Speech, Turn, Overlap, Interruption, Backchannel, Word)
JOINT_S = 3.0
"""What begins so near to where two recordings meet is not compared."""


def tell(data: str, metric: str, value: float, unit: str, better: str = "lower") -> None:
    row = {"bench": "soak", "data": data, "metric": metric, "value": round(float(value), 4), "unit": unit}
    print(json.dumps({**row, "better": better}), flush=True)


def memory_mb() -> float:
    """What this process holds now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


class Again:
    """Recordings one after the other until ``length_s`` is reached; ``speed`` None: as fast as they go."""

    kind, channels, length_s = "recording", 2, None

    def __init__(self, files: list[Path], length_s: float, speed: float | None) -> None:
        self._files, self._frames, self._speed, self._stopped = files, int(length_s * RATE), speed, False
        self.begun: list[tuple[float, Path]] = []
        """When each recording began."""

    def chunks(self) -> Iterator[Chunk]:
        begin, given, k, block = time.monotonic(), 0, 0, RATE // 10
        while given < self._frames and not self._stopped:
            sound, rate = soundfile.read(self._files[k % len(self._files)], dtype="float32", always_2d=True)
            sound = np.asarray(soxr.resample(sound, rate, RATE), np.float32) if rate != RATE else sound
            self.begun.append((given / RATE, self._files[k % len(self._files)]))
            for at in range(0, len(sound) - block, block):
                given += block
                if self._speed:
                    time.sleep(max(0.0, begin + given / RATE / self._speed - time.monotonic()))
                yield Chunk(sound[at : at + block])
            k += 1

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        pass


class Stalling:
    """A decoder that does nothing for `STALL_S` when ``at`` seconds have passed, once for each."""

    def __init__(self, decoder: Decoder, at: list[float]) -> None:
        self._decoder, self._at, self._begin = decoder, at, time.monotonic()

    def decode(self, job: Job) -> Result:
        if self._at and time.monotonic() - self._begin > self._at[0]:
            self._at.pop(0)
            time.sleep(STALL_S)
        return self._decoder.decode(job)


def run(
    name: str, source: Again, decoder: Decoder | Stalling, *, hurry: bool
) -> tuple[list[Record], list[tuple[float, float]]]:
    """One session: its log; and for each word, when it was told and how late (in seconds of sound)."""
    late: list[tuple[float, float]] = []
    memory: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, Word):
            late.append((session.now_s, session.now_s - event.end))
        if session.now_s > 60.0 * (len(memory) + 1):
            memory.append(memory_mb())

    with tempfile.TemporaryDirectory() as temp:
        began = time.monotonic()
        session = LiveSession(
            source, ("A", "B"), out=Path(temp), speak=False, hurry=hurry, decoder=decoder, on_event=note  # type: ignore[arg-type]
        )  # fmt: skip
        session.run()
        took_s = time.monotonic() - began
        records = read_log(Path(temp) / "events.jsonl")
    words = sorted((r.start, r.end, r.speaker) for r in records if isinstance(r, Word))
    long = [r for r in records if isinstance(r, Speech) and r.end - r.start >= 1.0]
    lost = sum(not _said(r, words) for r in long)
    tell(name, "sound_s", records[-1].end, "s", "higher")
    tell(name, "speed", records[-1].end / took_s, "times real time", "higher")
    tell(name, "words", len(words), "", "higher")
    tell(name, "words_told_twice", sum(a == b for a, b in itertools.pairwise(words)), "")
    tell(name, "speech_without_words", lost, f"of {len(long)}")
    if len(memory) >= 4:
        quarter = len(memory) // 4
        tell(name, "memory_mb", max(memory), "MB")
        tell(name, "memory_growth_mb", max(memory[-quarter:]) - max(memory[:quarter]), "MB, last to first quarter")
    return records, late


def alone(files: Sequence[Path], decoder: Decoder) -> dict[Path, list[Record]]:
    """The log of each recording in a session of its own."""
    out = {}
    for file in files:
        with tempfile.TemporaryDirectory() as temp:
            source = Again([file], 1.0, None)
            LiveSession(source, ("A", "B"), out=Path(temp), speak=False, hurry=True, decoder=decoder).run()  # type: ignore[arg-type]
            out[file] = read_log(Path(temp) / "events.jsonl")
    return out


def as_alone(records: Sequence[Record], begun: Sequence[tuple[float, Path]], pieces: dict[Path, list[Record]]) -> None:
    """Tell how far the long session heard each recording as it is heard by itself, hour by hour."""
    counts: dict[int, Counter[tuple[str, str]]] = {}
    for (begin, file), (end, _) in itertools.pairwise(begun):
        counted = counts.setdefault(int(begin // 3600) + 1, Counter())
        for kind in COMPARED:
            found, real = (_within(r, kind, at, end - begin) for r, at in ((records, begin), (pieces[file], 0.0)))
            counted[kind.type, "both"] += len(real) - len(match(found, real)[1])
            counted[kind.type, "each"] += len(real) + len(found)
    for hour, counted in sorted(counts.items()):
        for name in [kind.type for kind in COMPARED]:
            if n := counted[name, "each"]:
                tell("fast", f"{name}_as_alone_hour_{hour}", 2 * counted[name, "both"] / n, f"F1 of {n // 2}", "higher")


def _within(records: Sequence[Record], kind: type[Record], begin: float, length_s: float) -> list[Moment]:
    """When each moment of a kind starts after ``begin``, with its person and word."""
    of_it = [(r.start - begin, r) for r in records if isinstance(r, kind)]
    inside = [(at, r) for at, r in of_it if JOINT_S <= at < length_s - JOINT_S]
    return [(at, f"{getattr(r, 'speaker', '')} {r.word if isinstance(r, Word) else ''}") for at, r in inside]


def _said(speech: Speech, words: list[tuple[float, float, str]]) -> bool:
    return any(who == speech.speaker and a < speech.end and b > speech.start for a, b, who in words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--written", type=float, default=3.0)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    folder = args.data / "two_channel" if args.data else ROOT / "audio_fixtures"
    if args.written:
        soak_written.run(args.written, ROOT / "audio_fixtures", tell, memory_mb)
    files = sorted(folder.glob("*.flac" if args.data else "*.2ch.flac"))
    if not args.hours and not args.minutes:
        return
    decoder = Decoder()
    if args.hours:
        source = Again(files, args.hours * 3600, None)
        records, _ = run("fast", source, decoder, hurry=True)
        as_alone(records, source.begun, alone(files, decoder))
    if not args.minutes:
        return
    stalls = [args.minutes * 20, args.minutes * 40]
    _, late = run("real time", Again(files, args.minutes * 60, 1.0), Stalling(decoder, list(stalls)), hurry=False)
    for share in (50, 95, 100):
        tell("real time", f"word_lag_p{share}_s", float(np.percentile([s for _, s in late], share)), "s")
    for number, stall in enumerate(stalls, 1):
        behind = [at for at, s in late if stall < at < stall + 120 and s > CAUGHT_UP_S]
        tell("real time", f"caught_up_after_stall_{number}_s", max(behind, default=stall) - stall - STALL_S, "s")


if __name__ == "__main__":
    main()
