"""Every drill with a good, a poor and a silent performer: real sound, real hearing, real words, at full speed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from performing import GOOD, POOR, command, perform

from voicecoach.events import Cue, Event, Practised, Prompt, Record
from voicecoach.practice.drills import sheet_of
from voicecoach.session import LiveSession
from voicecoach.transcript import Decoder

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder()


def gone(events: Sequence[Event]) -> Practised:
    (found,) = [e for e in events if isinstance(e, Practised)]
    return found


def said(events: Sequence[Event]) -> list[str]:
    return [e.text for e in events if isinstance(e, Prompt)]


@pytest.mark.parametrize("drill", GOOD)
def test_good_poor_and_silent_performers_are_told_apart(drill: str, decoder: Decoder) -> None:
    good = gone(perform(drill, decoder, reply=GOOD[drill]))
    reply, into = POOR[drill]
    poor = gone(perform(drill, decoder, reply=reply, into=into))
    nobody = perform(drill, decoder)
    silent = gone(nobody)
    assert (good.kind, silent.kind) == ("answered", "nothing")
    assert good.measure >= 0.75, good
    assert poor.measure < good.measure - 0.3, (good, poor)
    assert sheet_of(drill).nudge in said(nobody), "somebody silent is helped first"
    if drill in ("hold", "silence"):
        assert good.figures["false_starts"] == 0
        assert poor.figures["false_starts"] == 1
        assert 500 < poor.figures["came_in_after_ms"] < 1200, "0.35 s, and as much silence before the voice in the clip"
        assert silent.figures["calm"] == good.figures["calm"], "who says nothing has still waited"
    else:
        assert silent.measure < good.measure - 0.3


def test_silence_parroting_unrelated_talk_and_a_paraphrase_are_four_things(decoder: Decoder) -> None:
    clips = {"nothing": [], "word_for_word": ["parrot"], "unrelated": ["unrelated"], "answered": ["paraphrase"]}
    told = set()
    for kind, reply in clips.items():
        texts: list[str] = []

        def hears(event: Event, session: LiveSession, texts: list[str] = texts) -> None:
            if isinstance(event, Cue) and event.situation == "drill":
                texts.append(event.text)

        found = gone(perform("mirror", decoder, reply=reply, hears=hears, after_s=14.0))
        assert found.kind == kind
        assert found.measure == (1 if kind == "answered" else 0)
        told.add(tuple(texts[-2:]))
    assert len(told) == 4, "each hears something else"


def test_nothing_that_was_said_is_in_what_is_kept(decoder: Decoder) -> None:
    found = gone(perform("mirror", decoder, reply=["paraphrase"]))
    assert isinstance(found, Record)
    assert set(found.figures) <= {"points", "of", "parroted", "answered"}
    assert not {"bathroom", "Wednesday"} & set(repr(found).replace("'", " ").split())


def test_again_next_and_example_by_key_and_by_voice(decoder: Decoder) -> None:
    pressed: list[str] = []

    def hears(event: Event, session: LiveSession) -> None:
        if isinstance(event, Practised):
            pressed.append("example" if len(pressed) == 1 else "again")
            command(session, pressed[-1])

    events = perform("curious", decoder, reply=["open_question"], goes=2, hears=hears, after_s=1.0)
    texts = said(events)
    asked = [t for t in texts if t.startswith("The sentence is:")]
    assert len(asked) == 2
    assert asked[0] == asked[1], "again means the same one"
