"""What of a session is kept, and where: the log as it happens, without what is off the record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from voicecoach import report
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import Break, Event, Interruption, KeptVoice, Record, ReplyAct, moved
from voicecoach.hearing import Voiceprint
from voicecoach.samples import RATE, Samples
from voicecoach.session.breaks import before
from voicecoach.session.resuming import Resuming
from voicecoach.store.log import LOG_NAME, LogWriter, read_log
from voicecoach.store.sound import Piece, Pieces
from voicecoach.store.writing import SessionWriter


def keep(event: Event) -> bool:
    """Whether an event belongs in the log: records that will not change any more."""
    if isinstance(event, Interruption):
        return event.status == "confirmed"
    if isinstance(event, ReplyAct):
        return not event.partial
    return isinstance(event, Record)


def kept_voices(voices: Mapping[str, Voiceprint], at_s: float) -> list[KeptVoice]:
    """``voices`` as they stand in the log of a session for which that was asked."""
    return [
        KeptVoice(
            start=at_s, end=at_s, speaker=person, embedding=voice.embedding, threshold=voice.threshold,
            model=voice.model, version=voice.version,
        )
        for person, voice in voices.items()
    ]  # fmt: skip


class Recorder:
    """Writes the log of one session, from `open` to `close`: into the folder ``out``, or else into the database.

    ``keep`` False: nowhere. ``keep_audio``: the sound too, which only the database can. ``resumes``: go on in that
    session; all times given here count from where it goes on.

    Between `leave` and `come_back` nothing is written. ``trouble``: why no more is, if something could not be.
    """

    def __init__(
        self, out: Path | None, *, keep: bool = True, keep_audio: bool = False, resumes: Resuming | None = None
    ) -> None:
        if keep_audio and (out is not None or not keep):
            raise MisuseError("Sound is only kept encrypted with its session; leave out --out or --keep-audio.")
        self._pieces = Pieces() if keep_audio else None
        self._out, self._wanted = out, keep
        self._log: SessionWriter | LogWriter | None = None
        self._resumed, self._since_s = ("", 0.0) if resumes is None else (resumes.name, resumes.since_s)
        self._left: tuple[float, str] | None = None
        self._back_s = -math.inf
        self._breaks: list[tuple[float, float]] = []
        self.trouble: VoicecoachError | None = None

    def open(self) -> None:
        """Begin the log. Raises `VoicecoachError` when there is no place for it."""
        if self._wanted:
            self._log = SessionWriter(self._resumed) if self._out is None else LogWriter(self._out)

    @property
    def name(self) -> str:
        """Of the session in the database, once it is open; empty for one in a folder."""
        return self._log.name if isinstance(self._log, SessionWriter) else ""

    @property
    def away(self) -> str:
        """Why nothing is kept just now, or empty."""
        return self._left[1] if self._left is not None else ""

    def write(self, event: Event) -> bool:
        """Log ``event`` if it belongs there. False when that failed; then nothing more is written.

        What began in a break does not belong there, whenever it ends; the break itself does, once it is over.
        """
        in_break = self._left is not None or (event.start < self._back_s and not isinstance(event, Break))
        wanted = isinstance(event, Record) and keep(event) and not in_break
        if self._log is not None and isinstance(event, Record) and wanted and self.trouble is None:
            try:
                self._log.write(moved(event, self._since_s) if self._since_s else event)
            except VoicecoachError as error:
                self.trouble = error
        return self.trouble is None

    def keeps(self, start_s: float, end_s: float) -> bool:
        """Whether nothing that is heard between two times is part of a break, as far as is known by now."""
        away = [] if self._left is None else [(self._left[0], math.inf)]
        return not any(start_s < end and end_s > start for start, end in (*self._breaks, *away))

    def hear(self, start: int, samples: Samples) -> bool:
        """Keep ``samples`` ``(n, channels)``, which begin at sample ``start``, if that was asked. False: it failed."""
        if self._pieces is not None and self._left is None and self.trouble is None:
            self._keep(self._pieces.push(start + round(self._since_s * RATE), samples))
        return self.trouble is None

    def _keep(self, piece: Piece | None) -> None:
        if piece is not None and isinstance(self._log, SessionWriter):
            try:
                self._log.write_sound(piece)
            except VoicecoachError as error:
                self.trouble = error

    def leave(self, since_s: float, reason: str) -> None:
        """Keep nothing from ``since_s`` on; what is in the log already of the time since is taken out again.

        Raises `VoicecoachError` when that cannot be done.
        """
        logged_s = since_s + self._since_s
        until = round(logged_s * RATE)
        if self._pieces is not None:
            self._pieces.cut(until)
        if isinstance(self._log, SessionWriter):
            self._log.revise(lambda record: before(record, logged_s), until)
        elif self._log is not None:
            self._log.revise(lambda record: before(record, logged_s))
        self._left = (since_s, reason)

    def stay(self, reason: str) -> None:
        """Nothing is kept for another ``reason`` now; since when stays as it was."""
        if self._left is not None:
            self._left = (self._left[0], reason)

    def come_back(self, now_s: float) -> Break | None:
        """Keep things again; the break that was, to be written: all that is kept of it."""
        if self._left is None:
            return None
        (since_s, reason), self._left = self._left, None
        self._back_s = max(now_s, since_s)
        self._breaks.append((since_s, self._back_s))
        return Break(start=since_s, end=self._back_s, reason=reason)

    def close(self) -> None:
        """Close the log; what fails by then is the trouble."""
        if self._pieces is not None and self.trouble is None:
            self._keep(self._pieces.flush())
        try:
            if self._log is not None:
                self._log.close()
        except VoicecoachError as error:
            self.trouble = self.trouble or error

    def discard(self) -> None:
        """Delete what was kept, of a session that went on what was kept since; after `close`."""
        if self._log is not None:
            self._log.discard()

    def files(self, trouble: Exception | None) -> list[Path]:
        """The report of a session in a folder. Raises ``trouble``, with where that is which was heard until then."""
        files: list[Path] = []
        if self._log is None:
            if trouble is not None:
                raise trouble
            return files
        where = f"the session {self.name}" if self._out is None else str(self._out)
        try:
            if self._out is not None:
                files = [self._out / LOG_NAME, *report.render(read_log(self._out / LOG_NAME), self._out)]
        except (OSError, VoicecoachError):
            if trouble is None:
                raise
            raise VoicecoachError(f"{trouble} Its log is in {where}; a report could not be made.") from trouble
        if trouble is not None:
            raise VoicecoachError(f"{trouble} What was heard until then is in {where}.") from trouble
        return files
