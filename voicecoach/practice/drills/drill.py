"""`Drill`: leads through one drill by voice, alone or as a pair. A `Guide`: events in, events out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

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
)
from voicecoach.listening import Embed
from voicecoach.practice.drills.feedback import Feedback
from voicecoach.practice.drills.judging import Judge
from voicecoach.practice.drills.level import Go, level_after
from voicecoach.practice.drills.material import MINUTES, Choice, material, sheet_of
from voicecoach.practice.drills.partner import Partner
from voicecoach.practice.drills.reply import Voices
from voicecoach.practice.drills.script import Script, choose, told, turned
from voicecoach.practice.drills.stage import Stage
from voicecoach.practice.drills.waiting import Line, Waited, waited
from voicecoach.practice.sayer import Sayer

WAITING = ("hold", "silence", "full")
"""Drills in which the silences before the reply count."""
ONLY_WAITING = ("hold", "silence")
"""Drills in which nothing else counts for the level."""
TURNING = ("curious", "i-statement")
"""Drills without a story."""
NUDGE_S = 12.0
"""So long after it is somebody's turn we help, once; then we wait so long again."""
CHOICE_S = 7.0
"""Who says neither "again" nor "next" for so long goes on."""
ASK_S = 0.6
DROP_S = 1.5
"""Who has spoken so long already need not be asked any more."""
STORY = "story"


