"""Words: when to decode what, the decoding itself, and whole recordings at once."""

from voicecoach.transcript.decoder import Decoder, DecoderSettings
from voicecoach.transcript.jobs import Decodes, Job, Result, Step, TranscriptEvent
from voicecoach.transcript.offline import Writing, transcribe_all
from voicecoach.transcript.scribe import Scribe, ScribeSettings

__all__ = [
    "Decoder",
    "DecoderSettings",
    "Decodes",
    "Job",
    "Result",
    "Scribe",
    "ScribeSettings",
    "Step",
    "TranscriptEvent",
    "Writing",
    "transcribe_all",
]
