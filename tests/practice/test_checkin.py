"""The check-in by hand-written people: the whole of it, and what each situation brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from couple import BACK, TOLD, Couple, time_out
from theatre import WORD_S, Line, Theatre

from voicecoach.events import (
    CaptureGap,
    Command,
    Cue,
    Event,
    Interruption,
    Keep,
    MicrophoneGone,
    Prompt,
    Typed,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
)
from voicecoach.practice.checkin import CheckIn
from voicecoach.practice.progress import Plan, Progress, Promise, Rule
from voicecoach.practice.wording import wording

SUGGESTIONS = (Rule("We let each other finish.", "interruption"), Rule("No sarcasm.", "sarcasm"))
PLAN = Plan(("Anna", "Ben"), "2026-11-25", floor_s=60.0, grace_s=10.0, rest_s=60.0, suggestions=SUGGESTIONS)


def play(plan: Plan = PLAN, progress: Progress | None = None, **instead: Iterable[Line | Event]) -> Theatre:
    guide = CheckIn(plan, progress=progress)
    theatre = Theatre(guide, Couple(guide, **instead)).run()
    assert guide.done, f"it stopped in {guide.progress.step}"
    return theatre


def outcomes(theatre: Theatre) -> list[tuple[str, str]]:
    return [(s.name, s.outcome) for s in theatre.steps]


def kept(theatre: Theatre, what: str) -> list[Keep]:
    return [k for k in theatre.kept if k.what == what]


def test_a_first_check_in_from_arrival_to_close() -> None:
    theatre = play()
    names = [s.name for s in theatre.steps]
    assert list(dict.fromkeys(names)) == [
        "welcome", "voices", "private", "make", "suggest", "read", "change_any", "depth", "topic", "speak", "reflect",
        "confirm", "more", "sense", "felt", "change", "want", "solve", "learned", "support", "support_read",
        "support_when", "appreciated", "moment", "goodbye",
    ]  # fmt: skip
    assert [s.outcome for s in theatre.steps if s.name in ("reflect", "felt")] == ["reflected", "yes"] * 2
    assert [k.text for k in kept(theatre, "agreed")] == ["We let each other finish.", "No sarcasm."]
    assert theatre.said("Your agreements. We let each other finish. No sarcasm.")
    assert [(k.person, k.text, k.data["due"]) for k in kept(theatre, "commitment")] == [
        ("Anna", "I will bring Ben a cup of tea in the evening.", "2026-11-29"),
        ("Ben", "I will bring Anna a cup of tea in the evening.", "2026-11-29"),
    ]
    assert theatre.said("I heard: I will bring Ben a cup of tea in the evening. Is that right, Anna?")
    assert (
        {k.person for k in kept(theatre, "learned")}
        == {"Anna", "Ben"}
        == {k.person for k in kept(theatre, "appreciated")}
    )
    assert [k.text for k in kept(theatre, "breakthrough")] == ["I noticed something good: you both felt heard today."]
    (figures,) = kept(theatre, "figures")
    assert figures.data["people"]["Anna"]["reflected"] == figures.data["people"]["Ben"]["reflected"] == 1


def test_nobody_is_asked_while_somebody_speaks_and_every_line_is_whole() -> None:
    theatre = play()
    assert all(p.text and "{" not in p.text and "  " not in p.text for p in theatre.prompts if p.words)


def test_a_paraphrase_that_is_missed_is_asked_for_again() -> None:
    told = [Line("Ben", "Well I was at work until eight and the traffic was terrible")]
    theatre = play(reflect=told)
    assert theatre.said("Ben, first: what did you hear Anna say?")
    assert ("reflect", "reflected") in outcomes(theatre)
    (figures,) = kept(theatre, "figures")
    assert figures.data["people"]["Ben"]["missed"] == 1


def test_a_paraphrase_that_never_comes_does_not_stop_the_round() -> None:
    guide = CheckIn(PLAN)

    class Stubborn(Couple):
        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            if step == "reflect" and other == "Ben":
                return [Line("Ben", "Well I was at work until eight and the traffic was terrible")]
            return super().answer(step, one, other)

    theatre = Theatre(guide, Stubborn(guide)).run()
    assert guide.done
    assert [s.outcome for s in theatre.steps if s.name == "reflect"] == ["missed", "reflected"]
    assert sum("what did you hear Anna say" in p.text for p in theatre.prompts) <= 3, "asked at most twice more"


def test_a_correction_goes_round_once_more_and_is_noticed_when_it_lands() -> None:
    theatre = play(confirm=[Line("Anna", "Not quite.")])
    names = [s.name for s in theatre.steps]
    at = names.index("correct")
    assert names[at - 1 : at + 4] == ["confirm", "correct", "reflect", "confirm", "more"]
    assert theatre.said("Ben, would you try once more?")
    assert "said again, and then it landed" in kept(theatre, "breakthrough")[0].text


def test_what_the_speaker_says_unasked_counts_as_the_confirmation() -> None:
    class Quick(Couple):
        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            if step == "reflect":
                return [Line(other, BACK[other]), Line(one, "Yes, exactly.", after_s=2.6)]
            return super().answer(step, one, other)

    guide = CheckIn(PLAN)
    theatre = Theatre(guide, Quick(guide)).run()
    assert guide.done
    assert not theatre.said("is that what you meant")
    assert [s.outcome for s in theatre.steps if s.name == "confirm"] == ["yes", "yes"]


def test_more_is_more_of_the_same_floor() -> None:
    theatre = play(more=[Line("Anna", "Yes.")])
    names = [s.name for s in theatre.steps]
    assert names[names.index("more") + 1] == "speak"
    assert theatre.said("Go on, Anna.")


def interruption(at: float, who: str, over: str, kind: str = "successful") -> Interruption:
    return Interruption(
        start=at, end=at + 1, speaker=who, interrupted=over, kind=kind, yielded=over, confidence=0.95  # type: ignore[arg-type]
    )  # fmt: skip


NEVER = Rule("Nobody cuts in, ever.", "interruption")


def cut_in(
    *mended: Line, rule: Rule = NEVER, told: int = 12, remark: str = "But that was only", known_s: float = 1.5
) -> Theatre:
    """Ben takes Anna's floor with ``remark`` after so many words, known after ``known_s``; then they say ``mended``."""
    guide = CheckIn(replace(PLAN, agreements=(rule,)))

    class CutIn(Couple):
        def __call__(self, prompt: Prompt) -> Iterable[Line | Event]:
            return mended if "say sorry" in prompt.text else super().__call__(prompt)

        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            if step == "speak" and one == "Anna":
                begins = theatre.now + 0.5 + WORD_S * told
                theatre._later(begins + known_s, interruption(begins, "Ben", "Anna"))
                return [Line("Anna", " ".join(TOLD["Anna"].split()[:told])), Line("Ben", remark, after_s=0.1)]
            return super().answer(step, one, other)

    theatre = Theatre(guide, CutIn(guide))
    theatre.run()
    assert guide.done
    return theatre


