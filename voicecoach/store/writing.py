"""Write a session into the database while it happens. Whoever speaks never waits for the disk: a thread writes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from types import TracebackType

import apsw

from voicecoach.errors import VoicecoachError
from voicecoach.events import Record, SessionStarted
from voicecoach.store import alive, database, keys, sessions
from voicecoach.store.log import line_of, revised

WRITE_S = 0.3
"""What happened is on the disk this much later at most, if the disk is quick: less than a second is ever lost."""
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
            if name:
                with db:
                    db.execute("UPDATE session SET state = 'open' WHERE id = ?", (self._id,))
        self._waiting: list[str] = []
        self._length_s = 0.0
        self._begun: SessionStarted | None = None
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
                self._begun = record
            self._length_s = max(self._length_s, record.end)
            self._waiting.append(line_of(record))
            self._changed.notify()

    def revise(self, change: Callable[[Record], Record | None]) -> None:
        """Put ``change`` of each record in its place, or take it out for None; nothing of what stood there is left."""
        with self._putting, self._changed:
            self._waiting = revised(self._waiting, change)
            with database.opened() as db:
                with db:
                    sessions.revise(db, self._id, lambda lines: revised(lines, change))
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
        except VoicecoachError as error:
            with self._changed:
                self._error = VoicecoachError(f"The session could not be written further. {error}")

    def _write_some(self, db: database.Connection) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
        with self._putting:
            with self._changed:
                lines, begun, length_s = list(self._waiting), self._begun, self._length_s
            try:
                self._put(db, lines, begun, length_s, "open")
            except (apsw.BusyError, apsw.LockedError):
                return  # they stay in the queue
            with self._changed:
                del self._waiting[: len(lines)]

    def _write_last(self, db: database.Connection) -> None:
        until = time.monotonic() + LAST_WAIT_S
        while True:
            try:
                self._put(db, self._waiting, self._begun, self._length_s, "closed")
            except (apsw.BusyError, apsw.LockedError):
                if time.monotonic() > until:
                    raise
                continue
            return

    def _put(
        self, db: database.Connection, lines: list[str], begun: SessionStarted | None, length_s: float, state: str
    ) -> None:
        with db:
            sessions.add(db, self._id, lines)
            db.execute(
                "UPDATE session SET length_s = max(length_s, ?), state = ? WHERE id = ?", (length_s, state, self._id)
            )
            if begun is not None:
                people = json.dumps(begun.people, ensure_ascii=False)
                db.execute("UPDATE session SET date = ?, people = ? WHERE id = ?", (begun.date, people, self._id))
