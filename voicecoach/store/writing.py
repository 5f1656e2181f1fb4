"""Write a session into the database while it happens. Whoever speaks never waits for the disk: a thread writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

import apsw

from voicecoach.errors import VoicecoachError
from voicecoach.events import Correction, Record, SessionStarted
from voicecoach.store import alive, database, keys, sessions, sound
from voicecoach.store.log import line_of, revised

WRITE_S = 0.3
"""What happened is on the disk this much later at most, if the disk is quick: less than a second is ever lost."""
NAMING = (SessionStarted.type, Correction.type)
"""Records that say who the people are."""
LAST_WAIT_S = 60.0
"""At the end, wait so long for a database that another program has locked."""


class SessionWriter:
    """Appends records to a new session, or, with ``name``, to one that was cut off.

    A database that is locked for a while only delays writing. Raises `VoicecoachError` from `write` or `close` when
    something could not be written; what was written before stays.
    """

    def __init__(self, name: str = "") -> None:
        with database.opened() as db:
            self._id, self.name = (sessions.number_of(db, name), name) if name else sessions.begin(db)
            self._hold = alive.Hold(self._id)
            self._before = sessions.where(db, self._id) if name else None
            if name:
                with db:
                    db.execute("UPDATE session SET state = 'open' WHERE id = ?", (self._id,))
        self._waiting: list[str] = []
        self._pieces: list[sound.Piece] = []
        self._length_s = 0.0
        self._date = ""
        self._changed = threading.Condition()
        self._putting = threading.Lock()  # lines are in the database or in `_waiting`, never in both, while it is free
        self._closing = False
        self._error: VoicecoachError | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def write(self, record: Record) -> None:
        """Append one record; does not wait."""
        with self._changed:
            if self._error is not None:
                raise self._error
            if isinstance(record, SessionStarted):
                self._date = record.date
            self._length_s = max(self._length_s, record.end)
            self._waiting.append(line_of(record))
            self._changed.notify()

    def write_sound(self, piece: sound.Piece) -> None:
        """Keep a piece of the session's sound with it; does not wait."""
        with self._changed:
            if self._error is not None:
                raise self._error
            self._pieces.append(piece)
            self._changed.notify()

    def revise(self, change: Callable[[Record], Record | None], sound_until: int | None = None) -> None:
        """Put ``change`` of each record in its place, or take it out for None; nothing of what stood there is left.

        Neither is anything of the sound from sample ``sound_until`` on, if one is given.
        """
        with self._putting, self._changed:
            self._waiting = revised(self._waiting, change)
            if sound_until is not None:
                self._pieces = list(sound.cut(self._pieces, sound_until))
            with database.opened() as db:
                with db:
                    sessions.revise(db, self._id, lambda lines: revised(lines, change))
                    if sound_until is not None:
                        sound.take_back(db, self._id, sound_until)
                database.leave_nothing(db)

    def close(self) -> None:
        """Write what is left and mark the session as closed."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._hold.free()
        if self._error is not None:
            raise self._error

    def discard(self) -> None:
        """Delete what was written; after `close`. A session that was cut off is again as it was before."""
        if self._before is None:
            sessions.delete(self.name)
        else:
            sessions.put_back(self.name, self._before)

    def __enter__(self) -> SessionWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- in the thread ---------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            with database.told():
                db = database.connect(keys.find(lambda key: True))
                try:
                    while not self._closing:
                        self._write_some(db)
                        time.sleep(0.0 if self._closing else WRITE_S)
                    self._write_last(db)
                finally:
                    db.close()
        except Exception as error:  # else nobody would know, and all that follows would be lost
            inside = f"Please tell the makers this ({type(error).__name__}); it holds nothing said."
            why = error if isinstance(error, VoicecoachError) else inside
            with self._changed:
                self._error = VoicecoachError(f"The session could not be written further. {why}")

    def _write_some(self, db: database.Connection) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._pieces or self._closing)
        with self._putting:
            with self._changed:
                lines, pieces = list(self._waiting), list(self._pieces)
            try:
                self._put(db, lines, pieces, "open")
            except (apsw.BusyError, apsw.LockedError):
                return  # they stay in the queue
            with self._changed:
                del self._waiting[: len(lines)], self._pieces[: len(pieces)]

    def _write_last(self, db: database.Connection) -> None:
        until = time.monotonic() + LAST_WAIT_S
        while True:
            try:
                self._put(db, self._waiting, self._pieces, "closed")
            except (apsw.BusyError, apsw.LockedError):
                if time.monotonic() > until:
                    raise
                continue
            return

    def _put(self, db: database.Connection, lines: list[str], pieces: list[sound.Piece], state: str) -> None:
        with db:
            sessions.add(db, self._id, lines)
            sound.add(db, self._id, pieces)
            db.execute(
                "UPDATE session SET length_s = max(length_s, ?), state = ?, date = iif(? = '', date, ?) WHERE id = ?",
                (self._length_s, state, self._date, self._date, self._id),
            )
            if any(f'"{name}"' in line for name in NAMING for line in lines):
                sessions.name_people(db, self._id)  # from its log: other programs name people too