@pytest.mark.parametrize("agreed", [True, False])
def test_a_slip_is_named_in_the_words_of_the_pair_and_the_floor_goes_back(agreed: bool) -> None:
    theatre = cut_in(
        Line("Ben", "I interrupted you, I am sorry."),
        Line("Anna", TOLD["Anna"]),
        rule=NEVER if agreed else Rule("We stay kind."),
        told=8,
        remark="But that was only because you did not tell me",
        known_s=2.5,
    )
    rule = "Your agreement: Nobody cuts in, ever. " if agreed else "A small slip. "
    assert theatre.said(f"{rule}Ben, name it, say sorry, and Anna goes on.")
    assert [s.name for s in theatre.steps].count("speak") == 2, "Anna's floor went on, it did not begin anew"
    (figures,) = kept(theatre, "figures")
    assert figures.data["people"]["Ben"]["slips"] == 1
    assert figures.data["people"]["Ben"]["repairs"] == 1


SORRY = "I interrupted you just then and I am sorry about that."


def test_saying_sorry_for_a_slip_is_no_answer_and_the_floor_is_still_the_others() -> None:
    theatre = cut_in(Line("Ben", SORRY), Line("Anna", TOLD["Anna"], after_s=2.0))
    assert not theatre.said("Ben, first: what did you hear")
    figures = kept(theatre, "figures")[0].data["people"]["Ben"]
    assert (figures["slips"], figures["repairs"], figures.get("missed", 0)) == (1, 1, 0)


def test_who_says_sorry_and_then_says_back_is_not_asked_for_it() -> None:
    theatre = cut_in(Line("Ben", f"{SORRY} {BACK['Ben']}"))
    assert not theatre.said("what did you hear Anna say")


def test_an_unsure_or_failed_interruption_is_not_spoken_of() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, Couple(guide))
    theatre._later(3.0, replace(interruption(3.0, "Ben", "Anna"), confidence=0.6))
    theatre._later(3.0, interruption(3.0, "Ben", "Anna", "failed"))
    theatre.run(60.0)
    assert not theatre.said("slip")


def test_a_break_the_coach_wants_to_offer_is_offered_to_both_and_goes_back() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, Couple(guide)).run(12.0)
    tense = Cue(start=12, end=12, text="Shall we take a break?", situation="tension")
    assert guide.review(tense) == []
    theatre.run(600.0)
    names = [s.name for s in theatre.steps]
    assert theatre.said("Would a time out help?")
    assert names[names.index("offer_rest") + 1] == "speak"


