"""`CheckIn`: leads two people through the table of `voicecoach.practice.steps`. Events in, events out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

from voicecoach.coach import Situation
from voicecoach.events import (
    Clock,
    Command,
    CommandName,
    Cue,
    Event,
    Interruption,
    Keep,
    Prepare,
    ReplyAct,
    Save,
    SessionStarted,
    Speech,
    Word,
)
from voicecoach.events import Step as StepRecord
from voicecoach.listening import Embed, judge, understand
from voicecoach.practice.answers import answers
from voicecoach.practice.asking import Again, Asking, Outcome
from voicecoach.practice.calls import Calls
from voicecoach.practice.ears import Ears
from voicecoach.practice.holding import Holding
from voicecoach.practice.keeping import Keeping
from voicecoach.practice.lines import Lines
from voicecoach.practice.progress import Plan, Progress
from voicecoach.practice.sayer import QUIET_S, Sayer
from voicecoach.practice.slips import Slips
from voicecoach.practice.steps import BACK, END, REST, ROUND, SOLVE, TABLE, Gate, Hears, Step, Who
from voicecoach.practice.wording import wording

CONFIRM_AFTER_S = 3.0
"""So long after the reflection the speaker can say by themselves whether it landed, before they are asked."""
REFLECTS, LACKS = 0.5, 0.3
"""A reply is (not) taken for a reflection at (below) this probability, as at the coach's level "standard"; in between
it has the benefit of the doubt."""
WELCOME = ("validation", "names_feeling")
OPEN_QUIET_S = 25.0
"""When both have been silent so long, they are done looking for a next step."""
SITUATION = "check-in"


class CheckIn:
    """A `voicecoach.practice.Guide` for one check-in, as `Plan` has it; with ``progress`` it goes on where it was.

    Besides cues it gives `Step` (a step is over), `Save` (where it stands) and `Keep` (what is to be kept).
    """

    def __init__(
        self, plan: Plan, *, progress: Progress | None = None, language: str = "en", embed: Embed | None = None
    ) -> None:
        self.plan = plan
        self.progress = progress or Progress(rules=[{"text": r.text, "about": r.about} for r in plan.agreements])
        self._resumed = progress is not None
        self._language = language
        self._wording = wording(language)
        self._answers = answers(language)
        self._meaning = understand(embed, language)
        self._ears = Ears(plan.people)
        self._sayer = Sayer()
        self._calls = Calls(plan.people, language)
        self._keeping = Keeping(plan, self.progress, self._wording)
        self.lines = Lines(plan, self.progress, self._wording)
        self._slips = Slips(self._wording)
        self._asking: Asking | None = None
        self._holding: Holding | None = None
        self._listens = self._held = self._over = self._offers = False
        self._began = self._told_from = 0.0
        self._told = ""
        self._missing = ""

    @property
    def done(self) -> bool:
        """Whether the goodbye has been said."""
        return self._over and not self._sayer.busy

    @property
    def step(self) -> Step:
        """The step it is in."""
        found = TABLE[self.progress.step]
        assert isinstance(found, Step)
        return found

    @property
    def speaker(self) -> str:
        """Whose place it is."""
        return self.lines.speaker

    @property
    def other(self) -> str:
        """The other one."""
        return self.lines.other

    def review(self, cue: Cue) -> list[Cue]:
        """While both look for a next step the coach is as ever; in the rounds only its chimes sound.

        When it wants to offer a break, because it has been tense for a while, that becomes a step of its own.
        """
        if cue.situation == Situation.TENSION.value and self.step.part in (ROUND, SOLVE):
            self._offers = True
            return []
        if self.step.hears is Hears.OPEN or (self.step.part == ROUND and not cue.words):
            return [cue]
        return []

    def push(self, event: Event) -> list[Event]:
        """What follows from ``event``."""
        self._ears.push(event)
        out: list[Event] = list(self._sayer.push(event))
        match event:
            case SessionStarted():
                out += self._begin()
            case Command():
                out += self._call(event.name)
            case Interruption():
                out += self._interrupted(event)
            case ReplyAct():
                out += self._reminded(event)
            case Word():
                self._calls.word(event)
            case Speech() if event.speaker in self.plan.people:
                self.progress.speech_s[self.plan.people.index(event.speaker)] += event.end - event.start
            case Clock() if not self._over:
                call = self._calls.heard(self._ears)
                out += self._call(call) if call is not None else self._look()
        return out

    # --- from step to step -------------------------------------------------------------------------------------------

    def _begin(self) -> list[Event]:
        if not self._resumed:
            return self._enter(self.progress.step)
        return [self._say(str(self._wording.other("resumed"))), *self._ask("say")]

    def _enter(self, name: str, way: str = "say") -> list[Event]:
        """Go to ``name``, through the gates on the way."""
        progress = self.progress
        if name == BACK:
            name, progress.left = progress.left, ""
            out: list[Event] = [self._say(str(self._wording.other("again")))]
            return out + self._arrive(name, way)
        while isinstance(found := TABLE.get(name), Gate):
            name = found.yes if progress.ask(found.asks, self.plan) else found.no
        if name == END:
            self._over = True
            return [*self._finish(), self._save(END)]
        return self._arrive(name, way)

    def _arrive(self, name: str, way: str) -> list[Event]:
        progress = self.progress
        progress.step = name
        if name == "topic":
            if not progress.topics:
                progress.begin_round(self.plan)
            progress.topic = self.lines.topic()
        return [self._save(name), *self._ask(way)]

    def _ask(self, way: str) -> list[Event]:
        """Say what the step says and begin to listen."""
        step, name = self.step, self.progress.step
        self._began, self._listens, self._holding = self._ears.now, False, None
        self._missing = ""
        self._asking = self._listener(step)
        if step.hears is Hears.FLOOR and way == "go_on":
            self._told_from = min(self._told_from, self._ears.now)
        elif step.hears is Hears.FLOOR:
            self._told, self._told_from = "", math.inf
        text = self._text(name, way)
        if text is None:  # the listener has begun by themselves
            return []
        if name == "rest":
            return [self._say(text), self._ahead(step), self._command("time out")]
        if name == "confirm":
            self._began = min(self._began, self._ears.silent_since(self.other))
            return [self._say(text, to=self.speaker, quiet_s=CONFIRM_AFTER_S)]
        return [self._say(text, to=self._addressed(step)), self._ahead(step)]

    def _leave(self, outcome: Outcome) -> list[Event]:
        step, progress, name = self.step, self.progress, self.progress.step
        self._put_down()
        self._slips.mended(self._ears, progress, self.plan.people)
        record = StepRecord(
            start=self._began, end=self._ears.now, name=name, part=step.part, speaker=self._addressed(step),
            outcome=outcome.name, turn=progress.round + 1,
        )  # fmt: skip
        out: list[Event] = [record, *self._keep(outcome)]
        if step.who is Who.EACH and progress.place == 0:
            progress.place = 1
            return [*out, *self._arrive(name, "say")]
        if step.who is Who.EACH:
            progress.place = 0
        way = {"time": "time", "answered": "answered"}.get(outcome.name, "say") if step.hears is Hears.FLOOR else "say"
        way = {"correct": "corrected", "more": "go_on"}.get(name, way)
        if name == "more" and outcome.name == "words":
            way = "say"
        return [*out, *self._enter(step.then.get(outcome.name, step.then["*"]), way)]

    def _put_down(self) -> None:
        """The floor that is being held is over: note how long it was held."""
        if self._holding is not None:
            spoken, place = self._holding.spoken_s, self.progress.place
            self.progress.spoken_s[place] += spoken
            self.progress.floor_s[place] += spoken
            self._told = f"{self._told} {self._ears.said(self.speaker, self._holding.since)}".strip()
            self._holding = None

    # --- listening ---------------------------------------------------------------------------------------------------

    def _look(self) -> list[Event]:
        if self._held:
            return []
        if self._offers:
            return self.rest(offered=True)
        step = self.step
        if self.progress.step == "confirm" and not self._listens and self._ears.began(self.speaker, self._began):
            self._sayer.drop()  # they say it unasked
        if self._slips.waits and not self._sayer.waits:
            self._slips.said()
        elif self._slips.waits and self._slips.over(self._ears):
            self._sayer.drop()
        if self._sayer.busy:
            return []
        if not self._listens:
            self._listen()
        ways = {
            Hears.NOTHING: self._nothing,
            Hears.FLOOR: self._hold,
            Hears.TIME: self._rest_over,
            Hears.OPEN: self._open,
        }
        return ways.get(step.hears, self._answer)()

    def _nothing(self) -> list[Event]:
        return self._leave(Outcome("done"))

    def _answer(self) -> list[Event]:
        assert self._asking is not None
        found = self._asking.look()
        if isinstance(found, Outcome):
            return self._leave(found)
        return [] if found is None else self._again(found)

    def _listen(self) -> None:
        """What was asked has been said: from now on answers count."""
        self._listens = True
        since = max(self._sayer.ended, self._began)
        if self.progress.step == "confirm":
            since = self._began
        if self._asking is not None:
            self._asking.listen(since)
        if self.step.hears is Hears.FLOOR:
            place = self.progress.place
            left = self.progress.budget_s[place] - self.progress.spoken_s[place]
            self._holding = Holding(
                self.speaker, self.other, since, self._ears, self._answers,
                left_s=max(1.0, left), grace_s=self.plan.grace_s,
            )  # fmt: skip

    def _hold(self) -> list[Event]:
        assert self._holding is not None
        if self._holding.bell_is_due():
            self._sayer.chime("bell", situation=SITUATION)
        self._holding.wait_from(self._sayer.ended)
        found = self._holding.look(self.step.wait_s)
        if found is None:
            return []
        if found.name == "silent" and not self._missing:
            return self._again(Again(self.speaker))
        if found.name == "time":
            self._sayer.chime("bell", situation=SITUATION)
        if found.name == "answered":
            began = self._ears.began(self.other, self._ears.silent_since(self.speaker))
            out = self._leave(Outcome("answered"))
            self._began = began if began is not None else self._began
            return out
        return self._leave(Outcome(found.name))

    def _open(self) -> list[Event]:
        since = max(self._sayer.ended, self._began)
        quiet = self._ears.now - max(since, self._ears.silent_since())
        return (
            self._leave(Outcome("time")) if self._ears.now - since >= self.plan.solve_s or quiet >= OPEN_QUIET_S else []
        )

    def _rest_over(self) -> list[Event]:
        if self._ears.now - self._sayer.ended < self.plan.rest_s:
            return []
        self._sayer.chime("back", situation=SITUATION)
        return [*self._leave(Outcome("time")), self._command("go on")]

    def _again(self, again: Again) -> list[Event]:
        """Ask once more, kindly."""
        step, name = self.step, self.progress.step
        self._missing, self._listens = again.missing, False
        reflecting = step.hears is Hears.REFLECTION
        if reflecting and again.unclear:
            self.progress.count(1 - self.progress.place, "missed")
        text = self._text(name, "again") or self._text(name, "say") or ""
        sorry = f"{self._wording.other('not_clear')} " if again.unclear and not reflecting else ""
        return [self._say(sorry + text, to=again.missing)]

    def _listener(self, step: Step) -> Asking | None:
        if step.hears in (Hears.NOTHING, Hears.FLOOR, Hears.TIME, Hears.OPEN):
            return None
        asked = {
            Who.ONE: (self.speaker,),
            Who.EACH: (self.speaker,),
            Who.OTHER: (self.other,),
            Who.OWNER: (self.lines.promise().person,),
        }.get(step.who, self.plan.people)
        return Asking(
            step, asked, self._ears, self._answers,
            today=date.fromisoformat(self.plan.today), options=self._wording.depths, reflects=self._reflects,
        )  # fmt: skip

    def _reflects(self, text: str) -> bool | None:
        """Whether ``text`` says back what was told; None for nothing but "okay"."""
        acts = judge(text, self._told, self._language, self._meaning).acts
        if acts["acknowledgement"] >= 0.5:
            return None
        if acts["reflection"] >= REFLECTS or any(acts.get(name, 0.0) >= 0.5 for name in WELCOME):
            return True
        return acts["reflection"] >= LACKS

    # --- calls, slips, rest ------------------------------------------------------------------------------------------

    def _call(self, name: str) -> list[Event]:
        if name in ("pause", "off the record"):
            self._put_down()
            self._held = True
        elif name in ("go on", "on the record"):
            return self._come_back()
        elif name == "next" and not self._over:
            return [*self._sayer.hush(), *self._leave(Outcome("skipped"))]
        elif name in ("yes", "no") and self.step.hears in (Hears.YES_NO, Hears.YES_NO_OR_WORDS) and not self._over:
            return [*self._sayer.hush(), *self._leave(Outcome(name))]  # a key answers for both
        elif name == "time out" and self.step.part != REST and not self._over:
            return self.rest()
        return []

    def _come_back(self) -> list[Event]:
        """From a pause, or, sooner than planned, from cooling off."""
        if self.progress.step == "rest":
            return self._leave(Outcome("time"))
        if not self._held:
            return []
        self._held = False
        return self._ask("again" if self._wording.line(self.progress.step, "again") else "say")

    def rest(self, *, offered: bool = False) -> list[Event]:
        """Leave what is going on for cooling off, or to offer it; it goes on there afterwards."""
        if self.step.part == REST:
            return []
        self._offers = False
        self._put_down()
        self.progress.left = self.progress.step
        return [*self._sayer.hush(), *self._arrive("offer_rest" if offered else "rest", "say")]

    def _interrupted(self, event: Interruption) -> list[Event]:
        if self.step.part != ROUND or not self._slips.counts(event):
            return []
        out: list[Event] = []
        self.progress.count(self.plan.people.index(event.speaker), "slips")
        if self.progress.step == "reflect" and event.interrupted == self.speaker and not self._asked_yet():
            out += self._enter_silently("speak")
        if self._sayer.busy:
            return out
        text = self._slips.line(event, self.progress.rules)
        return [*out, self._say(text, to=event.speaker, quiet_s=0.5)]

    def _asked_yet(self) -> bool:
        """Whether the listener was asked to say it back, or began by themselves."""
        return self._sayer.ended > self._began

    def _enter_silently(self, name: str) -> list[Event]:
        """Back to a step that was thought over, without a word."""
        self.progress.step = name
        self._began, self._listens, self._asking = self._ears.now, False, None
        self._told_from = min(self._told_from, self._ears.now)
        return [self._save(name)]

    def _reminded(self, act: ReplyAct) -> list[Event]:
        if self.step.part != ROUND or self._sayer.busy:
            return []
        text = self._slips.reminder(act, self.progress.rules)
        return [] if text is None else [self._say(text, to=act.speaker, quiet_s=0.6)]

    # --- what is said and kept ---------------------------------------------------------------------------------------

    def _keep(self, outcome: Outcome) -> list[Event]:
        kept, text = self._keeping.take(outcome, self._ears.now)
        return [*kept, *([self._say(text)] if text else [])]

    def _finish(self) -> list[Event]:
        progress, now = self.progress, self._ears.now
        people = {
            name: {
                "floor_s": round(progress.floor_s[i], 1),
                "speech_s": round(progress.speech_s[i], 1),
                "heard": progress.heard[i],
                **progress.counts[i],
            }
            for i, name in enumerate(self.plan.people)
        }
        data = {"people": people, "moments": progress.moments, "rounds": progress.round}
        return [Keep(start=now, end=now, what="figures", data=data)]

    def _command(self, name: CommandName) -> Command:
        """Tell the session: what is said while two people cool off is theirs alone."""
        return Command(start=self._ears.now, end=self._ears.now, name=name)

    def _save(self, name: str) -> Save:
        now, row = self._ears.now, TABLE.get(name)
        return Save(
            start=now, end=now, name=name, part=row.part if row is not None else "", state=self.progress.to_dict()
        )

    def _say(self, text: str, *, to: str = "", quiet_s: float = QUIET_S) -> Prepare:
        return self._sayer.say(text, to=to, situation=SITUATION, reason=self.step.part, quiet_s=quiet_s)

    def _ahead(self, step: Step) -> Prepare:
        """What is likely said next, so that the voice has it."""
        targets: Iterable[str] = (n for n in step.then.values() if isinstance(TABLE.get(n), Step))
        texts = [self._text(self.progress.step, "again"), *(self._text(name, "say") for name in targets)]
        ready = tuple(t for t in texts if t)
        return Prepare(start=self._ears.now, end=self._ears.now, texts=ready)

    def _addressed(self, step: Step) -> str:
        if step.who in (Who.ONE, Who.EACH) or step.hears is Hears.FLOOR:
            return self.speaker
        if step.who is Who.OTHER:
            return self.other
        return self.lines.promise().person if step.who is Who.OWNER else ""

    def _text(self, name: str, way: str) -> str | None:
        return self.lines.text(name, way, self._missing)
