"""`CheckIn`: leads two people through the table of `voicecoach.practice.steps`. Events in, events out."""

from __future__ import annotations

from voicecoach.coach import Situation, away_after
from voicecoach.events import (
    CaptureGap,
    Clock,
    Command,
    CommandName,
    Cue,
    Event,
    Interruption,
    MicrophoneGone,
    Prepare,
    ReplyAct,
    Save,
    SessionStarted,
    Speech,
    Typed,
    Word,
)
from voicecoach.events import Step as StepRecord
from voicecoach.listening import Embed
from voicecoach.practice.amending import Amending
from voicecoach.practice.answers import answers
from voicecoach.practice.asking import Again, Outcome
from voicecoach.practice.attending import Attending
from voicecoach.practice.calls import Calls
from voicecoach.practice.ears import Ears
from voicecoach.practice.keeping import Keeping
from voicecoach.practice.lines import Lines
from voicecoach.practice.progress import Plan, Progress
from voicecoach.practice.sayer import QUIET_S, Sayer
from voicecoach.practice.slips import Slips
from voicecoach.practice.steps import BACK, END, REST, ROUND, SOLVE, TABLE, Gate, Hears, Step, Who, step_of
from voicecoach.practice.wording import wording

UNASKED_S = 3.0
"""So long somebody who may answer unasked (`Step.unasked`) has to do it, before they are asked."""
SHORT = (Hears.YES_NO, Hears.CHOICE, Hears.DATE)
"""Where more was typed than a short answer, it is asked for once more."""
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
        self._wording = wording(language)
        self._ears = Ears(plan.people)
        self._sayer = Sayer()
        self._calls = Calls(plan.people, language)
        amending = Amending(self.progress, answers(language), self._wording)
        self._keeping = Keeping(plan, self.progress, self._wording, amending)
        self.lines = Lines(plan, self.progress, self._wording)
        self._attending = Attending(plan, self.progress, self.lines, self._ears, self._sayer, amending, language, embed)
        self._slips = Slips(self._wording)
        self._held = ""
        self._gone = self._over = self._offers = False
        self._missing = ""
        self._clock = 0.0

    @property
    def done(self) -> bool:
        """Whether the goodbye has been said."""
        return self._over and not self._sayer.busy

    @property
    def step(self) -> Step:
        """The step it is in."""
        return step_of(self.progress.step)

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
            case MicrophoneGone():
                self._attending.put_down()
                self._sayer.drop()
                self._gone = True
            case CaptureGap() if self._gone:
                out += self._hears_again()
            case Typed():
                out += self._typed(event)
            case Interruption():
                out += self._interrupted(event)
            case ReplyAct():
                out += self._reminded(event)
            case Word():
                self._calls.word(event)
            case Speech() if event.speaker in self.plan.people:
                self.progress.speech_s[self.plan.people.index(event.speaker)] += event.end - event.start
            case Clock() if not self._over:
                self._spend(event.start)
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
            return [self._keeping.figures(self._ears.now), self._save(END)]
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
        self._missing = ""
        self._attending.begin()
        text = self._text(name, way)
        if text is None:  # the listener has begun by themselves
            return []
        if step.hears is Hears.TIME:
            return [self._say(text), self._ahead(step), self._command("time out")]
        if step.unasked:
            return [self._say(text, to=self.speaker, quiet_s=UNASKED_S)]
        return [self._say(text, to=self.lines.addressed(step)), self._ahead(step)]

    def _leave(self, outcome: Outcome) -> list[Event]:
        step, progress, name = self.step, self.progress, self.progress.step
        self._attending.put_down()
        self._slips.mended(self._ears, progress, self.plan.people)
        record = StepRecord(
            start=self._attending.began, end=self._ears.now, name=name, part=step.part,
            speaker=self.lines.addressed(step), outcome=outcome.name, turn=progress.round + 1,
        )  # fmt: skip
        kept, said = self._keeping.take(outcome, self._ears.now)
        out: list[Event] = [record, *kept, *([self._say(said)] if said else [])]
        if step.who is Who.EACH and progress.place == 0:
            progress.place = 1
            return [*out, *self._arrive(name, "say")]
        if step.who is Who.EACH:
            progress.place = 0
        way = {"time": "time", "answered": "answered"}.get(outcome.name, "say") if step.hears is Hears.FLOOR else "say"
        way = {"correct": "corrected", "more": "go_on", "let_go": "else"}.get(name, way)
        if name == "more" and outcome.name == "words":
            way = "say"
        return [*out, *self._enter(step.then.get(outcome.name, step.then["*"]), way)]

    # --- listening ---------------------------------------------------------------------------------------------------

    def _look(self) -> list[Event]:
        if self._held or self._gone:
            return []
        if self._offers:
            return self.rest(offered=True)
        if self._attending.answers_unasked():
            self._sayer.drop()
        if self._slips.waits and not self._sayer.waits:
            self._slips.said()
        elif self._slips.waits and self._slips.over(self._ears):
            self._sayer.drop()
        return [] if self._sayer.busy else self._heard(self._attending.look())

    def _heard(self, found: Outcome | Again | None) -> list[Event]:
        if isinstance(found, Again):
            return self._again(found)
        if found is None:
            return []
        if self.step.hears is Hears.TIME:
            self._sayer.chime("back", situation=SITUATION)
        return self._done_with(found)

    def _again(self, again: Again) -> list[Event]:
        """Ask once more, kindly."""
        step, name = self.step, self.progress.step
        self._missing = again.missing
        self._attending.ask_again()
        reflecting = step.hears is Hears.REFLECTION
        if reflecting and again.unclear:
            self.progress.count(1 - self.progress.place, "missed")
        text = self._text(name, "again") or self._text(name, "say") or ""
        sorry = f"{self._wording.other('not_clear')} " if again.unclear and not reflecting else ""
        return [self._say(sorry + text, to=again.missing)]

    def _typed(self, event: Typed) -> list[Event]:
        """An answer that is typed counts like one that is said, also before the question was said to its end."""
        if self._held or self._over:
            return []
        found = self._attending.typed(event.text, done=event.done)
        if found is not None:
            return [*self._sayer.hush(), *self._leave(found)]
        if event.done and event.text.strip() and self.step.hears in SHORT:
            return [*self._sayer.hush(), *self._again(Again(self.other, unclear=True))]
        return []

    # --- calls, slips, rest ------------------------------------------------------------------------------------------

    def _call(self, name: str) -> list[Event]:
        """What a command does. In a pause nothing moves on; it can become a time out, unless it is off the record."""
        if name in ("pause", "off the record"):
            self._attending.put_down()
            self._held = away_after(self._held, name)
        elif name in ("go on", "on the record"):
            return self._come_back(name)
        elif name == "time out" and self._held != "off the record" and not self._over:
            if self.step.part != REST:
                self._held = ""
            return self.rest()
        elif self._held or self._over:
            return []
        elif name == "next":
            return [*self._sayer.hush(), *self._done_with(Outcome("skipped"))]
        elif name in ("yes", "no") and self.step.hears in (Hears.YES_NO, Hears.YES_NO_OR_WORDS):
            return [*self._sayer.hush(), *self._leave(Outcome(name))]  # a key answers for both
        return []

    def _come_back(self, name: str) -> list[Event]:
        """From a pause, or, sooner than planned, from cooling off; off the record they stay until they are on it."""
        if away_after(self._held, name):
            return []
        held, self._held = self._held, ""
        if self.progress.step == "rest":
            return self._leave(Outcome("time"))
        return self._ask_anew() if held else []

    def _done_with(self, outcome: Outcome) -> list[Event]:
        """The step is over by itself, or skipped: of cooling off the session was told, so it is told to go on."""
        resting = self.step.hears is Hears.TIME
        return [*self._leave(outcome), *[self._command("go on")] * resting]

    def _spend(self, now: float) -> None:
        """Time passes; what is a break takes none of it."""
        if not (self._held or self._gone or self.step.part == REST):
            self.progress.spent_s += max(0.0, now - self._clock)
        self._clock = now

    def _hears_again(self) -> list[Event]:
        """The microphone is back: nobody could answer meanwhile, so what was asked is asked again."""
        self._gone = False
        self._sayer.drop()
        return [] if self._held or self._over or self.step.hears is Hears.TIME else self._ask_anew()

    def _ask_anew(self) -> list[Event]:
        return self._ask("again" if self._wording.line(self.progress.step, "again") else "say")

    def rest(self, *, offered: bool = False) -> list[Event]:
        """Leave what is going on for cooling off, or to offer it; it goes on there afterwards."""
        if self.step.part == REST:
            return []
        self._offers = False
        self._attending.put_down()
        self.progress.left = self.progress.step
        return [*self._sayer.hush(), *self._arrive("offer_rest" if offered else "rest", "say")]

    def _interrupted(self, event: Interruption) -> list[Event]:
        if self.step.part != ROUND or not self._slips.counts(event):
            return []
        out: list[Event] = []
        self.progress.count(self.plan.people.index(event.speaker), "slips")
        if self.progress.step == "reflect" and event.interrupted == self.speaker and not self._attending.asked:
            self.progress.step = "speak"  # the floor was taken, not given up: it goes on, without a word
            self._attending.resume()
            out.append(self._save("speak"))
        if self._sayer.busy:
            return out
        self._attending.give_back()
        text = self._slips.line(event, self.progress.rules)
        return [*out, self._say(text, to=event.speaker, quiet_s=0.5)]

    def _reminded(self, act: ReplyAct) -> list[Event]:
        if self.step.part != ROUND or self._sayer.busy:
            return []
        text = self._slips.reminder(act, self.progress.rules)
        return [] if text is None else [self._say(text, to=act.speaker, quiet_s=0.6)]

    # --- what is said ------------------------------------------------------------------------------------------------

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
        return Prepare(start=self._ears.now, end=self._ears.now, texts=self.lines.next_up(step, self._missing))

    def _text(self, name: str, way: str) -> str | None:
        return self.lines.text(name, way, self._missing)