def test_what_the_coach_says_by_itself_waits_outside_the_search_for_solutions() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak"))
    chime, words = (Cue(start=1, end=1, text="x" * w, words=bool(w), situation="remind") for w in (0, 1))
    assert guide.review(chime) == [chime]
    assert guide.review(words) == []
    guide.progress.step = "solve"
    assert guide.review(words) == [words]


@pytest.mark.parametrize("step", ["speak", "reflect", "learned", "suggest", "support_read"])
def test_after_a_time_out_it_goes_on_where_it_was(step: str) -> None:
    theatre = play(**{step: [time_out()]})
    names = [s.name for s in theatre.steps]
    at = names.index("rest")
    assert names[at : at + 3] == ["rest", "ready", step]
    rest = theatre.steps[at]
    assert rest.end - rest.start >= 60.0
    assert any(p.situation == "check-in" and not p.words for p in theatre.prompts), "a chime calls them back"
    assert theatre.said("Time out for 60 seconds.")
    assert theatre.said("Back to where we were.")


def test_cooling_off_is_off_the_record_and_told_to_the_session_once() -> None:
    theatre = play(speak=[time_out()])
    assert [(c.name, c.start) for c in theatre.commands] == [
        ("time out", next(s.start for s in theatre.steps if s.name == "rest")),
        ("go on", next(s.end for s in theatre.steps if s.name == "rest")),
    ]


def test_cooling_off_can_end_sooner() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, Couple(guide, speak=[time_out()])).run(20.0)
    assert guide.progress.step == "rest"
    theatre._later(theatre.now, Command(start=0, end=0, name="go on"))
    theatre.run(25.0)
    assert guide.progress.step == "ready"


def test_a_pause_holds_everything_and_does_not_count_as_floor() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    pause, on = (Command(start=0, end=0, name=name) for name in ("pause", "go on"))  # type: ignore[arg-type]
    theatre = Theatre(guide, Couple(guide, speak=[Line("Anna", TOLD["Anna"]), pause]))
    theatre.run(120.0)
    assert guide.progress.step == "speak"
    held = guide.progress.floor_s[0]
    assert 0 < held < 15
    theatre._later(theatre.now, on)
    theatre.run()
    assert guide.done
    assert theatre.said("Anna, whenever you are ready.")
    assert guide.progress.floor_s[0] < held + 15


def told(name: str) -> Command:
    return Command(start=0, end=0, name=name)  # type: ignore[arg-type]


def tell(theatre: Theatre, name: str, wait_s: float = 1.0) -> None:
    """Say a command now, and let the check-in go on for a while."""
    theatre._later(theatre.now, told(name))
    theatre.run(theatre.now + wait_s)


def test_off_the_record_nothing_goes_on_until_they_are_on_it_again() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="private"))
    theatre = Theatre(guide, lambda prompt: []).run(9.0)
    tell(theatre, "pause")
    tell(theatre, "off the record")
    said = len(theatre.prompts)
    tell(theatre, "go on", 60.0)
    assert (guide.progress.step, len(theatre.prompts)) == ("private", said), "go on puts nobody on the record"
    theatre.answer = Couple(guide)
    tell(theatre, "on the record", 10.0)
    assert guide.progress.step != "private"


def test_cooling_off_off_the_record_ends_when_they_are_on_it_again() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, Couple(guide, speak=[time_out()])).run(20.0)
    tell(theatre, "off the record", 120.0)
    tell(theatre, "go on", 10.0)
    assert guide.progress.step == "rest"
    assert [c.name for c in theatre.commands] == ["time out"], "the session is not told to go on"
    assert theatre.prompts[-1].words, "no chime calls them back"
    tell(theatre, "on the record", 3.0)
    assert guide.progress.step == "ready"


@pytest.mark.parametrize(("away", "back"), [("pause", "go on"), ("off the record", "on the record")])
def test_who_comes_back_from_a_pause_in_a_time_out_is_heard_at_once(away: str, back: str) -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, Couple(guide, speak=[time_out()])).run(20.0)
    tell(theatre, away)
    tell(theatre, back)
    assert guide.progress.step == "ready"
    theatre.run()
    assert guide.done
    assert outcomes(theatre)[:3] == [("rest", "time"), ("ready", "yes"), ("speak", "spoke")]


def test_a_time_out_that_is_skipped_ends_for_the_session_too() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, Couple(guide, speak=[time_out()])).run(20.0)
    tell(theatre, "next")
    assert ("rest", "skipped") in outcomes(theatre)
    assert [c.name for c in theatre.commands] == ["time out", "go on"]
    theatre.run()
    assert guide.done
    assert len(theatre.commands) == 2


