"""How it went over many sessions: pure functions of their figures."""

from __future__ import annotations

from voicecoach.report.trends.course import Past, changes, course_of
from voicecoach.report.trends.page import trends_page
from voicecoach.report.trends.terminal import trends_text

__all__ = ["Past", "changes", "course_of", "trends_page", "trends_text"]
