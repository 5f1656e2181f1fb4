"""What leads away, so that nothing is kept, and what leads back. One rule for all who follow commands."""

from __future__ import annotations

from collections.abc import Mapping

from voicecoach.events import CommandName

COMING_BACK: Mapping[str, tuple[CommandName, ...]] = {
    "off the record": ("on the record",),
    "pause": ("go on", "on the record"),
    "time out": ("go on", "on the record"),
}
"""The commands with which a break begins, and those that end it. "Go on" is said in the middle of things, so it puts
nobody on the record again."""


def away_after(away: str, command: str) -> str:
    """Why nothing is kept after ``command``, where ``away`` is why before it; empty: things are kept.

    "Off the record" takes the place of a pause or a time out; nothing takes the place of it.
    """
    if command in COMING_BACK.get(away, ()):
        return ""
    if command == "off the record" or (not away and command in COMING_BACK):
        return command
    return away


def in_vain(away: str, command: str) -> bool:
    """Whether ``command`` changes nothing, and to confirm it would say what is not so.

    There is nothing to go on from; or off the record it would sound as if a "go on" could end it.
    """
    ended_by_go_on = "go on" in COMING_BACK.get(away, ())
    return command in ("go on", "pause", "time out") and not ended_by_go_on and away_after(away, command) == away
