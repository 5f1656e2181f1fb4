"""A drill's way through, from hand-written events: what it says when, and what keys, words and silence do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from voicecoach.errors import MisuseError
from voicecoach.events import (
    CaptureGap,
    Clock,
    Command,
    Cue,
    Event,
    MicrophoneGone,
    Practised,
    Prompt,
    SessionStarted,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
)
from voicecoach.practice.drills import NAMES, Drill, Go, Stage, material, sheet_of
from voicecoach.practice.drills.curve import curve
from voicecoach.practice.drills.drill import CHOICE_S, STORY
from voicecoach.practice.drills.script import LONG_SILENCE_S, LONGEST_PAUSE_S, choose, told

WORD_S = 0.35
STEP_S = 0.1
KNOWN = {"Anna": [Go(1, 0.5, True)], "Ben": [Go(1, 0.5, True)]}


class Room:
    """Plays the session's part: the voice takes its time, people speak when the test lets them."""

    def __init__(self, name: str, people: Sequence[str] = ("Anna",), **options: object) -> None:
        options = {"before": KNOWN, "story": "waiting-result"} | options
        self.drill = Drill(name, people, **options)  # type: ignore[arg-type]
        self.now = 0.0
        self.cues: list[Cue] = []
        self.gone: list[Practised] = []
        self._ends: list[tuple[float, Cue]] = []
        self._push(SessionStarted(start=0, end=0, people=tuple(people)))

    @property
    def said(self) -> list[str]:
        return [c.text for c in self.cues]

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until and not self.drill.done:
            self.now = round(self.now + STEP_S, 3)
            for end, cue in [e for e in self._ends if e[0] <= self.now]:
                self._ends.remove((end, cue))
                self._push(
                    Prompt(start=cue.start, end=end, text=cue.text, situation=cue.situation, words=cue.words)
                )  # fmt: skip
            self._push(Clock(start=self.now, end=self.now))

    def until(self, stage: Stage, seconds: float = 120.0) -> None:
        end = self.now + seconds
        while self.drill.stage is not stage:
            assert self.now < end, f"still {self.drill.stage}: {self.said[-3:]}"
            self.run(STEP_S)

    def speak(self, name: str, text: str, wait_s: float = 3.0) -> None:
        """Say ``text`` now, cutting what is being said; then be silent for ``wait_s``."""
        for end, cue in self._ends:
            if end > self.now:
                self._push(Prompt(start=cue.start, end=self.now, text=cue.text, situation=cue.situation, cut=True))
        self._ends.clear()
        start = self.now
        self._push(VoiceOn(start=start, end=start, speaker=name))
        words = text.split()
        for i, word in enumerate(words):
            a = start + i * WORD_S
            self.run(WORD_S)
            self._push(Word(start=a, end=a + 0.3, speaker=name, word=word))
        self._push(VoiceOff(start=self.now, end=self.now, speaker=name))
        self._push(WordsUntil(start=self.now, end=self.now, speaker=name))
        self.run(wait_s)

    def cough(self, name: str, wait_s: float = 3.0) -> None:
        """A sound without words."""
        self._push(VoiceOn(start=self.now, end=self.now, speaker=name))
        self.run(0.3)
        self._push(VoiceOff(start=self.now, end=self.now, speaker=name))
        self._push(WordsUntil(start=self.now, end=self.now, speaker=name))
        self.run(wait_s)

    def press(self, name: str) -> None:
        self._push(Command(start=self.now, end=self.now, name=name))  # type: ignore[arg-type]

    def _push(self, event: Event) -> None:
        for out in self.drill.push(event):
            if isinstance(out, Cue):
                self.cues.append(out)
                length = len(out.text.split()) * WORD_S if out.words else 0.4
                if out.patient:
                    self._ends.append((self.now + length, out))
                else:  # a chime at once: what was being said is cut
                    for end, cue in self._ends:
                        self._push(Prompt(start=cue.start, end=min(end, self.now), text=cue.text,
                                          situation=cue.situation, words=cue.words, cut=True))  # fmt: skip
                    self._ends.clear()
            elif isinstance(out, Practised):
                self.gone.append(out)