@pytest.mark.parametrize("away", ["pause", "off the record"])
@pytest.mark.parametrize("key", ["next", "yes", "no"])
def test_in_a_pause_nothing_moves_on(away: str, key: str) -> None:
    guide = CheckIn(PLAN, progress=Progress(step="private"))
    theatre = Theatre(guide, lambda prompt: []).run(9.0)
    tell(theatre, away)
    said = len(theatre.prompts)
    tell(theatre, key, 60.0)
    assert (guide.progress.step, len(theatre.prompts)) == ("private", said)
    theatre.answer = Couple(guide)
    tell(theatre, "on the record", 10.0)
    assert ("private", "yes") in outcomes(theatre)


def test_a_pause_can_become_a_time_out_but_what_is_off_the_record_stays_so() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, Couple(guide, speak=[told("pause")])).run(15.0)
    tell(theatre, "time out", 100.0)
    assert [c.name for c in theatre.commands] == ["time out", "go on"]
    assert guide.progress.step != "rest"
    tell(theatre, "off the record")
    step = guide.progress.step
    tell(theatre, "time out", 100.0)
    assert guide.progress.step == step


def test_words_that_come_late_are_an_answer_still() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="private"))
    theatre = Theatre(guide, lambda prompt: [])
    theatre.run(11.0)
    theatre._later(12.0, VoiceOn(start=12.0, end=12.0, speaker="Ben"))
    theatre._later(12.5, VoiceOff(start=12.5, end=12.5, speaker="Ben"))
    theatre._later(19.0, Word(start=12.0, end=12.5, speaker="Ben", word="Yes."))  # the machine was busy
    theatre._later(19.0, WordsUntil(start=12.5, end=12.5, speaker="Ben"))
    theatre.run(40.0)
    assert ("private", "yes") in outcomes(theatre)
    assert not theatre.said("did not catch")


@pytest.mark.parametrize("step", ["private", "speak", "reflect", "support"])
def test_while_the_microphone_is_gone_nobody_is_asked_and_then_it_goes_on_there(step: str) -> None:
    guide = CheckIn(PLAN, progress=Progress(step=step, budget_s=[60.0, 60.0]))
    theatre = Theatre(guide, lambda prompt: []).run(9.0)
    theatre._later(9.2, MicrophoneGone(start=9.2, end=9.2))
    said = len(theatre.run(15.0).prompts)
    theatre.run(300.0)
    assert len(theatre.prompts) == said
    assert guide.progress.step == step
    theatre._later(300.0, CaptureGap(start=9.2, end=300.0, frames=1, reason="gone"))
    theatre.answer = Couple(guide)
    theatre.run()
    assert guide.done
    assert theatre.steps[0].name == step
    assert theatre.steps[0].outcome not in ("silent", "skipped")


def test_half_of_a_promise_is_not_taken_for_all_of_it() -> None:
    """The machine is busy: the second half of the words comes eight seconds after the voice."""
    guide = CheckIn(PLAN, progress=Progress(step="support"))
    theatre = Theatre(guide, lambda prompt: []).run(11.0)
    theatre._later(12.0, VoiceOn(start=12, end=12, speaker="Anna"))
    theatre._later(15.0, VoiceOff(start=15, end=15, speaker="Anna"))
    for i, word in enumerate(["I", "will", "call", "your", "mother", "on", "Monday."]):
        at = 12 + i * 0.4
        theatre._later(14.0 if i < 3 else 23.0, Word(start=at, end=at + 0.4, speaker="Anna", word=word))
    theatre._later(14.0, WordsUntil(start=13.2, end=13.2, speaker="Anna"))
    theatre._later(23.0, WordsUntil(start=15, end=15, speaker="Anna"))
    theatre.run(40.0)
    assert theatre.said("I heard: I will call your mother on Monday. Is that right, Anna?")


def test_a_bell_sounds_when_the_time_is_over_and_the_floor_passes_on_after_the_grace() -> None:
    guide = CheckIn(PLAN, progress=Progress(step="speak", budget_s=[60.0, 60.0]))

    class Long(Couple):
        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            pieces = [Line(one, "and then there was so much more", 0.5, 4.0) for _ in range(17)]
            return list(pieces) if step == "speak" and one == "Anna" else super().answer(step, one, other)

    theatre = Theatre(guide, Long(guide)).run(120.0)
    anna = next(s for s in theatre.steps if s.name == "speak")
    began = next(p.end for p in theatre.prompts if "you have the floor" in p.text)
    bells = [p.start - began for p in theatre.prompts if not p.words]
    assert anna.outcome == "time"
    assert 60 <= bells[0] < 65, "in the first breath after it"
    assert 70 <= anna.end - began < 75, "a grace of ten seconds"
    assert theatre.said("That is your time, Anna. Thank you.")


