"""The engine: wires sound, hearing, words, floor, listening and coach together, and owns the threads."""

from __future__ import annotations

from voicecoach.session.core import Conversation
from voicecoach.session.live import LiveSession
from voicecoach.session.offline import analyze, analyze_segments

__all__ = ["Conversation", "LiveSession", "analyze", "analyze_segments"]