class Drill:
    """Leads ``people`` (one, or two who take turns) through the drill ``name``.

    ``before``: earlier goes of each, oldest first, from which the level follows; ``minutes``: after the go in which so
    much time has passed, it closes. ``topic``, ``story``: which stories. Raises `MisuseError` for a drill there is not.
    """

    def __init__(
        self,
        name: str,
        people: Sequence[str],
        *,
        before: Mapping[str, Sequence[Go]] | None = None,
        minutes: float = MINUTES,
        embed: Embed | None = None,
        topic: str = "",
        story: str = "",
        language: str = "en",
    ) -> None:
        self.people = tuple(people)
        self.stage = Stage.INTRO
        self._sheet = sheet_of(name, language)
        self._words = material(language)
        self._judge = Judge(embed, language)
        self._feedback = Feedback(self._words)
        self._sayer, self._voices = Sayer(), Voices(language)
        self._goes = {p: list((before or {}).get(p, ())) for p in self.people}
        self._minutes, self._topic, self._story, self._language = minutes, topic, story, language
        self._time = self._since = self._listening_since = 0.0
        self._rounds = self._finished = 0
        self._level = 1
        self._script: Script | None = None
        self._partner: Partner | None = None
        self._lines: list[Line] = []
        self._told_until = 0.0
        self._nudged = self._gone = False
        self._passed = dict.fromkeys(self.people, 0)
        self._best: tuple[float, str] = (-1.0, "")

    @property
    def done(self) -> bool:
        """Whether the drill is over."""
        return self.stage is Stage.DONE

    @property
    def trainee(self) -> str:
        """Whose turn to practise it is."""
        return self.people[max(0, self._rounds - 1) % len(self.people)]

    @property
    def _teller(self) -> str:
        return self.people[self._rounds % len(self.people)]

    @property
    def _alone(self) -> bool:
        return len(self.people) == 1

    def review(self, cue: Cue) -> list[Cue]:
        """The coach says nothing of its own in a drill."""
        return []

    def push(self, event: Event) -> list[Event]:
        """What follows from ``event``."""
        out: list[Event] = []
        self._voices.push(event)
        match event:
            case SessionStarted():
                out += self._begin()
            case Prompt() if event.situation == STORY and event.words:
                self._lines.append(Line(event.start, event.end, event.text, event.cut))
            case Command():
                out += self._command(event)
            case MicrophoneGone():
                self._sayer.drop()
                self._gone = True
            case CaptureGap() if self._gone:
                out += self._hears_again()
            case Clock():
                self._time = max(self._time, event.start)
        out += self._sayer.push(event)
        if isinstance(event, Clock) and not self._gone:
            out += self._tick()
        return out

    # --- the way through -------------------------------------------------------------------------------------------

    def _begin(self) -> list[Event]:
        known = any(self._goes.values())
        intro = self._sheet.short_intro if known else self._sheet.intro
        return [*self._say(intro), *([] if known else self._say(self._words.say["keys"]))]

    def _tick(self) -> list[Event]:
        choice = self._spoken_choice()
        if choice is not None:
            return self._choose(choice)
        steps: Mapping[Stage, Callable[[], list[Event]]] = {
            Stage.INTRO: self._next,
            Stage.TELLING: self._telling,
            Stage.ASKING: self._asking,
            Stage.REPLY: self._reply,
            Stage.FEEDBACK: self._offer,
            Stage.CHOICE: self._go_on,
            Stage.CLOSING: self._end,
        }
        if self.stage not in steps or (self._sayer.busy and self.stage is not Stage.ASKING):
            return []
        return steps[self.stage]()

    def _offer(self) -> list[Event]:
        if self._time >= self._minutes * 60:
            return self._close()
        self._enter(Stage.CHOICE)
        return self._say(self._words.say["choice"])

    def _go_on(self) -> list[Event]:
        return self._next() if self._quiet_for(CHOICE_S) else []

    def _end(self) -> list[Event]:
        self.stage = Stage.DONE
        return []

    def _next(self) -> list[Event]:
        """A new task, for the next person in a pair."""
        self._rounds += 1
        goes = self._goes[self.trainee]
        level = self._level = self._next_level(goes)
        number = sum(g.level == level for g in goes) + self._passed[self.trainee]
        changed = self._changed(goes, level)
        if self._sheet.name in TURNING:
            self._script = turned(self._sheet, level, number, self._language)
        else:
            story = choose(level, number, topic=self._topic, story=self._story, language=self._language)
            self._script = told(self._sheet, story, level, number)
        if self._rounds == 1:
            return [*changed, *self._tell()]
        say = self._words.say
        opening = say["swap"] if not self._alone else say["line_next" if self._sheet.name in TURNING else "story_next"]
        return [*changed, *self._say(opening), *self._tell()]

    @property
    def _asked_for(self) -> str:
        """Name of the story that was asked for, if one is told."""
        return self._story if self._alone and self._sheet.name not in TURNING else ""

    def _next_level(self, goes: Sequence[Go]) -> int:
        """What the goes before lead to; a story that was asked for has its own."""
        if self._asked_for:
            return choose(1, 0, story=self._asked_for, language=self._language).level
        return level_after(goes, waits=self._sheet.name in ONLY_WAITING)

    def _changed(self, goes: Sequence[Go], level: int) -> list[Event]:
        if not goes or level == goes[-1].level or self._asked_for:
            return []
        kind = "_line" if self._sheet.name in TURNING else ""
        return self._say(self._words.say[("harder" if level > goes[-1].level else "easier") + kind])

    def _again(self) -> list[Event]:
        """The same task once more."""
        again = self._words.say["line_again" if self._sheet.name in TURNING else "story_again"]
        return [*self._say(again), *self._tell()]

    def _tell(self) -> list[Event]:
        assert self._script is not None
        self._enter(Stage.TELLING)
        self._lines.clear()
        self._partner = None
        self._voices.forget(self._time - 1.0)
        if not self._alone and self._sheet.tell:
            self._partner = Partner(self._sheet.name, self._teller, self.trainee, self._voices)
            return self._say(self._sheet.tell.format(teller=self._teller, name=self.trainee))
        out: list[Event] = []
        for text, quiet_s in self._script.lines:
            out.append(self._sayer.say(text, situation=STORY, whole=True, quiet_s=quiet_s))
        if self._script.cut:
            self._sayer.chime("interruption", situation=STORY)
        return out

    def _telling(self) -> list[Event]:
        if self._partner is not None:
            heard = self._partner.heard(self._sayer.ended, self._time)
            if heard is None:
                return self._remind_teller()
            self._script, self._told_until, self._lines = heard.script, heard.until, list(heard.lines)
            if heard.chime:
                self._sayer.chime("interruption")
            self._partner = None
        else:
            self._told_until = self._sayer.ended
        self._enter(Stage.ASKING)
        ask = self._sheet.ask if self._alone else f"{self.trainee}: {self._sheet.ask}"
        return self._say(ask, quiet_s=ASK_S)

    def _remind_teller(self) -> list[Event]:
        """Once; who does not begin then either, or makes no more than a sound, does not want to tell anything now."""
        if not self._quiet_for(2 * NUDGE_S):
            return []
        if self._nudged:
            return self._close()
        self._nudged = True
        return self._say(self._words.say["teller_nudge"].format(teller=self._teller))

    def _asking(self) -> list[Event]:
        """From here on what is said is the reply: also what began over the question, if it goes on after it."""
        talks = self._voices.speaking(self.trainee)
        if self._sayer.busy and not (talks is not None and self._time - talks >= DROP_S):
            return []
        self._sayer.drop()
        self._told_until = max(self._told_until, self._sayer.ended if talks is None else talks)
        nudged = self._nudged
        self._enter(Stage.REPLY)
        self._nudged = nudged
        return []

    def _reply(self) -> list[Event]:
        name, since = self.trainee, self._told_until
        if self._voices.stretches(name, since) and self._judge.anything(self._voices.text(name, since)):
            return self._judged() if self._voices.over(name, since, self._time) else []
        if not self._quiet_for(NUDGE_S):  # a cough or an "um" is no reply: words may still come
            return []
        if self._nudged:
            return self._judged()
        self._enter(Stage.ASKING)
        self._nudged = True
        return self._say(self._sheet.nudge)

    def _judged(self) -> list[Event]:
        assert self._script is not None
        name, task = self.trainee, self._script.task
        held: Waited | None = None
        if task.drill in WAITING:
            until = self._lines[-1].end if self._lines else self._told_until
            early = self._voices.stretches(name, self._lines[0].start if self._lines else until, until)
            held = waited(self._lines, early, self._voices.sign)
        self._finished += 1
        outcome = self._judge(task, self._voices.text(name, self._told_until), held)
        level = self._level
        self._goes[name].append(Go(level, outcome.measure, outcome.kind == "answered"))
        done, to_try = self._feedback(outcome)
        if outcome.measure > self._best[0] and outcome.done:
            self._best = (outcome.measure, done)
        self._enter(Stage.FEEDBACK)
        record = Practised(
            start=self._told_until,
            end=max(self._told_until, self._time),
            speaker=name,
            drill=task.drill,
            level=level,
            kind=outcome.kind,
            measure=outcome.measure,
            figures={**outcome.figures, "answered": float(outcome.kind == "answered")},
        )
        return [record, *self._say(done), *self._say(to_try)]

    def _close(self) -> list[Event]:
        self._enter(Stage.CLOSING)
        goes, say = self._finished, self._words.say
        key = "stopped" if not goes else "close_one" if goes == 1 else "close_best" if self._best[1] else "close"
        return self._say(say[key].format(rounds=goes, best=self._best[1]))

    def _hears_again(self) -> list[Event]:
        """The microphone is back: nobody could answer meanwhile, so the task comes once more."""
        self._gone = False
        self._sayer.drop()
        if self.stage is Stage.INTRO:
            return self._begin()
        return self._again() if self.stage in (Stage.TELLING, Stage.ASKING, Stage.REPLY) else []

    # --- again, next, example, stop --------------------------------------------------------------------------------

    def _command(self, command: Command) -> list[Event]:
        keys: Mapping[str, Choice] = {"again": "again", "next": "next", "example": "example", "stop listening": "stop"}
        return self._choose(keys[command.name]) if command.name in keys else []

    def _spoken_choice(self) -> Choice | None:
        """What somebody asks of us with nothing but those words, while no story is told."""
        if self.stage in (Stage.CLOSING, Stage.DONE):
            return None
        ways = dict(self._words.choices)
        heard: Sequence[tuple[str, Mapping[Choice, re.Pattern[str]], bool]]
        if self.stage is Stage.TELLING:
            heard = [(name, {"stop": ways["stop"]}, True) for name in self.people if self._may_stop()]
        elif self.stage in (Stage.ASKING, Stage.REPLY):  # who has told is done; "stop" may end a reply, "go on" be one
            if self.stage is Stage.REPLY:
                del ways["next"]
            heard = [(self.trainee, ways, False), (self.trainee, {"example": ways["example"]}, True)]
        else:
            heard = [(name, ways, True) for name in self.people]
        found = (
            self._voices.only(name, self._listening_since, self._time, words, last=last) for name, words, last in heard
        )
        return next((choice for choice in found if choice is not None), None)

    def _may_stop(self) -> bool:
        """In a pair, while there is no story yet: "stop" is no part of it, and "I'm done" does not end one."""
        if self._partner is None:
            return False
        since = self._sayer.ended
        return self._sayer.busy or not (self._partner.enough(since) or self._partner.closes(since))

    def _choose(self, choice: Choice) -> list[Event]:
        self._listening_since = self._time
        if self.stage in (Stage.CLOSING, Stage.DONE):
            return []
        ways: Mapping[Choice, Callable[[], list[Event]]] = {
            "stop": self._close,
            "example": self._example,
            "again": self._begin if self.stage is Stage.INTRO else self._again,
            "next": self._skip,
        }
        return [*self._sayer.hush(), *ways[choice]()]

    def _skip(self) -> list[Event]:
        """On to what comes next: the end of what is told or said, or a new task."""
        if self.stage is Stage.TELLING and self._partner is not None:
            if self._sayer.busy:  # what was to be explained is known
                return []
            if self._partner.began(self._sayer.ended):
                self._partner.over = True
                return []
        if self.stage is Stage.REPLY and self._voices.text(self.trainee, self._told_until):
            return self._judged()
        if self.stage in (Stage.TELLING, Stage.ASKING, Stage.REPLY):
            self._passed[self.trainee] += 1  # it was not gone through, but it should not come again at once
        return self._next()

    def _example(self) -> list[Event]:
        example = self._script.example if self._script is not None else self._sheet.examples[0]
        out = [*self._say(self._words.say["example"]), *self._say(example)]
        if self.stage in (Stage.ASKING, Stage.REPLY):
            self._enter(Stage.ASKING)
            self._told_until = self._time
            return [*out, *self._say(self._sheet.ask)]
        if self.stage is Stage.TELLING:
            return [*out, *self._again()]
        if self.stage is Stage.CHOICE:
            out += self._say(self._words.say["choice"])
        return out

    # --- small things ----------------------------------------------------------------------------------------------

    def _enter(self, stage: Stage) -> None:
        self.stage, self._since = stage, self._time
        if stage is not Stage.CHOICE:  # who chooses before it is asked for is heard too
            self._listening_since = self._time
        self._nudged = False

    def _say(self, text: str, *, quiet_s: float = 0.4) -> list[Event]:
        return [self._sayer.say(text, situation="drill", quiet_s=quiet_s)]

    def _quiet_for(self, seconds: float) -> bool:
        silent = self._sayer.silent_since
        return silent is not None and self._time - max(silent, self._since) >= seconds
