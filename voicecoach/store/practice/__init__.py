"""What practice keeps: pairs, their agreements, check-ins and promises, and everybody's drills. Encrypted, no sound."""

from __future__ import annotations

from voicecoach.store.practice.agreements import Agreement, agree, agreements, decline, history, propose
from voicecoach.store.practice.attempts import Attempt, add_attempt, attempts
from voicecoach.store.practice.checkins import (
    CheckIn,
    Note,
    add_note,
    add_session,
    begin,
    checkins,
    close,
    held_in,
    last_open,
    notes,
    save_step,
    steps,
)
from voicecoach.store.practice.commitments import Commitment, add_commitment, commitments, follow_up
from voicecoach.store.practice.pairs import Pair, Weekly, everybody, pair_of, pairs, schedule, set_schedule
from voicecoach.store.practice.whole import export

__all__ = [
    "Agreement",
    "Attempt",
    "CheckIn",
    "Commitment",
    "Note",
    "Pair",
    "Weekly",
    "add_attempt",
    "add_commitment",
    "add_note",
    "add_session",
    "agree",
    "agreements",
    "attempts",
    "begin",
    "checkins",
    "close",
    "commitments",
    "decline",
    "everybody",
    "export",
    "follow_up",
    "held_in",
    "history",
    "last_open",
    "notes",
    "pair_of",
    "pairs",
    "propose",
    "save_step",
    "schedule",
    "set_schedule",
    "steps",
]