@pytest.mark.parametrize("name", NAMES)
def test_it_explains_tells_asks_and_answers(name: str) -> None:
    room = Room(name, before={})
    room.run(1.0)
    assert room.said[0] == sheet_of(name).intro
    room.until(Stage.TELLING)
    room.until(Stage.REPLY)
    assert room.said[-1] == sheet_of(name).ask
    room.run(1.0)
    room.speak("Anna", "So you were waiting for the result and it did not come. Is that right?")
    room.until(Stage.CHOICE)
    (gone,) = room.gone
    assert (gone.speaker, gone.drill, gone.kind != "nothing") == ("Anna", name, True)
    said = room.said[room.said.index(sheet_of(name).ask) + 1 :]
    room.run(1.0)
    assert len(said) == 2, "one thing done, one to try"
    assert room.said[-1] == material().say["choice"]


def test_nobody_who_says_nothing_is_left_alone_or_hurried() -> None:
    room = Room("mirror")
    room.until(Stage.REPLY)
    room.run(11.0)
    assert room.said[-1] == sheet_of("mirror").ask
    room.run(6.0)
    assert room.said[-1] == sheet_of("mirror").nudge
    room.until(Stage.FEEDBACK)
    assert room.gone[0].kind == "nothing"


def test_a_cough_is_no_reply_and_does_not_end_it() -> None:
    room = Room("feeling")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.cough("Anna", wait_s=5.0)
    assert not room.gone
    room.speak("Anna", "You sound anxious. Is that right?")
    assert (room.gone[0].kind, room.gone[0].measure) == ("answered", 1)


@pytest.mark.parametrize("sound", ["Um.", "…", "Uh, hm."])
def test_an_um_is_no_reply_yet(sound: str) -> None:
    room = Room("feeling")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.speak("Anna", sound, wait_s=6.0)
    assert not room.gone
    room.speak("Anna", "You sound anxious. Is that right?")
    assert (room.gone[0].kind, room.gone[0].measure) == ("answered", 1)


def test_after_a_cough_one_is_helped_and_waited_for_as_in_silence() -> None:
    room = Room("mirror")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.cough("Anna", wait_s=16.0)
    assert room.said[-1] == sheet_of("mirror").nudge
    room.run(5.0)
    room.cough("Anna", wait_s=8.0)
    assert not room.gone
    room.until(Stage.FEEDBACK, 20.0)
    assert room.gone[0].kind == "nothing"


def test_silence_after_the_feedback_goes_on_and_time_ends_it() -> None:
    room = Room("curious", minutes=0.5)
    room.until(Stage.REPLY)
    room.speak("Anna", "What made you decide to buy it?")
    room.until(Stage.CHOICE)
    room.run(CHOICE_S + 3)
    assert room.drill.stage is not Stage.CHOICE
    room.until(Stage.REPLY)
    room.speak("Anna", "How was it for you?")
    room.until(Stage.DONE)
    assert len(room.gone) == 2
    assert "2 rounds" in room.said[-1]


@pytest.mark.parametrize(("word", "same"), [("Again, please.", True), ("Next.", False), ("The next one.", False)])
def test_again_and_next_may_be_said(word: str, same: bool) -> None:
    room = Room("curious")
    room.until(Stage.REPLY)
    room.speak("Anna", "What made you decide to buy it?")
    room.until(Stage.CHOICE)
    room.run(2.0)
    room.speak("Anna", word)
    room.until(Stage.REPLY)
    lines = [t for t in room.said if t.startswith("The sentence is")]
    assert len(lines) == 2
    assert (lines[0] == lines[1]) is same


def at_choice(name: str = "curious", people: Sequence[str] = ("Anna",)) -> Room:
    room = Room(name, people)
    room.until(Stage.REPLY)
    room.speak("Anna", "What made you decide to buy it?")
    room.until(Stage.CHOICE)
    room.run(2.0)
    return room


