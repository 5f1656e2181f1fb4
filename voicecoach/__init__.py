"""voicecoach: a local, private, voice-based listening trainer for two people."""

__version__ = "0.1.0"
