"""What a person is told when something goes wrong: one sentence that says what is wrong and what to do."""

from __future__ import annotations


class VoicecoachError(Exception):
    """Something failed. ``str(error)`` is the whole sentence for the user; the command line exits with ``status``."""

    status = 1


class MisuseError(VoicecoachError):
    """The command was called in a way that cannot work (a wrong option, a name given twice)."""

    status = 2