@pytest.mark.parametrize("said", ["Okay, stop.", "Um, yes, stop please.", "No, I'm done.", "Well, that's enough."])
def test_a_choice_may_begin_with_okay(said: str) -> None:
    room = at_choice()
    room.speak("Anna", said)
    room.until(Stage.DONE, 20.0)


@pytest.mark.parametrize("before", ["Oh that was a hard one.", "I think we should stop.", "I am done with the dishes."])
def test_a_choice_is_heard_after_other_words_too(before: str) -> None:
    room = at_choice()
    room.speak("Anna", before, wait_s=1.5)
    assert room.drill.stage is Stage.CHOICE
    room.speak("Anna", "Stop.")
    room.until(Stage.DONE, 20.0)


def test_a_choice_begun_before_it_is_asked_for_counts() -> None:
    room = Room("curious")
    room.until(Stage.REPLY)
    room.speak("Anna", "What made you decide to buy it?", wait_s=0.0)
    room.until(Stage.FEEDBACK)
    told = len(room.said)
    while len(room.said) < told + 2 or not room._ends or room._ends[0][0] - room.now > 0.3:
        room.run(STEP_S)
    assert room.drill.stage is Stage.FEEDBACK
    room.speak("Anna", "Again.")
    room.until(Stage.TELLING, 20.0)
    room.run(3.0)
    assert material().say["line_again"] in room.said


def test_what_sounds_like_a_choice_in_a_reply_is_part_of_it() -> None:
    room = Room("mirror")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.speak("Anna", "So you wait for the result, and the waiting does not", wait_s=1.5)
    room.speak("Anna", "stop.")
    room.until(Stage.FEEDBACK, 20.0)
    assert room.gone[0].kind == "answered"


def test_an_example_may_be_asked_for_after_a_first_try() -> None:
    room = Room("feeling")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.speak("Anna", "Hm, I don't know.", wait_s=1.3)
    room.speak("Anna", "Okay, an example please.")
    assert not room.gone
    assert material().say["example"] in room.said


def test_who_has_told_does_not_close_the_drill_by_saying_so() -> None:
    room = telling()
    room.speak("Ben", "I waited for the bus for an hour in the rain and then it was cancelled.", wait_s=0.0)
    room.until(Stage.ASKING, 10.0)
    room.speak("Ben", "I'm done.")
    assert room.drill.stage in (Stage.ASKING, Stage.REPLY)
    room.until(Stage.REPLY)
    room.speak("Anna", "Stop.")
    room.until(Stage.DONE, 20.0)


@pytest.mark.parametrize("said", ["Please go on.", "Okay, please finish.", "Sorry, say that again."])
def test_go_on_said_to_mend_an_interruption_is_a_reply(said: str) -> None:
    room = Room("repair")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.speak("Anna", said)
    assert room.gone[0].kind == "answered"


def test_an_example_comes_on_request_and_does_not_count_as_a_reply() -> None:
    room = Room("feeling")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.speak("Anna", "Example, please.")
    room.until(Stage.REPLY)
    assert any(t in room.said for t in sheet_of("feeling").examples)
    assert not room.gone
    room.speak("Anna", "You sound anxious. Is that right?")
    assert (room.gone[0].kind, room.gone[0].measure) == ("answered", 1)


def test_keys_skip_what_is_being_said() -> None:
    room = Room("mirror", before={})
    room.run(2.0)
    room.press("next")
    room.run(2.5)
    assert room.drill.stage is Stage.TELLING, "the long introduction was cut"
    room.press("stop listening")
    room.until(Stage.DONE, 20)
    assert not room.gone


def test_somebody_who_speaks_over_a_story_is_waited_for_and_hears_the_line_again() -> None:
    room = Room("mirror")
    room.until(Stage.TELLING)
    while len([c for c in room.cues if c.situation == STORY]) < 2:
        room.run(STEP_S)
    room.run(0.5)
    cut = room.said[-1]
    room.speak("Anna", "Oh wait a moment please", wait_s=1.0)
    assert room.said[-2:] == [cut, cut]
    room.until(Stage.REPLY)


