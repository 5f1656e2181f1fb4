"""Every type that flows through voicecoach, on one timeline.

All events are frozen and carry ``start`` and ``end``: seconds since the session began, counted in samples of the
capture stream and never in wall-clock time. An event at an instant has ``start == end``. Lengths are floats named
``*_s``; confidences and probabilities lie in [0, 1].

Two families:

* **Records** (`Record`) are what happened. They go to the session log, and the report, the exports and the trends are
  pure functions of them.
* **Signals** (`Signal`) steer the live parts: voices going on and off, words still changing, levels, progress. They
  are never logged.
"""

from __future__ import annotations

from voicecoach.events.base import (
    Event,
    Record,
    Signal,
)
from voicecoach.events.coaching import (
    Choice,
    Cue,
    Decision,
    Noted,
    Prepare,
    Prompt,
    Sound,
)
from voicecoach.events.codec import (
    BadEventError,
    from_dict,
    to_dict,
)
from voicecoach.events.moved import moved
from voicecoach.events.naming import (
    called,
    renamed,
    retold,
    standing,
)
from voicecoach.events.practice import (
    Keep,
    Practised,
    Save,
    Step,
    Typed,
)
from voicecoach.events.session import (
    CUT_OFF,
    LOG_VERSION,
    UNTIL_AGREED,
    Break,
    CaptureGap,
    Command,
    CommandName,
    Consent,
    Correction,
    CorrectionLabel,
    KeptVoice,
    SessionEnded,
    SessionStarted,
)
from voicecoach.events.signals import (
    Clock,
    Level,
    MicrophoneGone,
    Partial,
    Prosody,
    TurnStarted,
    VoiceOff,
    VoiceOn,
    WordsUntil,
)
from voicecoach.events.talk import (
    Backchannel,
    Gap,
    Interruption,
    InterruptionKind,
    Overlap,
    OverlapKind,
    Pause,
    ReplyAct,
    Speech,
    Status,
    Tension,
    Tone,
    Turn,
    Word,
)

__all__ = [
    "CUT_OFF",
    "LOG_VERSION",
    "UNTIL_AGREED",
    "Backchannel",
    "BadEventError",
    "Break",
    "CaptureGap",
    "Choice",
    "Clock",
    "Command",
    "CommandName",
    "Consent",
    "Correction",
    "CorrectionLabel",
    "Cue",
    "Decision",
    "Event",
    "Gap",
    "Interruption",
    "InterruptionKind",
    "Keep",
    "KeptVoice",
    "Level",
    "MicrophoneGone",
    "Noted",
    "Overlap",
    "OverlapKind",
    "Partial",
    "Pause",
    "Practised",
    "Prepare",
    "Prompt",
    "Prosody",
    "Record",
    "ReplyAct",
    "Save",
    "SessionEnded",
    "SessionStarted",
    "Signal",
    "Sound",
    "Speech",
    "Status",
    "Step",
    "Tension",
    "Tone",
    "Turn",
    "TurnStarted",
    "Typed",
    "VoiceOff",
    "VoiceOn",
    "Word",
    "WordsUntil",
    "called",
    "from_dict",
    "moved",
    "renamed",
    "retold",
    "standing",
    "to_dict",
]
