"""What stands in each part of the page, read as text: every moment, with what became of it and how sure it is."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable

import pytest

from voicecoach.events import Gap, Interruption, Overlap, Prompt, Record, ReplyAct, SessionStarted, Tension, Turn, Word
from voicecoach.report import page, summarise

Talk = Callable[..., list[Record]]


def section(records: list[Record], name: str) -> str:
    """The part of the page with this id, as text; links to moments as ‹time›."""
    whole = page(records, summarise(records))
    (found,) = re.findall(rf'<section id="{name}".*?</section>', whole, re.S)
    found = re.sub(r'<a class="at"[^>]*>(.*?)</a>', r"‹\1›", found)
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]*>", " ", found))).replace(" ,", ",")


def changed(records: list[Record], of: type[Record], /, **values: object) -> list[Record]:
    return [dataclasses.replace(r, **values) if isinstance(r, of) else r for r in records]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("successful", "Anna stopped before the end"),
        ("failed", "Ben let Anna go on"),
        ("silent", "Ben came in during a pause in mid-sentence"),
    ],
)
def test_who_came_in_on_whom_what_became_of_it_and_the_words_cut_off(talk: Talk, kind: str, told: str) -> None:
    text = section(changed(talk(), Interruption, kind=kind), "h-came-in")
    row = text[text.index("how sure") :]
    assert row.index("Ben") < row.index("Anna") < row.index(told) < row.index("… through all the bills")
    assert "likely" not in row.split("How sure")[0]
    assert "clear (86 %)" in row
    assert "signs of listening: 1 (‹0:02›)" in text


def test_what_is_not_clear_is_listed_apart(talk: Talk) -> None:
    text = section(changed(talk(), Interruption, confidence=0.4), "h-came-in")
    assert "None that is clear." in text
    assert "room to finish" not in text
    assert re.search(r"not clear what it was: ‹0:2\d› Ben", text)


def test_without_words_nothing_is_said_of_what_was_said(talk: Talk) -> None:
    timed = [dataclasses.replace(r, text="") if isinstance(r, Turn) else r for r in talk(rounds=3)]
    records = [r for r in timed if not isinstance(r, (Word, ReplyAct))]
    text = section(records, "h-listening")
    assert "The words of this conversation are not known" in text
    assert "no questions" not in text
    assert "long enough" not in text


def test_listening_is_shown_as_listening(talk: Talk) -> None:
    records = [*talk(), Overlap(start=2, end=2.4, speaker="Ben", over="Anna", kind="cooperative")]
    text = section(records, "h-signs")
    assert "signs of listening: 0" in text
    assert re.search(r"signs of listening: 1 “?Mm-hm\.”? ‹0:02›", text)
    assert re.search(r"helped the other along: 1 .*‹0:02›", text)
    assert "They never count as coming in early" in text


def test_what_was_said_back_asked_and_felt(talk: Talk) -> None:
    def more(r: Record) -> Record:
        return dataclasses.replace(r, feelings=("alone",)) if isinstance(r, ReplyAct) and r.covered else r

    yes = ReplyAct(start=12, end=13, speaker="Anna", to="Ben", acts={"agreement": 0.9}, text="Yes, exactly.")
    text = section(sorted([*map(more, talk()), yes], key=lambda r: (r.start, r.end)), "h-listening")
    assert "1 × said back (probably 0 to 1 of them) ‹0:11›" in text
    assert "0 × said back" not in text, "where there was nothing to say back, nothing is counted"
    assert "1 confirmed, 0 “not quite”, 0 not answered" in text
    assert "1 of 2 longer turns were said back (in the long run perhaps" in text
    assert "questions: 0 open, 1 for a yes or no ‹0:11›" in text
    assert "said back 1.0 times for each question asked" in text
    assert re.search(r"feelings named: “?alone”? ‹0:11›", text)
    assert "room for it" in text, "one that was missed is no fault"


def test_turns_gaps_and_the_longest(talk: Talk) -> None:
    records = talk(rounds=2)
    text = section(records, "h-turns")
    longest = max((r for r in records if isinstance(r, Turn) and r.speaker == "Anna"), key=lambda t: t.end - t.start)
    assert f"{longest.end - longest.start:.1f} s ‹" in text
    to_ben = [r.fto_s for r in records if isinstance(r, Gap) and r.speaker == "Ben"]
    assert f"Anna → Ben {len(to_ben)} " in text
    assert f"{max(to_ben):.2f} s ‹" in text


def test_balance_over_time(talk: Talk) -> None:
    text = section(talk(rounds=4), "h-balance")
    assert re.search(r"Anna \d\d % .* Ben \d\d %", text)
    assert text.count("‹") >= 4, "each stretch leads to where it is"


def test_tension_and_its_highest_moments(talk: Talk) -> None:
    course = [Tension(start=t, end=t + 60.0, value=0.9 if t == 20 else 0.1) for t in range(0, 40, 5)]
    text = section(sorted([*talk(), *course], key=lambda r: (r.start, r.end)), "h-tension")
    assert re.search(r"Highest: ‹\d:\d\d›", text)
    assert "calm throughout" not in text


def test_each_prompt_and_what_followed(talk: Talk) -> None:
    text = section(talk(rounds=2), "h-prompts")
    assert "2 prompts; after 1 of them it was said back next." in text
    assert re.search(r"‹0:\d\d› Ben Ben, what did you hear\? it was said back ‹0:\d\d›", text)
    going_on = next(r for r in talk() if isinstance(r, Turn))
    chime = Prompt(start=going_on.end - 1, end=going_on.end - 0.8, text="", to="Ben", situation="interruption")
    assert re.search(r"\(a chime\) the talk went on *$", section([going_on, chime], "h-prompts")), (
        "not what went before"
    )


@pytest.mark.parametrize(
    ("hearing", "sure"),
    [
        ("channels", "well known · a microphone each"),
        ("enrolled", "fairly sure · one microphone, known voices"),
        ("separated", "a rough picture · one microphone, voices not known before"),
    ],
)
def test_one_microphone_is_less_sure_than_two(talk: Talk, hearing: str, sure: str) -> None:
    records = changed(talk(), SessionStarted, hearing=hearing)
    for name in ("h-timeline", "h-balance", "h-turns"):
        assert f"How sure: {sure}" in section(records, name)
    for name in ("h-listening", "h-signs", "h-came-in"):
        assert "How sure: " in section(records, name)