def test_a_false_start_is_measured_and_calm_pauses_are_too() -> None:
    room = Room("hold")
    room.until(Stage.TELLING)
    while len([c for c in room.cues if c.situation == STORY]) < 3:
        room.run(STEP_S)
    room.run(len(room.cues[-1].text.split()) * WORD_S + 0.3)
    room.speak("Anna", "But did you ring them?", wait_s=0.3)
    room.until(Stage.REPLY)
    room.speak("Anna", "You were waiting for your result.")
    (gone,) = room.gone
    assert gone.figures["false_starts"] == 1
    assert gone.figures["calm"] == 2
    assert 100 <= gone.figures["came_in_after_ms"] <= 500
    assert gone.measure == pytest.approx(2 / 3, abs=0.01)


def test_while_the_microphone_is_gone_it_waits_and_then_the_story_comes_once_more() -> None:
    room = Room("mirror")
    room.until(Stage.REPLY)
    room._push(MicrophoneGone(start=room.now, end=room.now))
    told = len(room.cues)
    room.run(120.0)
    assert (len(room.cues), room.gone, room.drill.stage) == (told, [], Stage.REPLY)
    room._push(CaptureGap(start=room.now - 120, end=room.now, frames=1, reason="gone"))
    room.until(Stage.REPLY)
    assert "The same story once more." in room.said[told:]


def test_who_passes_a_story_over_hears_another() -> None:
    room = Room("mirror", story="")
    room.until(Stage.REPLY)
    first = [c.text for c in room.cues if c.situation == STORY]
    room.press("next")
    told = len(room.cues)
    room.run(1.0)
    room.until(Stage.REPLY)
    assert not {c.text for c in room.cues[told:] if c.situation == STORY} & set(first)


def test_a_sign_of_listening_is_no_false_start() -> None:
    room = Room("hold")
    room.until(Stage.TELLING)
    while len([c for c in room.cues if c.situation == STORY]) < 3:
        room.run(STEP_S)
    room.run(len(room.cues[-1].text.split()) * WORD_S + 0.3)
    room.speak("Anna", "Mm-hm.", wait_s=0.3)
    room.until(Stage.REPLY)
    room.speak("Anna", "You were waiting for your result.")
    assert room.gone[0].figures["false_starts"] == 0


def test_two_good_goes_make_it_harder_and_it_says_so() -> None:
    answer = "I feel tired and sad about the kitchen, the money, my birthday, and I would like us to talk."
    room = Room("i-statement", before={"Anna": [Go(1, 1.0, True)]})
    room.until(Stage.REPLY)
    room.speak("Anna", answer)
    room.until(Stage.CHOICE)
    assert room.gone[0].measure == 1
    room.press("next")
    room.until(Stage.REPLY)
    assert material().say["harder_line"] in room.said
    room.speak("Anna", answer)
    assert room.gone[1].level == 2


def test_the_same_story_again_is_no_harder_than_it_was() -> None:
    room = Room("i-statement", before={"Anna": [Go(1, 1.0, True)]})
    for _ in range(4):
        room.until(Stage.REPLY)
        room.speak("Anna", "I feel tired and sad, and I would like us to talk.")
        room.until(Stage.CHOICE)
        room.press("again")
    assert [g.level for g in room.gone] == [1, 1, 1, 1]
    room.press("next")
    room.until(Stage.REPLY)
    assert material().say["harder_line"] in room.said
    room.speak("Anna", "I feel tired and sad, and I would like us to talk.")
    assert room.gone[-1].level == 2


