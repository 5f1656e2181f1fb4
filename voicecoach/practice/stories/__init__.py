"""Short stories to listen to, written for this project; the voice tells them when somebody practises alone."""

from __future__ import annotations

from voicecoach.practice.stories.story import LEVELS, TOPICS, Story, parse, stories

__all__ = ["LEVELS", "TOPICS", "Story", "parse", "stories"]
