"""A prompt and a voice that begins just then: who gives way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from truth import someone_speaks

from voicecoach.audio import Chunk
from voicecoach.events import Clock, Cue, Prompt, VoiceOn
from voicecoach.samples import RATE
from voicecoach.session.prompting import HELD_S, Speaker, unspoken

pytestmark = pytest.mark.models
PIECE = 800
CUE = Cue(start=2.0, end=2.0, text="Ben, what did you hear?", to="Ben", situation="invite", reason="", about=0.0)


class _Loudspeaker:
    available, playing = True, False

    def play(self, samples: np.ndarray) -> None:
        self.playing = True

    def stop(self) -> None:
        self.playing = False

    def reference(self, n: int, now: float, lost: int = 0) -> np.ndarray:
        return np.zeros(n, np.float32)


class _Voice:
    def settled(self, text: str) -> bool:
        return True

    def ready(self, text: str) -> np.ndarray:
        return np.ones(RATE, np.float32)


class Room:
    """Somebody speaks for ``length_s`` from 1.85 s on; the prompt is due at 2 s."""

    def __init__(self, length_s: float) -> None:
        self.sound = someone_speaks(1.85, length_s, 4.0, channels=1)
        self.loudspeaker = _Loudspeaker()
        self.speaker = Speaker(_Voice(), self.loudspeaker, microphones=1)  # type: ignore[arg-type]
        self.done: list[Prompt] = []
        self.now = 0.0

    def until(self, end_s: float) -> None:
        while self.now < end_s - 1e-9:
            first = round(self.now * RATE)
            self.now += PIECE / RATE
            samples = self.sound[first : first + PIECE]
            self.done += self.speaker.without(Chunk(samples, came_s=self.now), self.now)[1]
            self.done += self.speaker.hears(Clock(start=self.now - 0.3, end=self.now - 0.3), self.now)


def test_in_a_silence_a_prompt_begins_at_once() -> None:
    room = Room(0.0)
    room.until(2.0)
    assert room.speaker.say(CUE) == []
    assert room.loudspeaker.playing


def test_a_prompt_does_not_begin_in_a_voice_that_hearing_has_not_decided_on() -> None:
    room = Room(2.0)
    room.until(2.0)
    assert room.speaker.say(CUE) == []
    assert not room.loudspeaker.playing
    room.until(2.15)
    (prompt,) = room.speaker.hears(VoiceOn(start=1.85, end=1.85, speaker="Anna"), room.now)
    assert (prompt.text, prompt.spoken, prompt.cut) == (CUE.text, False, True)
    room.until(3.5)
    assert not room.loudspeaker.playing


def test_it_begins_after_all_when_that_was_nobody() -> None:
    room = Room(0.2)
    room.until(2.0)
    room.speaker.say(CUE)
    assert not room.loudspeaker.playing
    room.until(2.4)
    assert room.loudspeaker.playing
    room.loudspeaker.playing = False
    room.until(2.6)
    (prompt,) = room.done
    assert 2.0 < prompt.start <= 2.4
    assert prompt.spoken


def test_what_stirs_too_long_lets_the_moment_pass() -> None:
    room = Room(2.0)
    room.until(2.0)
    room.speaker.say(CUE)
    room.until(2.0 + HELD_S + 0.1)
    (prompt,) = room.done
    assert not prompt.spoken
    assert not room.loudspeaker.playing


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_where_the_loudspeaker_is_gone_a_prompt_is_shown_as_long_as_it_takes_to_read(when: str) -> None:
    room = Room(0.0)
    room.until(2.0)
    lines = [replace(CUE, text=text, patient=True) for text in ("Ben, what did you hear?", "Is there more?")]
    room.loudspeaker.available = when == "meanwhile"
    for line in lines:
        assert room.speaker.say(line) == []
    room.until(2.2)
    assert room.loudspeaker.playing == (when == "meanwhile")
    room.loudspeaker.available = room.loudspeaker.playing = False
    room.until(3.95)
    assert [p.text for p in room.done] == [line.text for line in lines]
    assert not any(p.spoken or p.cut for p in room.done)
    first, second = room.done
    assert first.end - first.start == pytest.approx(unspoken(lines[0]).end - 2.0)
    assert second.start >= first.end
