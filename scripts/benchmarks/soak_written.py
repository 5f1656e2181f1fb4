"""Hours of conversation from written speech and words, in one piece and in pieces: the same must be noticed.

What the fixtures' truth says goes through floor, listening and coach as it would live, again and again, and into an
encrypted session; then the same talks each for itself. Sound and recogniser have no part in it: `soak` has them.
"""

from __future__ import annotations

import heapq
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from voicecoach import report
from voicecoach.events import (
    Clock,
    Event,
    Gap,
    Interruption,
    Record,
    ReplyAct,
    SessionEnded,
    SessionStarted,
    Speech,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
    from_dict,
    moved,
    to_dict,
)
from voicecoach.report.again import OF_THE_FLOOR
from voicecoach.session import Conversation

Tell = Callable[[str, str, float, str], None]
NOTICED = (*OF_THE_FLOOR, ReplyAct)
"""What depends on the last minute alone; the coach's own decisions depend on all that was before."""
APART_S = 120.0
"""Silence between two talks: the floor forgets after a minute."""
TICK_S, LATE_S = 0.1, 0.8
"""The clock of the hearing, and how much later than their sound words come."""
PEOPLE = ("Anna", "Ben")


def talks(folder: Path) -> list[list[Speech | Word]]:
    """Speech and words of each fixture of two."""
    found = []
    for path in sorted(folder.glob("*.truth.jsonl")):
        records = [from_dict(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
        if {r.speaker for r in records if isinstance(r, Speech)} == set(PEOPLE):
            said = [r for r in records if isinstance(r, (Speech, Word))]
            found.append(sorted(said, key=lambda r: (r.start, r.end)))
    return found


def as_heard(records: Iterable[Record], begin: float, end: float) -> Iterator[Event]:
    """Voices, words and the clock from ``begin`` to ``end``, in the order in which they would come."""
    moments: list[tuple[float, int, Event]] = []
    for r in records:
        if isinstance(r, Word):
            moments.append((r.end + LATE_S, 1, r))
        elif isinstance(r, Speech):
            moments.append((r.start, 0, VoiceOn(start=r.start, end=r.start, speaker=r.speaker)))
            moments.append((r.end, 0, VoiceOff(start=r.end, end=r.end, speaker=r.speaker)))

    def ticks() -> Iterator[tuple[float, int, Event]]:
        for k in range(round(begin / TICK_S) + 1, round(end / TICK_S) + 1):
            now = k * TICK_S
            yield from ((now, 2, WordsUntil(start=now - LATE_S, end=now - LATE_S, speaker=p)) for p in PEOPLE)
            yield now, 3, Clock(start=now, end=now)

    in_time = sorted(moments, key=lambda m: m[:2])
    yield from (event for _, _, event in heapq.merge(in_time, ticks(), key=lambda m: m[:2]))


def noticed(events: Iterable[Event], opens: set[float], by_s: float = 0.0) -> Iterator[str]:
    """What was noticed, as lines without the last decimals, ``by_s`` seconds later.

    What joins one talk to the next is left out: the gap, and that the first turn (``opens``) is a reply.
    """
    for e in events:
        early = (isinstance(e, Interruption) and e.status != "confirmed") or (isinstance(e, ReplyAct) and e.partial)
        reply = isinstance(e, ReplyAct) and round(e.start + by_s, 1) in opens
        between = reply or (isinstance(e, Gap) and e.fto_s > APART_S / 2)
        if isinstance(e, NOTICED) and not early and not between:
            data = {k: v for k, v in to_dict(moved(e, by_s)).items() if k != "evidence"}
            yield json.dumps({k: round(v, 2) if isinstance(v, float) else v for k, v in data.items()})


def run(hours: float, folder: Path, tell: Tell, memory_mb: Callable[[], float]) -> None:
    """Both ways, and the report of it."""
    from voicecoach.store import sessions
    from voicecoach.store.writing import SessionWriter

    pieces, at, last = [], 0.0, ""
    while at < hours * 3600:
        for talk in talks(folder):
            if talk[0].speaker == last:  # else the two talks would be one turn with a long pause
                talk = [replace(r, speaker=PEOPLE[r.speaker == PEOPLE[0]]) for r in talk]  # noqa: PLW2901
            end = at + round(max(r.end for r in talk) + APART_S)
            pieces.append((at, end, talk))
            at, last = end, max(talk, key=lambda r: r.end).speaker
    opens = {round(begin + talk[0].start, 1) for begin, _, talk in pieces}
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"VOICECOACH_HOME": home, "VOICECOACH_KEY": "file"}
        whole, memory, began = Conversation(PEOPLE), list[float](), time.monotonic()
        in_one: list[str] = []
        with SessionWriter() as log:
            log.write(SessionStarted(start=0, end=0, people=PEOPLE))
            for begin, end, talk in pieces:
                heard = list(as_heard([moved(r, begin) for r in talk], begin, end))
                happened = [e for one in heard for e in (one, *whole.push(one))]
                in_one += noticed(happened, opens)
                for event in happened:
                    if isinstance(event, Record) and not (isinstance(event, ReplyAct) and event.partial):
                        log.write(event)
                memory.append(memory_mb())
            in_one += noticed(whole.finish(), opens)
            log.write(SessionEnded(start=at, end=at))
        took_s = time.monotonic() - began
        in_pieces: list[str] = []
        for begin, end, talk in pieces:
            alone = Conversation(PEOPLE)
            happened = [e for one in as_heard(talk, 0.0, end - begin) for e in alone.push(one)]
            in_pieces += noticed([*happened, *alone.finish()], opens, begin)
        only = set(in_one) ^ set(in_pieces)
        quarter = max(1, len(memory) // 4)
        tell("written", "sound_s", at, "s")
        tell("written", "noticed", len(in_one), "")
        tell("written", "noticed_otherwise_than_in_pieces", len(only), f"of {len(in_pieces)}")
        tell("written", "speed", at / took_s, "times real time")
        tell("written", "memory_mb", max(memory), "MB")
        tell("written", "memory_growth_mb", max(memory[-quarter:]) - max(memory[:quarter]), "MB, last to first quarter")
        began = time.monotonic()
        records = report.corrected(sessions.read(log.name))
        page = report.page(records, report.summarise(records))
        tell("written", "report_s", time.monotonic() - began, "s")
        tell("written", "report_mb", len(page.encode()) / 1e6, "MB")
        for line in sorted(only)[:6]:
            print(line[:300], flush=True, file=sys.stderr)