@pytest.mark.parametrize("level", [1, 3])
def test_a_story_that_was_asked_for_counts_at_its_own_level(level: int) -> None:
    story = choose(level, 0)
    room = Room("mirror", before={"Anna": [Go(2, 1.0, True), Go(2, 1.0, True)]}, story=story.name)
    for _ in range(2):
        room.until(Stage.REPLY)
        room.speak("Anna", story.text)
        room.until(Stage.CHOICE)
        room.press("next")
    assert [g.level for g in room.gone] == [level, level]
    assert not {material().say["harder"], material().say["easier"]} & set(room.said)


def test_two_who_tell_their_own_stay_at_their_level_whatever_story_was_asked_for() -> None:
    room = Room("mirror", ("Anna", "Ben"), before={"Anna": [Go(3, 0.5, True)]}, story=choose(1, 0).name)
    room.until(Stage.TELLING)
    room.run(13.0)
    room.speak("Ben", "I waited for the bus for an hour in the rain and then it was cancelled. That's it.")
    room.until(Stage.REPLY)
    room.speak("Anna", "So you stood in the rain for an hour.")
    assert room.gone[0].level == 3


@pytest.mark.parametrize("name", ["hold", "silence"])
def test_who_waited_and_then_said_thank_you_hears_longer_stories(name: str) -> None:
    room = Room(name, before={"Anna": [Go(1, 1.0, False)]}, story="")
    room.until(Stage.REPLY)
    room.run(1.0)
    room.speak("Anna", "Thank you for telling me.")
    room.until(Stage.CHOICE)
    room.press("next")
    room.until(Stage.TELLING)
    room.run(3.0)
    assert material().say["harder"] in room.said


@pytest.mark.parametrize("name", ["mirror", "full", "repair"])
def test_a_pair_take_turns_and_tell_something_of_their_own(name: str) -> None:
    room = Room(name, ("Anna", "Ben"))
    room.until(Stage.TELLING)
    room.run(12.0)
    assert "Ben, tell Anna" in room.said[1]
    room.speak(
        "Ben", "I waited for the bus for an hour in the rain and nobody told me that it was cancelled. "
        "I felt so stupid and I was late for my own birthday. That's it.", wait_s=1.0,
    )  # fmt: skip
    room.until(Stage.REPLY)
    room.run(1.0)
    room.speak("Anna", "Sorry, I cut you off. So you stood in the rain for an hour and nobody told you. Go on.")
    room.until(Stage.CHOICE)
    assert room.gone[0].speaker == "Anna"
    assert room.gone[0].measure > 0
    room.press("next")
    room.until(Stage.TELLING)
    room.run(14.0)
    assert "Anna, tell Ben" in " ".join(room.said)


def test_a_partner_who_does_not_begin_is_invited() -> None:
    room = Room("mirror", ("Anna", "Ben"))
    room.until(Stage.TELLING)
    room.run(45.0)
    assert room.said[-1] == "Ben, begin whenever you are ready."
    assert room.drill.stage is Stage.TELLING


def telling(name: str = "mirror") -> Room:
    """A pair, at the moment in which the teller may begin."""
    room = Room(name, ("Anna", "Ben"))
    room.until(Stage.TELLING)
    room.run(13.0)
    assert "Ben, tell Anna" in room.said[-1]
    return room


@pytest.mark.parametrize("name", ["mirror", "hold", "repair"])
@pytest.mark.parametrize(
    "story", ["My boss shouted at me today. That's it.", "I got fired. That's all.", "My boss shouted at me today."]
)
def test_a_short_story_is_a_story_too(name: str, story: str) -> None:
    room = telling(name)
    room.speak("Ben", story, wait_s=0.0)
    room.until(Stage.REPLY, 25.0)
    assert room.drill._script is not None
    assert room.drill._script.task.points == (story.split(".", maxsplit=1)[0] + ".",)


def test_what_was_answered_was_a_story() -> None:
    room = telling()
    room.speak("Ben", "I got fired.", wait_s=1.0)
    room.speak("Anna", "Oh no, so you have lost your job. Is that right?", wait_s=0.0)
    room.until(Stage.REPLY, 25.0)
    assert room.said[-1] == "Anna: Your turn. What did you hear?"


