"""Whatever happens in the room, some things never do."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from scene import ANSWERING, REFLECTING, TELLING, Scene, run

from voicecoach.coach import LEVELS, Coach
from voicecoach.events import Event, Interruption, VoiceOff, VoiceOn

SAID = [
    TELLING,
    REFLECTING,
    ANSWERING,
    "Yes exactly",
    "Not quite",
    "You never listen to me",
    "Mm",
    "What do you mean?",
    "",
]


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    scene = Scene(lag_s=draw(st.sampled_from([0.0, 0.8, 2.0])))
    at = 0.0
    for _ in range(draw(st.integers(1, 14))):
        who = draw(st.sampled_from(["Anna", "Sam"]))
        start = round(max(0.0, at + draw(st.floats(-1.0, 4.0))), 2)
        end = round(start + draw(st.floats(0.2, 12.0)), 2)
        scene.say(who, start, end, draw(st.sampled_from(SAID)), takes_floor=draw(st.booleans()))
        if draw(st.integers(0, 4)) == 0:
            scene.add(
                end + 0.5,
                Interruption(
                    start=start, end=end, speaker=who, interrupted="Sam" if who == "Anna" else "Anna",
                    kind=draw(st.sampled_from(["successful", "failed", "silent"])),
                    confidence=draw(st.floats(0, 1)), status=draw(st.sampled_from(["provisional", "confirmed"])),
                ),
            )  # fmt: skip
        at = end
    return scene


def voices(events: list[Event]) -> list[tuple[float, float]]:
    """Spans of time in which a voice is on; a person's own overlapping spans count as the coach hears them."""
    on: dict[str, float] = {}
    spans = []
    for event in events:
        if isinstance(event, VoiceOn):
            on.setdefault(event.speaker, event.start)
        elif isinstance(event, VoiceOff) and event.speaker in on:
            spans.append((on.pop(event.speaker), event.start))
    return spans


def swapped(event: Event) -> Event:
    names = {"Anna": "Sam", "Sam": "Anna"}
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    for name, value in fields.items():
        if isinstance(value, str):
            text = value.replace("Anna", "\0").replace("Sam", "Anna").replace("\0", "Sam")
            fields[name] = names.get(value, text)
    return type(event)(**fields)


@given(scenes(), st.sampled_from(sorted(LEVELS)))
@settings(max_examples=150, deadline=None)
def test_never_too_often_and_never_over_a_voice(scene, level):
    events = scene.events()
    cues = run(events, Coach(("Anna", "Sam"), level))
    starts = [c.start for c in cues if c.words]
    assert all(b - a >= LEVELS[level].between_s - 1e-6 for a, b in pairwise(starts))
    for on, off in voices(events):
        assert not any(on <= start < off + 0.4 for start in starts)


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_the_same_events_give_the_same_cues(scene):
    assert run(scene.events(), Coach(("Anna", "Sam"), seed=3)) == run(scene.events(), Coach(("Anna", "Sam"), seed=3))


@given(scenes())
@settings(max_examples=80, deadline=None)
def test_both_people_are_treated_alike(scene):
    events = scene.events()
    cues = run(events, Coach(("Anna", "Sam")))
    assert [swapped(c) for c in cues] == run([swapped(e) for e in events], Coach(("Sam", "Anna")))


@given(scenes())
@settings(max_examples=60, deadline=None)
def test_every_cue_is_complete(scene):
    for cue in run(scene.events(), Coach(("Anna", "Sam"))):
        assert cue.to in ("Anna", "Sam")
        assert cue.situation
        assert cue.reason.endswith(".")
        assert cue.about is not None
        assert bool(cue.text) == cue.words


@given(scenes(), st.sampled_from([2, 4, 5]))
@settings(max_examples=60, deadline=None)
def test_finer_ticks_of_the_clock_do_not_change_what_is_said(scene, finer):
    plain = run(scene.events(), Coach(("Anna", "Sam")))
    scene.tick_s /= finer
    assert run(scene.events(), Coach(("Anna", "Sam"))) == plain
