"""What must hold of any conversation, whoever talks. Used by the tests and by `scripts/bench floor --invariants`."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scenes import Stretch, run, signals

from voicecoach.events import Backchannel, Event, Interruption, Overlap, Record, Speech, Turn
from voicecoach.floor import ALL, Cues, Floor

NEAR_S = 1e-6
GRID = 1024
"""Times on a grid of 1/1024 s can be shifted by whole seconds without rounding."""


def on_grid(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The same, on the grid, in order, each person's overlapping stretches one after the other."""
    out: list[Stretch] = []
    free: dict[str, float] = {}
    for start, end, who, text in sorted(stretches):
        begin = max(round(start * GRID) / GRID, free.get(who, 0.0))
        stop = max(round(end * GRID) / GRID, begin + 1 / GRID)
        free[who] = stop
        out.append((begin, stop, who, text))
    return sorted(out)


def given(stretches: Sequence[Stretch], cues: Cues = ALL) -> list[Record]:
    """What stays of utterances as somebody marked them, in order of time."""
    floor = Floor(words=any(text for *_, text in stretches), cues=cues)
    out: list[Event] = []
    for start, end, who, text in stretches:
        out += floor.utterance(Speech(start=start, end=end, speaker=who), text)
    out += floor.finish()
    kept = [e for e in out if isinstance(e, Record) and getattr(e, "status", "confirmed") == "confirmed"]
    return sorted(kept, key=_key)


def heard(stretches: Sequence[Stretch], cues: Cues = ALL, tick_s: float = 0.1, late_s: float = 0.8) -> list[Record]:
    """What stays of the same as hearing tells it."""
    return sorted(run(signals(stretches, tick_s=tick_s, late_s=late_s), cues), key=_key)


def broken(records: Sequence[Record], stretches: Sequence[Stretch]) -> Iterator[str]:
    """Everything that is not as it must be; nothing if all is well."""
    yield from (f"ends before it starts: {r}" for r in records if r.end < r.start)
    for r in records:
        if isinstance(r, Interruption | Overlap) and r.speaker == getattr(r, "interrupted", getattr(r, "over", "")):
            yield f"with oneself: {r}"
        if isinstance(r, Interruption):
            if (r.yielded is None) != (r.yielded_at is None) or r.yielded not in (None, r.speaker, r.interrupted):
                yield f"who gave up is not one of the two: {r}"
            if not 0.0 < r.confidence < 1.0 or r.overlap_s < 0 or r.overlap_s > r.end - r.start + NEAR_S:
                yield f"impossible numbers: {r}"
    ends = [(r.yielded, r.yielded_at) for r in records if isinstance(r, Interruption) and r.yielded]
    yield from (f"gave up twice at once: {e}" for e in {e for e in ends if ends.count(e) > 1})
    for who in {w for _, _, w, _ in stretches}:
        speech = [(r.start, r.end) for r in records if isinstance(r, Speech) and r.speaker == who]
        turns = [r for r in records if isinstance(r, Turn) and r.speaker == who]
        signs = [(r.start, r.end) for r in records if isinstance(r, Backchannel) and r.speaker == who]
        for spans, what in ((speech, "speech"), ([(t.start, t.end) for t in turns], "turns")):
            if any(b[0] < a[1] - NEAR_S for a, b in itertools.pairwise(sorted(spans))):
                yield f"{what} of {who} overlap"
        yield from (f"a sign of listening that is no speech: {who} {s}" for s in signs if s not in speech)
        total, told = (sum(b - a for a, b in s) for s in (speech, signs))
        if sum(t.speech_s for t in turns) + told > total + NEAR_S:
            yield f"{who} speaks longer in turns and signs than at all"
        said = sum(b - a for a, b, w, _ in stretches if w == who)
        if not said - NEAR_S <= total <= said + 0.2 * len(stretches) + NEAR_S:
            yield f"{who} spoke {said} s, of which {total} s are told"
        for t in turns:
            inside = sum(b - a for a, b in speech if a >= t.start - NEAR_S and b <= t.end + NEAR_S)
            if not NEAR_S < t.speech_s <= inside + NEAR_S:
                yield f"a turn without its speech: {t}"


def shifted(stretches: Sequence[Stretch], by_s: float) -> list[Stretch]:
    """The same, so much later."""
    return [(a + by_s, b + by_s, who, text) for a, b, who, text in stretches]


def renamed(stretches: Sequence[Stretch], names: Mapping[str, str]) -> list[Stretch]:
    """The same said by others."""
    return [(a, b, names[who], text) for a, b, who, text in stretches]


def differences(
    before: Sequence[Record], after: Sequence[Record], by_s: float = 0.0, names: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Where ``after`` is not ``before``, shifted and renamed."""
    names = names or {}
    times, people = {"start", "end", "yielded_at"}, {"speaker", "interrupted", "over", "to", "previous", "yielded"}

    def moved(name: str, value: Any) -> Any:
        if name in times and value is not None:
            return value + by_s
        return names.get(value, value) if name in people else value

    expected = [
        dataclasses.replace(r, **{f.name: moved(f.name, getattr(r, f.name)) for f in dataclasses.fields(r)})
        for r in before
    ]
    left, right = {repr(r) for r in expected}, {repr(r) for r in after}
    yield from (f"gone: {r}" for r in sorted(left - right))
    yield from (f"new: {r}" for r in sorted(right - left))
    if len(expected) != len(after):
        yield f"{len(expected)} events became {len(after)}"


def _key(r: Record) -> tuple[float, float, str, str]:
    return r.start, r.end, r.type, repr(r)
