"""A session decided once more from its log agrees with what was decided live."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from truth import fixtures
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.coach import Agreement
from voicecoach.errors import VoicecoachError
from voicecoach.events import Break, Command, Decision, Event, Noted, Prompt, Record, SessionStarted, Word
from voicecoach.session import LiveSession
from voicecoach.session.replay import Line, compare
from voicecoach.store.log import read_log, write_log
from voicecoach.testing import FakeDecoder, FakeSource

AGREED = Agreement("We let each other finish.", "interruption")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """The log of a live session with interruptions, replies with and without a reflection, and two keys."""
    out = tmp_path_factory.mktemp("session")
    (fixture,) = fixtures("2ch", names=["kitchen_table"])
    sound, _ = soundfile.read(fixture.audio, dtype="float32", always_2d=True)
    decoder = FakeDecoder([e for e in fixture.truth if isinstance(e, Word)])
    press: list[tuple[float, Callable[[], None]]] = []

    def watch(event: Event) -> None:
        while press and session.now_s >= press[0][0]:
            press.pop(0)[1]()

    session = LiveSession(
        FakeSource(sound), fixture.people, out=out, speak=False, hurry=True, decoder=decoder,  # type: ignore[arg-type]
        agreements=[AGREED], on_event=watch,
    )  # fmt: skip
    for at, name in ((40.0, "how are we doing"), (60.0, "pause"), (62.0, "pause")):
        press.append((at, lambda name=name: session.command(Command(start=0, end=0, name=name))))  # type: ignore[misc]
    session.run()
    return read_log(out / "events.jsonl")


def test_at_the_same_level_every_decision_is_the_same(records: list[Record]) -> None:
    lines = compare(records)
    assert [line for line in lines if line.when != "both"] == []
    assert {line.decision.choice for line in lines} >= {"said", "wanted", "held", "dropped", "none"}
    assert len(lines) == sum(isinstance(r, Decision) for r in records)


def test_every_prompt_is_explained_at_its_moment(records: list[Record]) -> None:
    said = {line.text: line.decision for line in compare(records) if line.decision.choice == "said"}
    prompts = [r for r in records if isinstance(r, Prompt) and r.words and r.situation not in ("command", "status")]
    assert prompts
    for prompt in prompts:
        assert said[prompt.text].reason == prompt.reason
        assert said[prompt.text].start == pytest.approx(prompt.start, abs=0.15)


def test_another_level_decides_otherwise_and_both_are_told(records: list[Record]) -> None:
    gentle, strict = compare(records, "gentle"), compare(records, "strict")
    assert {line.when for line in strict} == {"both", "then", "now"}
    assert _wanted(gentle) < _wanted(strict)


def test_no_word_of_the_conversation_is_in_a_decision(records: list[Record]) -> None:
    (begin,) = (r for r in records if isinstance(r, SessionStarted))
    spoken = {r.word.strip(".,?!").lower() for r in records if isinstance(r, Word) and len(r.word) > 5}
    from voicecoach.coach.wording import bank

    ours = " ".join((*bank("en").reasons.values(), *bank("en").whys.values(), *begin.people)).lower()
    for decision in (r for r in records if isinstance(r, Decision)):
        private = {w for w in spoken if w in decision.reason.lower() and w not in ours}
        assert not private


def test_the_key_that_leads_away_leads_back(records: list[Record]) -> None:
    (away,) = [r for r in records if isinstance(r, Break)]
    assert (away.start, away.end) == (pytest.approx(60.0, abs=0.1), pytest.approx(62.0, abs=0.1))
    assert any(r.start > 63.0 and isinstance(r, Word) for r in records)


def test_a_log_without_what_the_coach_went_by_is_refused(records: list[Record]) -> None:
    with pytest.raises(VoicecoachError, match="cannot be decided once more"):
        compare([r for r in records if not isinstance(r, Noted)])


def _wanted(lines: list[Line]) -> int:
    return sum(line.decision.choice == "wanted" and line.when != "then" for line in lines)


def test_the_command_shows_when_what_and_why(records: list[Record], tmp_path: Path) -> None:
    write_log(tmp_path, records)
    shown = CliRunner().invoke(app, ["replay", str(tmp_path)])
    assert shown.exit_code == 0
    for decision in (r for r in records if isinstance(r, Decision)):
        assert decision.reason in shown.output
    assert "none of them differ" in shown.output
    assert "+" in CliRunner().invoke(app, ["replay", str(tmp_path), "--level", "strict"]).output
    assert CliRunner().invoke(app, ["replay", str(tmp_path), "--said"]).output.count("said") >= 1
