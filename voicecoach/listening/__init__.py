"""What a reply does: does it reflect, ask, advise, play down, blame, agree …, and how do the voices sound.

Sans-IO and explainable. Patterns alone can decide; sentence vectors, given by the caller as an `Embed`, make it better.
"""

from __future__ import annotations

from voicecoach.listening.judge import Judgement, judge
from voicecoach.listening.listening import Listening
from voicecoach.listening.meaning import Embed, Meaning, understand
from voicecoach.listening.reply import ReplyJudge, judge_all

__all__ = ["Embed", "Judgement", "Listening", "Meaning", "ReplyJudge", "judge", "judge_all", "understand"]
