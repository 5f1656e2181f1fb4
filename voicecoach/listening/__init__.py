"""What a reply does: does it reflect, ask, advise, play down, blame, agree …? Sans-IO, explainable, no model needed."""

from __future__ import annotations

from voicecoach.listening.judge import Judgement, judge
from voicecoach.listening.reply import ReplyJudge, judge_all

__all__ = ["Judgement", "ReplyJudge", "judge", "judge_all"]