@pytest.mark.parametrize("depth", ["light", "middle", "deep"])
def test_how_deep_it_goes_is_theirs_to_choose(depth: str) -> None:
    plan = replace(PLAN, rounds=2)
    theatre = play(plan, depth=[Line("Ben", f"{depth.title()}, please.")])
    offered = [p.text for p in theatre.prompts if p.text.startswith("Round ")]
    assert "something you appreciate about each other" in offered[0], "appreciation first"
    assert any(topic in offered[1] for topic in wording().other("topics")[depth])


@pytest.mark.parametrize("another", [0, 1, 2, 3])
def test_each_round_has_its_whole_time_however_its_topic_was_found(another: int) -> None:
    class Choosy(Couple):
        left = another

        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            if step == "topic" and self.left:
                self.left -= 1
                return [Line("Anna", "Another.")]
            return super().answer(step, one, other)

    guide = CheckIn(replace(PLAN, rounds=3))
    theatre = Theatre(guide, Choosy(guide)).run()
    assert guide.done
    given = [p.text for p in theatre.prompts if "you have the floor" in p.text]
    assert len(given) == 6
    assert all("for 60 seconds" in text for text in given)
    offered = [p.text.split("How about ")[1] for p in theatre.prompts if p.text.startswith("Round ")]
    assert len(offered) == len(set(offered)) == 3 + min(another, 2), "none is offered twice"
    assert [s.turn for s in theatre.steps if s.name == "speak"] == [1, 1, 2, 2, 3, 3]


def test_the_bank_of_topics_has_what_couples_talk_about() -> None:
    bank = " ".join(topic for topics in wording().other("topics").values() for topic in topics)
    for about in ("money", "parents", "work", "families", "closeness", "hope", "afraid"):
        assert about in bank


def test_a_topic_of_their_own() -> None:
    theatre = play(topic=[Line("Anna", "The trip to my mother in May.")])
    assert theatre.said("The topic: The trip to my mother in May.")


@pytest.mark.parametrize(
    "line",
    ["Another, please.", "Something else please.", "No, another one please.", "Not right now.", "Yeah, no.",
     "No, that one is too hard for us."],
)  # fmt: skip
def test_a_topic_that_is_turned_down_gives_another(line: str) -> None:
    theatre = play(topic=[Line("Anna", line)])
    assert [s.outcome for s in theatre.steps if s.name == "topic"] == ["no", "yes"]


def test_a_topic_of_their_own_in_place_of_the_one_that_was_offered() -> None:
    theatre = play(topic=[Line("Anna", "No, let's talk about the holidays.")])
    assert theatre.said("The topic: Let's talk about the holidays.")


@pytest.mark.parametrize(
    "line", ["No, not for me.", "No, I don't think so.", "No, I like them as they are.", "I can’t think of anything."]
)
def test_a_no_is_no_agreement(line: str) -> None:
    theatre = play(replace(PLAN, agreements=TWO), change_any=[Line("Ben", "Yes.")], own=[Line("Anna", line)])
    assert not kept(theatre, "agreed")
    assert not theatre.said(f"I heard: {line}")


def test_who_has_nothing_more_to_say_need_not_have_it_said_back() -> None:
    theatre = play(more=[Line("Anna", "No, I feel complete with it.")])
    names = [s.name for s in theatre.steps]
    assert names[names.index("more") + 1] == "sense"


def test_who_does_not_know_yet_has_promised_nothing() -> None:
    theatre = play(support=[Line("Anna", "I don't know yet.")])
    assert [k.person for k in kept(theatre, "commitment")] == ["Ben"]


def test_time_out_and_next_can_be_said() -> None:
    theatre = play(reflect=[Line("Ben", "Time out, please.")], depth=[Line("Anna", "Coach, next.")])
    names = [s.name for s in theatre.steps]
    assert "rest" in names
    assert ("depth", "skipped") in outcomes(theatre)


def test_a_longer_rest_when_one_is_not_ready() -> None:
    theatre = play(speak=[time_out()], ready=[Line("Anna", "Yes."), Line("Ben", "No, not yet.")])
    assert [s.name for s in theatre.steps if s.part == "cooling off"] == ["rest", "ready", "rest", "ready"]


