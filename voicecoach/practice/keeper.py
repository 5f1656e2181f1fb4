"""`Keeper`: writes down what a check-in wants kept, as it happens, so that a crash loses none of it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from voicecoach.errors import VoicecoachError
from voicecoach.events import Event, Keep, Save
from voicecoach.practice.progress import Plan
from voicecoach.practice.steps import END
from voicecoach.store import practice

PLAN = "plan"
"""Name of the first thing kept of a check-in: what it began with."""

PATIENCE_S = 60.0
"""A database that another program has locked is waited for so long …"""
AGAIN_S = 0.5
"""… and tried again so often."""


class Keeper:
    """Takes every event of the session; keeps `Save` and `Keep` of ``checkin`` (None: a new one, by ``plan``).

    Writing is done in a thread of its own: nobody who speaks waits for the disk, and a database that is locked for a
    while only delays it. Use as a context manager; leaving it waits for what is to be written and raises the
    `VoicecoachError` that stopped it, if one did.
    """

    def __init__(
        self, pair: practice.Pair, plan: Plan, checkin: practice.CheckIn | None, clock: Callable[[], datetime]
    ) -> None:
        self._pair = pair
        self._clock = clock
        self._figures: dict[str, object] = {}
        self._error: VoicecoachError | None = None
        if checkin is None:
            checkin = practice.begin(pair, self._now())
            practice.save_step(checkin, PLAN, plan.to_dict(), self._now())
        self._checkin = checkin
        self._waiting: queue.SimpleQueue[Keep | Save | str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.put(None)
        self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    def began(self, session: str) -> None:
        """The check-in is held in this session."""
        self._waiting.put(session)

    def show(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, (Keep, Save)):
            self._waiting.put(event)

    # --- in the thread -----------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while (what := self._waiting.get()) is not None:
            until = time.monotonic() + PATIENCE_S
            while not self._written(what, last=time.monotonic() > until):
                time.sleep(AGAIN_S)

    def _written(self, what: Keep | Save | str, *, last: bool) -> bool:
        """Try to write; whether it is done with, written or, the ``last`` time, given up."""
        try:
            self._write(what)
        except VoicecoachError as error:
            if not last:
                return False
            self._error = self._error or error
        return True

    def _write(self, what: Keep | Save | str) -> None:
        if isinstance(what, str):
            practice.add_session(self._checkin, what)
        elif isinstance(what, Keep):
            self._keep(what)
        elif what.name == END:
            practice.close(self._checkin, self._now(), self._figures)
        else:
            practice.save_step(self._checkin, what.name, what.state, self._now())

    def _now(self) -> str:
        return self._clock().isoformat(timespec="minutes")

    def _keep(self, event: Keep) -> None:
        pair, today, data = self._pair, self._clock().date().isoformat(), event.data
        match event.what:
            case "agreed" if "version" in data:
                practice.agree(pair, self._proposal(data["number"], data["version"]), today)
            case "agreed":
                old = data.get("instead_of", "")
                number = next((a.number for a in practice.agreements(pair) if old and a.text == old), None)
                if not event.text and number is None:
                    return  # it went meanwhile by a command
                practice.propose(
                    pair, event.text, by=event.person, today=today, about=data.get("about", ""), number=number,
                    agreed=True,
                )  # fmt: skip
            case "declined":
                practice.decline(pair, self._proposal(data["number"], data["version"]), today)
            case "commitment":
                practice.add_commitment(pair, event.person, event.text, made=today, due=data["due"])
            case "followed_up":
                practice.follow_up(data["id"], state=data["state"], outcome=event.text, due=data["due"])
            case "learned" | "appreciated" | "breakthrough":
                practice.add_note(self._checkin, event.what, event.person, event.text, today)
            case "figures":
                self._figures = dict(data)

    def _proposal(self, number: int, version: int) -> practice.Agreement:
        return next(a for a in practice.history(self._pair) if (a.number, a.version) == (number, version))
