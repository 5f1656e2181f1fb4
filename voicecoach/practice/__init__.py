"""Guided practice on the live session: the weekly check-in and the drills."""

from __future__ import annotations

from voicecoach.practice.guide import Guide
from voicecoach.practice.sayer import Sayer

__all__ = ["Guide", "Sayer"]
