"""Nobody is enrolled, and the voices get their names while people talk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from truth import fixtures

from voicecoach.errors import MisuseError
from voicecoach.events import Correction, Event, KeptVoice, Prompt, Word
from voicecoach.report import corrected
from voicecoach.session import LiveSession
from voicecoach.session.replay import compare
from voicecoach.store.log import read_log
from voicecoach.testing import FakeDecoder, FakeSource

pytestmark = pytest.mark.models
NAMED_S = 20.0


def test_voices_named_while_it_goes_on_are_called_so_from_then_on_and_can_be_kept(tmp_path: Path) -> None:
    (fixture,) = fixtures("mix", names=["kitchen_table"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    sound = sound[: 50 * 16_000]
    words = [e for e in fixture.truth if isinstance(e, Word) and e.end < 50]
    letters = dict(zip(dict.fromkeys(w.speaker for w in words), "AB", strict=True))
    names = {letter: person for person, letter in letters.items()}

    def name_them(event: Event) -> None:
        if session.now_s >= NAMED_S and not named:
            named.update(names)
            for letter, person in names.items():
                session.call(letter, person)
            with pytest.raises(MisuseError, match="Two people"):
                session.call("A", names["B"])

    named: dict[str, str] = {}
    decoder = FakeDecoder([replace(w, speaker=letters[w.speaker]) for w in words])
    session = LiveSession(
        FakeSource(sound), ["A", "B"], out=tmp_path, speak=False, hurry=True, keep_voices=True,
        decoder=decoder, on_event=name_them,  # type: ignore[arg-type]
    )  # fmt: skip
    session.run()
    records = read_log(tmp_path / "events.jsonl")
    given = [r for r in records if isinstance(r, Correction)]
    assert [(c.speaker, c.name) for c in given] == list(names.items())
    assert all(c.start == pytest.approx(NAMED_S, abs=0.2) for c in given)
    said = " ".join(p.text for p in records if isinstance(p, Prompt) and p.start > NAMED_S + 1)
    assert any(person in said for person in letters)
    assert not {"A", "B", "A,", "B,"} & set(said.split())
    assert {w.speaker for w in corrected(records) if isinstance(w, Word)} == set(letters)
    assert {v.speaker for v in records if isinstance(v, KeptVoice)} == {"A", "B"}
    assert set(session.found) == set(letters)
    assert [line for line in compare(records) if line.when != "both"] == []
