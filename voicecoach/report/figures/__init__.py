"""All figures of a session, as pure functions of its records."""

from __future__ import annotations

from voicecoach.report.figures.floor import everyone_finished, is_clear
from voicecoach.report.figures.intervals import poisson_interval, rates_differ, share_interval, shares_differ
from voicecoach.report.figures.replies import LIKELY, SUBSTANTIVE_S
from voicecoach.report.figures.summary import summarise

__all__ = [
    "LIKELY", "SUBSTANTIVE_S", "everyone_finished", "is_clear", "poisson_interval", "rates_differ", "share_interval",
    "shares_differ", "summarise",
]  # fmt: skip
