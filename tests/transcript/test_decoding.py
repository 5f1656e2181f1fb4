from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys

import numpy as np
import pytest
import soundfile as sf
import soxr
from truth import Fixture, fixtures

from voicecoach.events import Speech, Word
from voicecoach.samples import RATE
from voicecoach.transcript import Decoder, Job, transcribe_all
from voicecoach.transcript.decoder import foreign, loops

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(at_once=2)


def spelled(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9' ]", "", text.lower()).split()


def stretches(fixture: Fixture) -> dict[str, list[tuple[float, float]]]:
    return {
        who: [(r.start, r.end) for r in fixture.truth if isinstance(r, Speech) and r.speaker == who]
        for who in fixture.people
    }


@pytest.mark.parametrize("name", ["interruptions", "terminal_overlaps"])
def test_a_whole_recording_is_written_down_with_times(decoder: Decoder, name: str) -> None:
    (fixture,) = fixtures("2ch", names=[name])
    sound, rate = sf.read(fixture.audio, dtype="float32")
    assert rate == RATE
    shares: list[float] = []
    found = transcribe_all(
        lambda channel, a, b: sound[int(a * RATE) : int(b * RATE), channel],
        stretches(fixture),
        fixture.people.index,
        decoder,
        shares.append,
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [w.start for w in found] == sorted(w.start for w in found)
    off = []
    for who in fixture.people:
        true = [r for r in fixture.truth if isinstance(r, Word) and r.speaker == who]
        mine = [w for w in found if w.speaker == who]
        match = difflib.SequenceMatcher(
            None, [spelled(w.word) for w in true] and ["".join(spelled(w.word)) for w in true],
            ["".join(spelled(w.word)) for w in mine], autojunk=False,
        )  # fmt: skip
        assert match.ratio() > 0.9
        for a, b, size in match.get_matching_blocks():
            off += [abs(mine[b + i].start - true[a + i].start) for i in range(size)]
    assert np.quantile(off, 0.9) < 0.15


def test_words_that_are_known_lead_to_those_that_follow_and_are_not_given_again(decoder: Decoder) -> None:
    (fixture,) = fixtures("2ch", names=["clean_turns"])
    sound, _ = sf.read(fixture.audio, dtype="float32")
    who = fixture.people[0]
    true = [r for r in fixture.truth if isinstance(r, Word) and r.speaker == who][:20]
    known, new = true[:8], true[8:]
    start, end = true[0].start - 0.1, true[-1].end + 0.1
    job = Job(
        speaker=who, start=start, audio=sound[int(start * RATE) : int(end * RATE), fixture.people.index(who)],
        voiced=((new[0].start, true[-1].end),), said=tuple(known),
    )  # fmt: skip
    said = decoder.decode(job).words
    assert spelled(said[0].word) == spelled(new[0].word)
    assert difflib.SequenceMatcher(
        None, spelled(" ".join(w.word for w in new)), spelled(" ".join(w.word for w in said))
    ).ratio() > 0.8  # fmt: skip
    assert all(w.start >= new[0].start - 0.01 for w in said)


def test_who_talks_very_fast_is_written_down_to_the_end(decoder: Decoder) -> None:
    """Seven words a second for 20 s: without pauses, and played faster."""
    (fixture,) = fixtures("mix", names=["kitchen_table"])
    sound, _ = sf.read(fixture.audio, dtype="float32")
    said = [r for r in fixture.truth if isinstance(r, Speech)]
    voices = np.concatenate([sound[int(r.start * RATE) : int(r.end * RATE)] for r in said])
    fast = np.asarray(soxr.resample(voices[: int(20 * 1.7 * RATE)], 1.7 * RATE, RATE), np.float32)
    words = decoder.hear(fast, [(0.0, 20.0)], more=True)
    assert len(words) > 140
    assert words[-1].end > 19.5


@pytest.mark.parametrize(
    ("tokens", "looping"),
    [
        ([1, 2, 3, 4, 5], False),
        ([7] * 5, False),
        ([1, *[7] * 6], True),
        ([1, *[8, 9] * 6, 2], True),
        ([8, 9] * 3, False),
        ([1, *[2, 3, 4, 5] * 4], True),
    ],
)
def test_a_loop_is_the_same_again_and_again(tokens: list[int], looping: bool) -> None:
    assert loops(tokens) == looping


def test_letters_of_other_languages_are_not_written_where_english_or_german_is_spoken() -> None:
    assert foreign(["caf\u00e9", " gr\u00fc\u00df", "10 \u20ac", "?", " 7's"]) == []
    assert foreign(["ok", "\u7279", " \u0441\u0442\u043e", "\ufffd", "\u0648"]) == [1, 2, 3, 4]


def noises() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    n = 30 * RATE
    t = np.arange(n) / RATE
    white = rng.normal(0, 0.05, n)
    keys = np.zeros(n)
    for at in rng.uniform(0, 29, 90):
        k = int(at * RATE)
        keys[k : k + 400] += rng.normal(0, 0.3, 400) * np.exp(-np.arange(400) / 60)
    chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.2, 329.6)) * (0.05 + 0.04 * np.sin(2 * np.pi * 0.5 * t))
    return {"silence": np.zeros(n), "white": white, "keyboard": keys, "chord": chord}


@pytest.mark.parametrize("name", ["silence", "white", "keyboard", "chord"])
def test_no_words_are_invented(decoder: Decoder, name: str) -> None:
    sound = noises()[name].astype(np.float32)
    for a in (0.0, 10.0):  # as if something upstream had taken it for a voice
        assert decoder.hear(sound[int(a * RATE) : int((a + 8) * RATE)], [(0.5, 7.0)]) == []


def test_nothing_voiced_is_no_words(decoder: Decoder) -> None:
    assert decoder.hear(np.zeros(RATE, np.float32), []) == []


LENGTHS = """
import numpy as np
from voicecoach.transcript.decoder import FRAMES_PER_S, _Whisper, DecoderSettings
whisper = _Whisper("whisper-base", DecoderSettings(beam=1), 1, 1)
for context_s in (10.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 10.0):
    print("context", context_s, flush=True)
    whisper.settings = DecoderSettings(beam=1, context_s=context_s)
    whisper.hear(np.zeros(16_000, np.float32))
"""


def test_what_is_compiled_for_one_length_of_sound_is_not_kept_for_ever() -> None:
    """Else memory grows with every new length, for hours."""
    done = subprocess.run(
        [sys.executable, "-c", LENGTHS], env=os.environ | {"ONEDNN_VERBOSE": "2"}, capture_output=True, text=True,
        timeout=120, check=True,
    )  # fmt: skip
    first, again, *_, after_others = done.stdout.split("context")[1:]
    if "convolution" not in first:
        pytest.skip("this computer's recogniser computes without oneDNN")
    assert "cache_miss" in first
    assert "cache_hit,cpu,convolution" in again, "the same length again costs nothing"
    assert "cache_miss,cpu,convolution" in after_others, "what was compiled for it is still kept"
