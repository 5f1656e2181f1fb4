"""Who has the floor: IPUs, turns, pauses, gaps, overlaps, backchannels, interruptions. Sans-IO, any number of people.

A unit (IPU, or an utterance as given) has one *role*: it is part of a **turn**, it is a **backchannel**, or it is an
**aside**, said inside another's talk without taking the floor (a lost start, a completion, an echo).
"""

from __future__ import annotations

from voicecoach.floor.cues import ALL, Cues
from voicecoach.floor.floor import Floor

__all__ = ["ALL", "Cues", "Floor"]