def test_a_first_word_and_a_pause_are_not_cut_off_to_be_mended() -> None:
    room = telling("repair")
    room.speak("Ben", "Well, let me think.", wait_s=8.0)
    room.speak("Ben", "My boss", wait_s=0.0)
    assert room.drill.stage is Stage.TELLING


def test_a_short_story_may_go_on() -> None:
    room = telling()
    room.speak("Ben", "My boss shouted at me.", wait_s=8.0)
    room.speak("Ben", "In front of everybody.", wait_s=1.0)
    assert room.drill.stage is Stage.TELLING


def test_a_sound_is_no_story() -> None:
    room = telling()
    room.speak("Ben", "Um, let me think.", wait_s=20.0)
    assert room.drill.stage is Stage.TELLING
    room.run(10.0)
    assert room.said[-1] == "Ben, begin whenever you are ready."
    room.speak("Ben", "I waited for the bus for an hour in the rain and nobody told me that it was cancelled.")
    room.until(Stage.REPLY, 20.0)


def test_where_nobody_tells_anything_it_ends_after_one_reminder() -> None:
    room = telling()
    room.until(Stage.DONE, 90.0)
    assert room.said.count("Ben, begin whenever you are ready.") == 1
    assert room.said[-1] == material().say["stopped"]


@pytest.mark.parametrize("who", ["Anna", "Ben"])
def test_stop_may_be_said_while_nothing_has_been_told_yet(who: str) -> None:
    room = telling()
    room.speak(who, "Stop.")
    room.until(Stage.DONE, 10.0)
    assert not room.gone


def test_stop_is_heard_after_a_first_try_to_tell_something() -> None:
    room = telling()
    room.speak("Ben", "I don't know what to say.", wait_s=2.0)
    room.speak("Ben", "Okay, stop.")
    room.until(Stage.DONE, 10.0)


def test_stop_in_a_story_is_part_of_it() -> None:
    room = telling("hold")
    room.speak("Ben", "I asked him to leave my things alone, I told him three times in a row to", wait_s=2.0)
    room.speak("Ben", "stop.")
    assert room.drill.stage is Stage.TELLING


def test_who_has_nothing_to_tell_may_be_passed_over() -> None:
    room = telling()
    room.press("next")
    room.run(14.0)
    assert "Anna, tell Ben" in room.said[-1]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_pauses_are_half_a_second_to_four(level: int) -> None:
    for number in range(4):
        story = choose(level, number)
        script = told(sheet_of("hold"), story, level, number)
        pauses = [quiet for _, quiet in script.lines[1:]]
        assert min(pauses) == 0.5
        assert max(pauses) == LONGEST_PAUSE_S[level]
        assert " ".join(text for text, _ in script.lines) == story.text
        assert told(sheet_of("silence"), story, level, number).lines[-1][1] == LONG_SILENCE_S[level]
    assert LONGEST_PAUSE_S[3] == 4.0


def test_an_interrupted_line_is_cut_in_its_middle() -> None:
    script = told(sheet_of("repair"), choose(2, 0), 2, 0)
    assert script.cut
    assert choose(2, 0).text.startswith(" ".join(text for text, _ in script.lines)[:-1])
    assert script.lines[-1][0] == script.task.line


def test_stories_do_not_come_again_before_all_were_told() -> None:
    names = [choose(1, n, topic="money").name for n in range(5)]
    assert len(set(names)) == 5
    assert all(a != b for a, b in itertools.pairwise(choose(2, n).name for n in range(40)))


def test_a_drill_there_is_not_is_told() -> None:
    with pytest.raises(MisuseError, match="mirror, hold"):
        Drill("listen", ["Anna"])
    with pytest.raises(MisuseError, match="'xx'"):
        Drill("mirror", ["Anna"], language="xx")


def test_a_curve_shows_the_way() -> None:
    assert curve([]) == ""
    assert curve([0, 0.5, 1]) == "▁▅█"
    assert len(curve([0.1] * 100, 20)) == 20