def test_own_words_become_an_agreement_when_both_say_yes() -> None:
    plan = replace(PLAN, agreements=(Rule("No sarcasm.", "sarcasm"),))
    theatre = play(
        plan,
        change_any=[Line("Ben", "Yes.")],
        own=[Line("Anna", "Nobody interrupts before the other has finished")],
    )
    (own,) = kept(theatre, "agreed")
    assert (own.person, own.text, own.data["about"]) == (
        "Anna",
        "Nobody interrupts before the other has finished",
        "interruption",
    )


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("We let each other finish.", "interruption"), ("Nobody interrupts.", "interruption"),
        ("We let Anna finish before we answer.", "interruption"), ("Let the other one speak.", "interruption"),
        ("Everybody may finish their sentence.", "interruption"),
        ("We wait until the other is finished.", "interruption"),
        ("I don’t start until you’ve finished speaking", "interruption"), ("We don't cut in.", "interruption"),
        ("Nobody cuts the other off.", "interruption"), ("We don't talk over each other.", "interruption"),
        ("No sarcasm.", "sarcasm"), ("We never make fun of each other.", "sarcasm"), ("No mocking.", "sarcasm"),
        ("No name-calling.", "contempt"), ("We don't call each other names.", "contempt"), ("No insults.", "contempt"),
        ("No blaming.", "blame"), ("It is nobody's fault.", "blame"), ("We don't accuse.", "blame"),
        ("We don't say always.", "blame"), ("No “always” and no “never”.", "blame"),
        ("We avoid the word 'never'", "blame"),
        ("We leave out always and never.", "blame"), ("No 'you always'.", "blame"),
        ("No advice unless asked.", "advice"), ("We ask before we advise.", "advice"),
        ("Listening, not fixing.", "advice"),
        ("We don't try to fix each other.", "advice"), ("No solutions before both feel heard.", "advice"),
        ("We don’t offer quick solutions.", "advice"),
        ("We are curious.", "judging"), ("No judging.", "judging"), ("We don't play things down.", "minimising"),
    ],
)  # fmt: skip
def test_what_an_agreement_is_about_is_known_from_its_words(text: str, about: str) -> None:
    assert wording().kind(text) == about


@pytest.mark.parametrize(
    "text",
    [
        "We never go to bed angry.", "We always say good night.", "By default Sunday is ours.",
        "No phones at dinner, always.",
        "We say never mind and hug.", "We finish the dishes before television.", "Let us finish the dishes first.",
        "We always finish by ten.", "We look for solutions together.", "We fix the bikes on Saturdays.",
        "Fixing the roof is for both of us.", "We speak with respect.", "We remember the names of our friends.",
        "We talk over dinner.", "We talk over our plans on Sunday.", "We make fun plans for the weekend.",
        "Mocktails on Friday.", "We cut income and costs in half together.", "We share the ironing.",
    ],
)  # fmt: skip
def test_an_agreement_that_only_has_a_word_of_it_is_about_something_else(text: str) -> None:
    assert wording().kind(text) == ""


def test_two_that_share_a_word_are_not_taken_for_the_same_nor_said_to_a_slip() -> None:
    rules = (Rule("No blaming.", "blame"), Rule("We let each other finish.", "interruption"))
    for own in ("We never go to bed angry.", "We finish the dishes before television."):
        theatre = play(replace(PLAN, agreements=rules), change_any=[Line("Ben", "Yes.")], own=[Line("Anna", own)])
        assert [(k.text, k.data["about"]) for k in kept(theatre, "agreed")] == [(own, "")]
        assert not theatre.said("You have one about this already")


def typed(text: str, *, done: bool = True) -> Typed:
    return Typed(start=0, end=0, text=text, done=done)


def test_own_words_can_be_typed_and_who_types_is_not_hurried() -> None:
    rule = "We put the phones away."

    class Typist(Couple):
        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            if step == "own" and one == "Anna":
                for i in range(len(rule)):  # two seconds a letter: longer than anybody is waited for
                    theatre._later(theatre.now + 2 * (i + 1), typed(rule[: i + 1], done=False))
                theatre._later(theatre.now + 2 * len(rule) + 1, typed(rule))
                return []
            return super().answer(step, one, other)

    guide = CheckIn(replace(PLAN, agreements=SUGGESTIONS))
    theatre = Theatre(guide, Typist(guide, change_any=[Line("Ben", "Yes.")]))
    theatre.run()
    assert guide.done
    assert [(k.person, k.text) for k in kept(theatre, "agreed")] == [("Anna", rule)]
    assert sum("Anna, is there one in your own words" in p.text for p in theatre.prompts) == 1
    assert theatre.said(f"I heard: {rule} Do you both agree?")
    assert theatre.said("Your agreements. We let each other finish. No sarcasm."), "the coach reads them before"


TWO = (Rule("We let each other finish.", "interruption"), Rule("No sarcasm.", "sarcasm"))


