"""What the people say of a moment holds, changes all that follows from it and nothing else, and can be taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from truth import fixtures
from written import conversation

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import (
    Backchannel,
    Correction,
    CorrectionLabel,
    Interruption,
    Record,
    SessionStarted,
    Speech,
    Turn,
    Word,
)
from voicecoach.report import checked, locate, summarise
from voicecoach.report.again import OF_THE_FLOOR, floor_of
from voicecoach.report.corrections import corrected, read_corrections, standing

Talk = Callable[..., list[Record]]
LABELS = ("interruption", "not_interruption", "listening", "said_back", "not_said_back")


def fix(at: float, label: str, speaker: str = "Ben", **more: object) -> Correction:
    return Correction(start=at, end=at, speaker=speaker, label=label, **more)  # type: ignore[arg-type]


def cut(records: list[Record]) -> Interruption:
    return next(r for r in records if isinstance(r, Interruption))


def test_not_an_interruption_is_counted_nowhere(talk: Talk) -> None:
    records = talk()
    figures = summarise(corrected([*records, fix(cut(records).start, "not_interruption")]))
    assert figures["interruptions"] == figures["came_in"] == figures["unclear"] == []
    assert figures["overlaps"] == {"backchannel": 1, "terminal": 1}


def test_an_unclear_moment_becomes_clear_and_an_overlap_an_interruption(talk: Talk) -> None:
    records = talk()
    sign = next(r for r in records if r.type == "backchannel")
    figures = summarise(corrected([*records, fix(sign.start, "interruption")]))
    first = figures["interruptions"][0]
    assert (first["speaker"], first["interrupted"], first["kind"], first["yielded"]) == ("Ben", "Anna", "failed", "Ben")
    assert first["confidence"] == 1.0
    assert figures["people"]["Ben"]["backchannels"] == 0


def test_an_interruption_that_was_listening(talk: Talk) -> None:
    records = talk()
    figures = summarise(corrected([*records, fix(cut(records).start, "listening")]))
    assert figures["interruptions"] == []
    assert figures["people"]["Ben"]["backchannels"] == 2


def test_said_back_and_not(talk: Talk) -> None:
    records = talk()
    first, second = (r.start for r in records if r.type == "reply_act")
    other_way = corrected([*records, fix(first, "not_said_back"), fix(second, "said_back")])
    assert [r["reflected"] for r in summarise(other_way)["replies"]] == [False, True]


def test_undone_is_as_never_said(talk: Talk) -> None:
    records = talk()
    undone = [*records, fix(cut(records).start, "not_interruption"), fix(0, "undo", undoes=1)]
    assert [r for r in corrected(undone) if not isinstance(r, Correction)] == corrected(records)
    assert standing(undone) == []


@pytest.mark.parametrize(("language", "found"), [("de", ["Ach so."]), ("en", []), ("xx", [])])
def test_the_floor_is_looked_at_again_in_the_language_of_the_log(language: str, found: list[str]) -> None:
    """A sign of listening is known by its words; a language without any is looked at as English."""
    told = "Ich habe ihm gesagt, dass ich das so nicht mehr mitmache, und dann bin ich einfach gegangen."
    records: list[Record] = [SessionStarted(start=0, end=0, people=("Anna", "Ben"), channels=2, language=language)]
    for who, start, end, text in (("Anna", 0.0, 6.4, told), ("Ben", 2.0, 2.8, "Ach so.")):
        records.append(Speech(start=start, end=end, speaker=who))
        step = (end - start) / len(text.split())
        records += [
            Word(start=start + i * step, end=start + (i + 1) * step, speaker=who, word=word)
            for i, word in enumerate(text.split())
        ]
    assert [r.text for r in floor_of(records) if isinstance(r, Backchannel)] == found


def test_somebody_else_spoke_and_all_of_it_follows() -> None:
    """Anna and Ben each speak; a turn heard as Ben's was Anna's, so her two turns and it become one."""
    said = [("Anna", 0.0, 4.0), ("Ben", 4.3, 8.0), ("Anna", 8.3, 12.0), ("Ben", 13.0, 16.0)]
    records: list[Record] = [SessionStarted(start=0, end=0, people=("Anna", "Ben"), channels=2)]
    for who, start, end in said:
        records.append(Speech(start=start, end=end, speaker=who))
        records += [
            Word(start=start + i * 0.5, end=start + i * 0.5 + 0.4, speaker=who, word=f"word{i}.")
            for i in range(int((end - start) / 0.5))
        ]
    records += floor_of(records)
    assert len([r for r in records if isinstance(r, Turn)]) == 4
    after = corrected([*records, Correction(start=4.3, end=8.0, speaker="Ben", label="speaker", name="Anna")])
    turns = [(t.speaker, t.start, t.end) for t in after if isinstance(t, Turn)]
    assert turns == [("Anna", 0.0, 12.0), ("Ben", 13.0, 16.0)]
    assert {w.speaker for w in after if isinstance(w, Word) and w.start < 12} == {"Anna"}
    assert sum(r.type == "gap" for r in after) == 1


@pytest.mark.parametrize("fixture", fixtures("2ch"), ids=lambda f: f.name)
def test_the_floor_of_a_log_is_found_again(fixture: object) -> None:
    """What a correction of the speaker changes is a difference; without one there is none."""
    truth = [r for r in fixture.truth if isinstance(r, (Speech, Word))]  # type: ignore[attr-defined]
    head = SessionStarted(start=0, end=0, people=fixture.people, channels=2)  # type: ignore[attr-defined]
    once = [head, *truth, *floor_of([head, *truth])]
    nobody = Correction(start=0, end=0.0, speaker="nobody", label="speaker", name="Anna")
    floor = [r for r in corrected([*once, nobody]) if isinstance(r, OF_THE_FLOOR)]
    assert floor == sorted(floor_of(once), key=lambda r: (r.start, r.end))


def test_somebody_else_spoke_changes_nothing_far_away(talk: Talk) -> None:
    """What is far from the moment stays, whatever a second look at it would say."""
    records = talk(rounds=12)
    turn = [r for r in records if isinstance(r, Turn)][24]
    moved = fix(turn.start, "speaker", turn.speaker, name="Ben" if turn.speaker == "Anna" else "Anna")
    after = corrected([*records, dataclasses.replace(moved, end=turn.end)])

    def far(of: list[Record]) -> list[Record]:
        kept = [r for r in of if not isinstance(r, Correction)]
        return [r for r in kept if r.end < turn.start - 91 or r.start > turn.end + 91]

    assert len(far(records)) > 200
    assert far(after) == sorted(far(records), key=lambda r: (r.start, r.end))


@settings(max_examples=60, deadline=None)
@given(
    made=st.lists(
        st.builds(fix, st.floats(0, 60), st.sampled_from(LABELS), st.sampled_from(["Anna", "Ben"])), max_size=5
    )
)
def test_applied_twice_is_applied_once(made: list[Correction]) -> None:
    records: list[Record] = [*conversation(rounds=2), *made]
    once = corrected(records)
    assert corrected(once) == once
    assert [r for r in once if isinstance(r, (Speech, Word))] == [
        r for r in sorted(records, key=lambda r: (r.start, r.end)) if isinstance(r, (Speech, Word))
    ]
    summarise(once)


def test_corrections_read_from_a_file_and_bad_ones_refused(tmp_path: Path) -> None:
    line = '{"type": "correction", "start": 1, "end": 2, "speaker": "Ben", "label": "speaker", "name": "Anna"}'
    (one,) = read_corrections(line + "\n\n")
    assert (one.label, one.name) == ("speaker", "Anna")
    for bad in (
        "{",
        "[]",
        '{"type": "turn", "start": 0, "end": 1, "speaker": "A"}',
        line.replace('"speaker",', '"x",'),
    ):
        with pytest.raises(VoicecoachError, match="Line 2 is not a correction"):
            read_corrections(line + "\n" + bad)


def test_a_time_as_the_report_shows_it_finds_the_moment(talk: Talk) -> None:
    records = talk()
    at = cut(records).start
    found = locate(records, float(int(at)), "not_interruption")
    assert (found.start, found.speaker) == (at, "Ben")
    whole = locate(records, at, "speaker", "Ben", "Anna")
    assert corrected([*records, whole])[-1] == whole
    turn = next(r for r in records if isinstance(r, Turn) and r.start == at)
    assert (whole.start, whole.end, whole.name) == (turn.start, turn.end, "Anna")


@pytest.mark.parametrize(
    ("at", "label", "who", "name", "says"),
    [
        (500.0, "not_interruption", "", "", "begins near 8:20"),
        (0.5, "not_interruption", "", "", "begins near 0:00"),
        (0.5, "speaker", "Zoe", "Anna", "Nobody called Zoe"),
        (0.5, "speaker", "Anna", "Anan", "Nobody called Anan"),
    ],
)
def test_what_is_not_there_cannot_be_put_right(
    at: float, label: CorrectionLabel, who: str, name: str, says: str, talk: Talk
) -> None:
    with pytest.raises(MisuseError, match=says):
        locate(talk(), at, label, who, name)


def test_corrections_from_outside_must_fit_the_session(talk: Talk) -> None:
    records = talk()
    good = fix(5, "listening")
    assert checked(records, [good, fix(0, "undo", undoes=1)]) == [good, fix(0, "undo", undoes=1)]
    for bad in (
        fix(5000, "listening"),
        fix(5, "listening", "Zoe"),
        fix(5, "speaker", name="Zoe"),
        fix(0, "undo", undoes=3),
    ):
        with pytest.raises(MisuseError):
            checked(records, [good, bad])
