"""A session whose program died goes on: which one, with whom, and from when on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import CUT_OFF, CaptureGap, SessionStarted, called
from voicecoach.samples import RATE
from voicecoach.session.beat import BEAT_S
from voicecoach.session.breaks import known_s
from voicecoach.store import practice, sessions

LATEST_S = 3 * 3600.0
"""A session goes on at most so long after it began to be silent; later it is another conversation."""
NAMED = "%Y-%m-%d_%H-%M-%S"
"""How a kept session is named after its beginning."""


@dataclass(frozen=True, slots=True)
class Resuming:
    """A session and where it goes on, in seconds on its timeline.

    ``begun``: its first record; ``names``: those in it → what they are called by now, if otherwise; ``cut_s``: where it
    was cut off; ``since_s``: where it goes on, a multiple of `BEAT_S`, so that decisions from here on fall on the same
    beats.
    """

    name: str
    begun: SessionStarted
    names: Mapping[str, str]
    cut_s: float
    since_s: float

    @property
    def gap(self) -> CaptureGap:
        """What is missing between the two, told by a clock that begins where the session goes on."""
        missing_s = self.since_s - self.cut_s
        return CaptureGap(start=-missing_s, end=0.0, frames=round(missing_s * RATE), reason=CUT_OFF)


def last_cut_off(now: datetime) -> Resuming | None:
    """The newest session, if it was cut off less than `LATEST_S` before ``now`` (local) and may go on; else None."""
    try:
        return resuming(now)
    except VoicecoachError:
        return None


def resuming(now: datetime) -> Resuming:
    """The newest session, to go on in. Raises `VoicecoachError` or `MisuseError` with why it cannot."""
    kept = sessions.kept()
    if not kept or kept[-1].state != "cut off":
        raise VoicecoachError("The last session was not cut off, so there is none to go on in; leave out --resume.")
    name = kept[-1].name
    if practice.held_in(name):
        raise MisuseError("The last session was a check-in; `voicecoach check-in` goes on where it broke off.")
    records = sessions.read(name)
    begun = next((r for r in records if isinstance(r, SessionStarted)), None)
    if begun is None:
        raise VoicecoachError(f"Nothing was kept of the session {name} before it was cut off; leave out --resume.")
    if begun.hearing == "separated":
        raise MisuseError(
            "In that session two unknown voices were told apart, and they might be mixed up now; enroll your voices, "
            "and leave out --resume."
        )
    cut_s = max(known_s(r) for r in records)
    passed_s = now.timestamp() - datetime.strptime(name[:19], NAMED).timestamp()
    if passed_s - cut_s > LATEST_S:
        raise VoicecoachError(
            f"{name} was cut off {(passed_s - cut_s) / 3600:.0f} hours ago, which is too long to go on; leave out "
            "--resume."
        )
    since_s = math.ceil(max(passed_s, cut_s + BEAT_S) / BEAT_S - 1e-6) * BEAT_S  # the clock may have been set back
    return Resuming(name, begun, called(records), cut_s, round(since_s, 1))
