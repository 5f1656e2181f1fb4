"""The sections of the page, in the order they are read."""

from __future__ import annotations

from voicecoach.report.sections.body import body

__all__ = ["body"]
