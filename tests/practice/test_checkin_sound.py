"""A check-in for real: two people at the virtual microphone, a slip, a paraphrase missed and given, a crash, a break.

`scripts/bench checkin` plays the whole of it, from arrival to close, and the one after it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sound
from couple_aloud import IN_THE_MIDDLE, KILL, STOP, CoupleAloud, Say

from voicecoach.practice.progress import Plan, Progress, Rule
from voicecoach.store import keys, practice, sessions

pytestmark = [
    pytest.mark.sound,
    pytest.mark.models,
    pytest.mark.skipif(bool(sound.missing()), reason=f"not installed: {sound.missing()}"),
]

RULE = "We let each other finish."


def begun(minute: str) -> None:
    """A check-in that broke off when Anna was given the floor."""
    pair = practice.pair_of(["Anna", "Ben"], minute[:10])
    practice.propose(pair, RULE, by="", today=minute[:10], about="interruption", agreed=True)
    rules = (Rule(RULE, "interruption"),)
    plan = Plan(("Anna", "Ben"), minute[:10], floor_s=30.0, grace_s=5.0, rest_s=3.0, agreements=rules)
    state = Progress(
        step="speak", topic="the week", budget_s=[30.0, 30.0], rules=[{"text": RULE, "about": "interruption"}]
    )
    checkin = practice.begin(pair, minute)
    practice.save_step(checkin, "plan", plan.to_dict(), minute)
    practice.save_step(checkin, "speak", state.to_dict(), minute)


def test_a_round_with_all_that_can_happen_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import datetime

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("VOICECOACH_KEY", "file")
    begun(datetime.now().isoformat(timespec="minutes"))
    with sound.PulseServer() as pulse:
        couple = CoupleAloud(
            pulse,
            tmp_path,
            [
                ("Anna, you have the floor", IN_THE_MIDDLE),
                (f"Your agreement: {RULE} Ben, name it, say sorry, and Anna goes on", (Say("ben_sorry"),)),
                ("Ben, what did you hear Anna say", (KILL,)),
                ("May I listen. Anna and Ben", (Say("anna_yes"), Say("ben_yes"))),
                ("Ben, what did you hear Anna say", (Say("ben_misses"),)),
                ("Ben, first: what did you hear", (Say("ben_back"),)),
                ("Anna, is that what you meant", (Say("anna_not_quite"),)),
                ("Anna, what was missing", (Say("ben_time_out"),)),
                ("Time out for 3 seconds", (STOP,)),
            ],
        )
        assert couple.run("--consent", "--rate", "300") < 0
        assert couple.run("--rate", "300") == 0, "\n".join(couple.output)
    assert couple.script == [], "\n".join(couple.output)
    assert "Welcome back. We go on where we were." in couple.said
    assert couple.output[-1] == "The check-in is not over: voicecoach check-in goes on where you were."
    checkin = practice.checkins(practice.pairs()[0])[0]
    state = practice.steps(checkin)[-1][2]
    assert (state["step"], state["left"], state["place"]) == ("rest", "correct", 0)
    anna, ben = state["counts"]
    assert anna == {"corrected": 1}
    assert (ben["slips"], ben["repairs"], ben["missed"], ben["reflected"]) == (1, 1, 1, 1)
    assert state["floor_s"][0] > 3
    assert set(checkin.sessions) == {k.name for k in sessions.kept()}
    keys._known.clear()