@pytest.mark.parametrize(
    "said",
    [
        {"change_any": [Line("Ben", "I'd like to let go of the one about sarcasm.")]},
        {"change_any": [Line("Ben", "Let the second one go, please.")]},
        {"change_any": [Line("Ben", "Yes, let one go.")], "which": [Line("Anna", "Number two.")]},
        {"change_any": [Line("Ben", "Drop one of them.")], "which": [typed("no sarcasm")]},
        {"change_any": [typed("let go of no sarcasm")]},
        {"change_any": [Line("Anna", "I want to change something.")], "own": [Line("Anna", "Let go of no sarcasm.")]},
        {
            "change_any": [Line("Anna", "Yes.")],
            "own": [Line("Anna", "Yes.")],
            "own_words": [typed("remove the second")],
        },
    ],
)
def test_an_agreement_is_let_go_by_voice_or_typed_when_both_say_yes(said: dict[str, list[Line | Event]]) -> None:
    theatre = play(replace(PLAN, agreements=TWO), **said)
    (gone,) = kept(theatre, "agreed")
    assert (gone.text, gone.data["instead_of"]) == ("", "No sarcasm.")
    assert theatre.said("To let go of: No sarcasm. Do you both agree?")
    assert theatre.said("Is there another to add, to change, or to let go?")


def test_an_agreement_stays_until_both_let_it_go() -> None:
    asked = [Line("Ben", "Let us let go of no sarcasm.")]
    refused = play(replace(PLAN, agreements=TWO), change_any=asked, let_go=[Line("Anna", "Yes."), Line("Ben", "No.")])
    assert not kept(refused, "agreed")
    none = play(replace(PLAN, agreements=TWO), change_any=[Line("Ben", "Let one go.")], which=[Line("Ben", "None.")])
    assert not kept(none, "agreed")
    assert "let_go" not in [s.name for s in none.steps]


def test_when_the_last_one_goes_they_are_asked_for_one_of_their_own() -> None:
    theatre = play(replace(PLAN, agreements=TWO[:1]), change_any=[Line("Ben", "We could let it go.")])
    assert [k.data.get("instead_of") for k in kept(theatre, "agreed")] == ["We let each other finish."]
    assert theatre.said("Ben, is there one in your own words?")


@pytest.mark.parametrize(
    "wording", ["Change the second one to: no sarcasm before noon.", "No sarcasm before noon, please."]
)
def test_an_agreement_is_changed_by_saying_it_anew(wording: str) -> None:
    theatre = play(replace(PLAN, agreements=TWO), change_any=[Line("Ben", "Yes.")], own=[Line("Anna", wording)])
    (new,) = kept(theatre, "agreed")
    assert new.text.lower().startswith("no sarcasm before noon")
    assert new.data["instead_of"] == "No sarcasm."
    assert theatre.said("You have one about this already: No sarcasm. Shall the new one take its place?")


def test_who_is_content_with_what_they_agreed_is_asked_nothing_more() -> None:
    for line in ("No, I like them as they are.", "We're fine.", "No."):
        theatre = play(replace(PLAN, agreements=TWO), change_any=[Line("Ben", line)])
        assert "own" not in [s.name for s in theatre.steps], line


def test_short_answers_can_be_typed_too() -> None:
    said = {"private": "Yes", "suggest": "no", "depth": "deep", "confirm": "yes.", "support_when": "in two weeks"}
    theatre = play(**{step: [typed(text)] for step, text in said.items()})
    assert {("private", "yes"), ("suggest", "no"), ("depth", "chosen"), ("confirm", "yes")} <= set(outcomes(theatre))
    assert kept(theatre, "commitment")[0].data["due"] == "2026-12-09"


def test_what_is_typed_where_no_words_are_asked_for_is_no_answer() -> None:
    theatre = play(private=[typed("No, my mother is here."), Line("Ben", "Yes.")], support=[typed(" ")])
    assert ("private", "yes") in outcomes(theatre)
    assert theatre.said("Sorry, I did not catch that. Just yes or no: are you somewhere private")
    assert not any("mother" in k.text or not k.text.strip() for k in theatre.kept if k.what != "figures")


def test_an_agreement_needs_both() -> None:
    theatre = play(suggest=[Line("Anna", "Yes."), Line("Ben", "No.")])
    assert [k.text for k in kept(theatre, "agreed")] == ["No sarcasm."]


@pytest.mark.parametrize(
    "refusal", ["Absolutely not.", "Of course not.", "I am not sure.", "Please don’t.", "We can't."]
)
def test_what_one_refuses_is_not_agreed_however_the_no_begins(refusal: str) -> None:
    theatre = play(suggest=[Line("Anna", "Yes."), Line("Ben", refusal)], felt=[Line("Anna", refusal)])
    assert [k.text for k in kept(theatre, "agreed")] == ["No sarcasm."]
    assert theatre.said("Not everything has been heard yet")


