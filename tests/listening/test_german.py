"""German, judged by patterns alone: whole conversations and single replies."""

from __future__ import annotations

import pytest

from voicecoach.errors import MisuseError
from voicecoach.events import (
    Backchannel,
    Command,
    Event,
    Interruption,
    ReplyAct,
    Speech,
    Turn,
    VoiceOff,
    VoiceOn,
    Word,
    WordsUntil,
)
from voicecoach.floor import Floor
from voicecoach.floor.lexicon import lexicon
from voicecoach.listening import judge
from voicecoach.session import Conversation

KITCHEN = (
    "Ich bin am Dienstag nach Hause gekommen und die Küche war wieder voller Geschirr, und ich war damit so allein. "
    "Als ob niemand sieht, was ich hier mache."
)
MONEY = (
    "Ich liege nachts wach wegen dem Geld. Als du das Fahrrad gekauft hast, ohne mich zu fragen, hat mir das wehgetan."
)

REFLECTIONS = [
    (KITCHEN, "Du hast dich allein gefühlt mit dem ganzen Geschirr."),
    (KITCHEN, "Es klingt so, als ob du findest, dass niemand sieht, was du machst."),
    (KITCHEN, "Also du kommst nach Hause und die Küche ist voll. Habe ich das richtig verstanden?"),
    (KITCHEN, "Du fühlst dich nicht gesehen."),
    (KITCHEN, "Dir fehlt, dass jemand deine Arbeit sieht."),
    (MONEY, "Du kannst nicht schlafen, weil du dir Sorgen machst um das Geld."),
    (MONEY, "Ich höre, dass dich das verletzt hat mit dem Fahrrad."),
    (MONEY, "es geht dir nicht um das fahrrad du hättest gern mitentschieden"),
    (MONEY, "Für dich war das, als ob du nicht dazugehörst."),
]
OTHERS = [
    (KITCHEN, "Ich habe doch am Montag gespült.", "defence"),
    (KITCHEN, "Du solltest einfach die Spülmaschine nehmen.", "advice"),
    (KITCHEN, "So schlimm ist das doch nicht.", "minimising"),
    (KITCHEN, "Du übertreibst immer.", "blame"),
    (KITCHEN, "Warum hast du mich denn nicht angerufen?", "open_question"),
    (KITCHEN, "Was wünschst du dir von mir?", "open_question"),
    (KITCHEN, "Hast du schon gegessen?", "closed_question"),
    (KITCHEN, "Das tut mir leid.", "apology"),
    (KITCHEN, "Mir geht es genauso, mein Chef war heute furchtbar.", "own_story"),
    (MONEY, "Ja, genau, das wollte ich dir sagen.", "agreement"),
    (MONEY, "Nein, das stimmt nicht.", "disagreement"),
    (MONEY, "Können wir noch einmal von vorn anfangen?", "repair"),
    (MONEY, "Danke, dass du mir zuhörst.", "appreciation"),
    (MONEY, "Das wird schon wieder gut.", "reassurance"),
    (MONEY, "Wie kannst du nur so etwas sagen?", "judging_question"),
    (MONEY, "Mhm.", "acknowledgement"),
]


@pytest.mark.parametrize(("said", "reply"), REFLECTIONS)
def test_what_says_back_is_a_reflection(said: str, reply: str) -> None:
    assert judge(reply, said, "de").acts["reflection"] >= 0.5


@pytest.mark.parametrize(("said", "reply", "act"), OTHERS)
def test_other_replies_are_what_they_are(said: str, reply: str, act: str) -> None:
    acts = judge(reply, said, "de").acts
    assert acts[act] >= 0.5
    assert acts["reflection"] < 0.5


def test_feelings_and_needs_are_named() -> None:
    found = judge("Du bist traurig und du wünschst dir, dass ich dir zuhöre.", KITCHEN, "de")
    assert found.feelings == ("traurig",)
    assert found.needs == ("to be heard",)
    assert judge("Du bist erbärmlich.", KITCHEN, "de").acts["contempt"] >= 0.5
    assert judge("Du hast das Gefühl, du bist erbärmlich.", KITCHEN, "de").acts["contempt"] < 0.5


def test_the_floor_knows_signs_of_listening_and_endings() -> None:
    assert lexicon("de").ending("Und dann habe ich ihm gesagt, dass") == "joining"
    assert lexicon("de").ending("Und dann bin ich gegangen.") == "done"
    floor = Floor(language="de")
    told: list[Event] = []
    for start, end, who, text in (
        (0.0, 6.0, "Anna", "Ich habe ihm gesagt, dass ich das so nicht mehr"),
        (2.0, 2.5, "Ben", "Ach so."),
        (5.2, 9.0, "Ben", "Das stimmt doch gar nicht, du hast das ganz anders erzählt."),
    ):
        told += floor.utterance(Speech(start=start, end=end, speaker=who), text)
    told += floor.finish()
    assert [e.text for e in told if isinstance(e, Backchannel)] == ["Ach so."]
    assert [(e.speaker, e.interrupted) for e in told if isinstance(e, Interruption)][-1:] == [("Ben", "Anna")]


def test_a_whole_conversation_in_german_has_german_prompts() -> None:
    talk = Conversation(("Anna", "Ben"), language="de")
    out: list[Event] = []
    for start, end, who, text in (
        (0.0, 12.0, "Anna", KITCHEN),
        (12.5, 20.0, "Ben", "Ich habe doch am Montag gespült, und am Dienstag musste ich lange arbeiten."),
        (21.0, 24.0, "Anna", "Das meine ich ja gar nicht."),
    ):
        speech = Speech(start=start, end=end, speaker=who)
        out += talk.pass_on(talk.floor.utterance(speech, text))
    out += talk.finish()
    assert [t.speaker for t in out if isinstance(t, Turn)] == ["Anna", "Ben", "Anna"]
    replies = [e for e in out if isinstance(e, ReplyAct) and not e.partial]
    assert [r.acts["reflection"] >= 0.5 for r in replies] == [False, False]
    assert replies[0].acts["defence"] >= 0.5


def test_after_a_break_commands_are_german_still() -> None:
    """Consent is asked for in a break too, so this is every session at a microphone."""
    talk = Conversation(("Anna", "Ben"), language="de")
    talk.leave()
    told = talk.heed(VoiceOn(start=1.0, end=1.0, speaker="Anna"))
    for start, word in ((1.0, "Coach,"), (1.4, "weiter.")):
        told += talk.heed(Word(start=start, end=start + 0.3, speaker="Anna", word=word))
    told += talk.heed(VoiceOff(start=1.8, end=1.8, speaker="Anna"))
    told += talk.heed(WordsUntil(start=3.0, end=3.0, speaker="Anna"))
    assert [e.name for e in told if isinstance(e, Command)] == ["go on"]


def test_a_language_without_words_is_refused() -> None:
    for code in ("xx", "../en", "fitted"):
        with pytest.raises(MisuseError):
            Conversation(("Anna", "Ben"), language=code)