def test_a_no_that_is_none_agrees() -> None:
    theatre = play(
        suggest=[Line("Anna", "Sure, why not?"), Line("Ben", "No problem.")], felt=[Line("Anna", "Yes, I'm not sad.")]
    )
    assert [k.text for k in kept(theatre, "agreed")] == ["We let each other finish.", "No sarcasm."]
    assert theatre.said("You both feel heard.")


def test_a_yes_that_is_taken_back_is_asked_again() -> None:
    theatre = play(suggest=[Line("Anna", "Yes."), Line("Ben", "Okay, no.")])
    assert theatre.said("Sorry, I did not catch that. And you, Ben? Yes or no: We let each other finish.")


def test_a_proposal_replaces_what_held_before() -> None:
    plan = replace(
        PLAN,
        agreements=(Rule("No sarcasm.", "sarcasm", number=1, version=1),),
        proposals=(Rule("No sarcasm before noon.", "sarcasm", by="Ben", number=1, version=2),),
    )
    theatre = play(plan)
    (new,) = kept(theatre, "agreed")
    assert (new.text, new.data["number"], new.data["version"]) == ("No sarcasm before noon.", 1, 2)
    assert theatre.said("Your agreements. No sarcasm before noon.")
    refused = play(plan, proposal=[Line("Anna", "No.")])
    assert [k.what for k in refused.kept if k.what in ("agreed", "declined")] == ["declined"]
    assert refused.said("Your agreements. No sarcasm.")


def test_the_next_check_in_opens_with_the_promises() -> None:
    plan = replace(
        PLAN,
        agreements=SUGGESTIONS,
        promises=(Promise(3, "Ben", "I will cook on Friday"), Promise(4, "Anna", "I call your mother.")),
        first_time=False,
    )
    theatre = play(plan, promise_done=[Line("Ben", "No, not yet.")])
    assert theatre.said("Last time, Ben, you said: I will cook on Friday. How did it go?")
    assert [(k.person, k.data["id"], k.data["state"]) for k in kept(theatre, "followed_up")] == [
        ("Ben", 3, "open"),
        ("Anna", 4, "kept"),
    ]
    assert kept(theatre, "followed_up")[1].text == "It went well, I did it on Monday."


def test_solutions_only_when_both_feel_heard_and_both_want() -> None:
    theatre = play(felt=[Line("Anna", "Not really.")])
    assert theatre.said("We leave solutions for later")
    assert "solve" not in [s.name for s in theatre.steps]
    unwilling = play(want=[Line("Ben", "No, not today.")])
    assert "solve" not in [s.name for s in unwilling.steps]


def test_a_promise_read_back_wrongly_is_said_again() -> None:
    theatre = play(support_read=[Line("Anna", "No.")])
    assert [s.name for s in theatre.steps].count("support") == 3
    assert len(kept(theatre, "commitment")) == 2


def test_a_promise_that_is_read_back_wrongly_to_the_last_is_not_kept() -> None:
    class Misheard(Couple):
        def answer(self, step: str, one: str, other: str) -> list[Line | Event]:
            if step == "support_read" and one == "Anna":
                return [Line(one, "No, that's not it.")]
            return super().answer(step, one, other)

    guide = CheckIn(PLAN)
    theatre = Theatre(guide, Misheard(guide)).run()
    assert guide.done
    assert [s.speaker for s in theatre.steps if s.name == "support"] == ["Anna", "Anna", "Anna", "Ben"]
    assert [k.person for k in kept(theatre, "commitment")] == ["Ben"]
    assert [s.speaker for s in theatre.steps if s.name == "support_when"] == ["Ben"]


def test_who_carries_more_is_said_gently_to_both_and_shared_anew() -> None:
    theatre = play(replace(PLAN, heavier="Anna", agreements=SUGGESTIONS))
    assert theatre.said("with no blame in it: over your last check-ins, Anna has carried most of the talking")
    assert theatre.said("Anna, you have the floor for 48 seconds")
    assert theatre.said("Ben, you have the floor for 72 seconds")


def test_who_skips_a_step_need_not_hear_its_line_to_the_end() -> None:
    guide = CheckIn(PLAN)
    theatre = Theatre(guide, lambda prompt: [])
    theatre.run(1.0)
    skip = Command(start=0, end=0, name="next")
    cues = [out for out in guide.push(skip) if isinstance(out, Cue)]
    assert [(cue.words, cue.patient) for cue in cues] == [(False, False)], "a chime that takes the line's place"
    assert guide.progress.step == "voices"
