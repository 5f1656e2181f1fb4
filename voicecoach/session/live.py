"""`LiveSession`: sound in, everything out, as it happens."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

import voicecoach
from voicecoach import report
from voicecoach.audio import Chunk, Player, Source
from voicecoach.coach import Agreement, everything
from voicecoach.coach.voice import Voice, VoiceSettings
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import (
    Clock,
    Command,
    Correction,
    Cue,
    Event,
    Prepare,
    Prompt,
    SessionEnded,
    SessionStarted,
    Signal,
    Typed,
    VoiceOff,
    VoiceOn,
    moved,
)
from voicecoach.hearing import Hearing, Measured, Voiceprint, open_hearing
from voicecoach.practice import Guide
from voicecoach.samples import RATE, Samples
from voicecoach.session.alike import Alike
from voicecoach.session.away import Away
from voicecoach.session.consent import Agreeing, questions
from voicecoach.session.core import Conversation
from voicecoach.session.decoding import Inline, Worker
from voicecoach.session.intake import Intake
from voicecoach.session.prompting import Speaker
from voicecoach.session.recorder import Recorder, kept_voices
from voicecoach.session.resuming import Resuming
from voicecoach.session.sentences import embed_if_here
from voicecoach.session.transcription import Transcription
from voicecoach.transcript import Decoder, DecoderSettings, Decodes, Scribe

ASKED_S = 3.0
"""The voice has so long to make the question whether it may listen: a chime would not say what is asked."""
HEARD_OUT_S = 30.0
"""A gap up to so long is heard as silence to its end whatever happens: that takes a second or two. A night in which the
computer slept takes most of an hour, and who stops the session then is not kept waiting."""


class LiveSession:
    """One conversation from ``source``, live or from a file as if it were live.

    ``people``: names in channel or enrolment order. ``voices``: who is enrolled. ``out``: folder for the log, written
    as it happens, and the report; None keeps the session in the database (``name`` says as which, once it runs).
    ``keep`` False: nothing is written anywhere. ``keep_audio``: keep what the session hears as well, in the database.
    ``speak`` False: prompts are only shown. ``on_event`` gets every event, from the thread that calls `run`. ``hurry``:
    decode in step with the sound instead of beside it (files at full speed). ``guide``: guided practice; when it is
    done, the session ends. ``agreements``: what the people agreed on; ``voice``: the coach's. ``language``: what is
    spoken, ISO 639-1; ``decoder`` must be of the same. ``consent``: nothing is kept before each has agreed, aloud
    (where voices are known) or by the command ``agree``. ``announce``: chimes say when listening begins and ends.
    ``keep_voices``: what voices sounded like that nobody had enrolled stands in the log, so that they can be known next
    time. ``resumes``: go on in this session of the database; everything told or kept counts from its beginning, while
    the parts below count from where it goes on.
    """

    def __init__(
        self,
        source: Source,
        people: Sequence[str],
        *,
        voices: Mapping[str, Voiceprint] | None = None,
        level: str = "standard",
        out: Path | None = None,
        keep: bool = True,
        keep_audio: bool = False,
        speak: bool = True,
        on_event: Callable[[Event], None] | None = None,
        hurry: bool = False,
        decoder: Decodes | None = None,
        guide: Guide | None = None,
        agreements: Sequence[Agreement] = (),
        consent: bool = False,
        announce: bool = False,
        keep_voices: bool = False,
        voice: VoiceSettings | None = None,
        language: str = "en",
        resumes: Resuming | None = None,
    ) -> None:
        again = resumes is not None
        self._resumes = resumes
        self._level, self._language = level, language
        self._announce, self._keep_voices = announce, keep_voices
        self._stopped = False
        self._frames = 0
        self._alike = Alike()
        self._recorder = Recorder(out, keep=keep, keep_audio=keep_audio, resumes=resumes)
        tell = on_event or (lambda event: None)
        self._on_event = tell if resumes is None else lambda event: tell(moved(event, resumes.since_s))

        self._source = source
        self._intake = Intake(source.channels, lambda: self.now_s)
        self._commands: queue.SimpleQueue[Command | Typed] = queue.SimpleQueue()
        self._hearing: Hearing = Measured(open_hearing(source.channels, people, voices, may_keep=self._recorder.keeps))
        self._people = self._hearing.people
        if resumes is not None and self._hearing.mode != resumes.begun.hearing:
            raise MisuseError(
                f"{resumes.name} was heard otherwise (voices: {resumes.begun.hearing}, now {self._hearing.mode}); "
                "go on with the same microphones and voices, or leave out --resume."
            )
        self._names: dict[str, str] = {}
        self._new_names: queue.SimpleQueue[Correction] = queue.SimpleQueue()
        for person, name in (resumes.names if resumes is not None else {}).items():
            self.call(person, name)

        self._conversation = Conversation(
            self._people,
            level=level,
            shared=source.channels == 1,
            embed=embed_if_here(),
            guide=guide,
            agreements=agreements,
            language=language,
        )
        decoder = decoder or Decoder(settings=DecoderSettings(language=language))
        self._words = Transcription(
            Scribe(self._people, self._hearing.channel_of, channels=source.channels, ahead_s=self._hearing.ahead_s),
            Inline(decoder) if hurry else Worker(decoder),
        )
        apart = self._hearing.mode != "separated"
        self._agreeing = Agreeing(self._people, language, again=again, apart=apart) if consent else None
        self._questions = questions(self._people, language, again=again, apart=apart) if consent else []
        self._away = Away(self._conversation, self._words, self._recorder, now=lambda: self.now_s, stop=self.stop)

        self._voice = Voice(voice, language=language) if speak and not hurry else None
        self._player = Player() if speak and not hurry else None
        self._speaker = Speaker(
            self._voice, self._player, microphones=source.channels if source.kind == "microphone" else 0
        )
        if self._voice is not None:
            self._voice.prepare(everything(self._people, language, [a.text for a in agreements]))
            self._voice.prepare(self._questions, first=True)

    @property
    def name(self) -> str:
        """Name of the session in the database, once it runs; empty for one in a folder."""
        return self._recorder.name

    @property
    def away(self) -> str:
        """Why nothing is kept just now (``"off the record"``, ``"pause"``, ``"time out"``), or empty."""
        return self._recorder.away

    @property
    def lag_s(self) -> float:
        """Sound that waits to become words, in seconds."""
        return self._words.behind_s

    @property
    def now_s(self) -> float:
        """Sound heard so far, in seconds."""
        return self._frames / RATE

    @property
    def alike(self) -> bool:
        """Whether both channels gave the same sound, so that it is not known who spoke."""
        return bool(self._alike)

    @property
    def learned(self) -> Mapping[str, Voiceprint]:
        """Enrolled voices as they sounded in this session, of those heard clearly for long enough: to be kept."""
        return self._hearing.learned()

    def stop(self) -> None:
        """End the session properly; may be called from any thread or a signal handler."""
        self._stopped = True
        self._source.stop()

    def command(self, command: Command | Typed) -> None:
        """Tell the session something from outside the sound, such as a key; may be called from any thread.

        It happens at the next moment of the sound, whatever ``start`` and ``end`` say.
        """
        self._commands.put(command)

    def call(self, person: str, name: str) -> None:
        """From now on, and in all that was said before, ``person`` is called ``name``; from one thread at a time.

        Raises `MisuseError` when it is no name, or two people would have the same one.
        """
        names = {**self._names, person: report.name_of(name)}
        report.apart(self._people, names)
        self._names = names
        self._new_names.put(Correction(start=0.0, end=0.0, speaker=person, label="named", name=names[person]))

    @property
    def found(self) -> Mapping[str, Voiceprint]:
        """Voices that nobody had enrolled, by the names given by `call`, of those heard long enough."""
        return {self._names[p]: voice for p, voice in self._hearing.found().items() if p in self._names}

    def run(self) -> list[Path]:
        """Listen until the source ends or `stop`; the files written, none for a session kept in the database.

        Whatever happens, what was heard until then is in the log and in the report. Raises the `VoicecoachError` that
        ended the session after that.
        """
        trouble: Exception | None = None
        self._begin()
        try:
            for chunk in self._source.chunks():
                if not self._take(chunk):
                    break
        except VoicecoachError as error:
            trouble = error
        finally:
            reason = "stopped" if self._stopped else "finished" if trouble is None else "broke off"
            try:
                self._end(reason)
            finally:
                self._recorder.close()
        if not self._away.agreed:
            self._recorder.discard()
            more = "" if self._resumes is None else " more"
            raise trouble or VoicecoachError(f"Not everybody has agreed to be listened to, so nothing{more} is kept.")
        return self._recorder.files(self._recorder.trouble or trouble or self._words.trouble)

    def _begin(self) -> None:
        """Open the log, and begin, or ask whether it may."""
        self._recorder.open()
        started = SessionStarted(
            start=0.0,
            end=0.0,
            people=self._people,
            channels=self._source.channels,
            source=self._source.kind,
            hearing=self._hearing.mode,
            date=datetime.now().strftime("%Y-%m-%dT%H:%M"),
            app_version=voicecoach.__version__,
            level=self._level,
            language=self._language,
        )
        self._emit([started if self._resumes is None else self._resumes.gap])
        if self._announce and self._agreeing is None:
            self._speaker.chime("listening_on")
        if self._questions and self._voice is not None:
            self._voice.say(self._questions[0], ASKED_S)
        self._emit(self._away.begin(started, self._agreeing))

    # --- what comes in ---------------------------------------------------------------------------------------------

    def _take(self, chunk: Chunk) -> bool:
        """Hear ``chunk``. False when the session was stopped in a gap that takes too long to be heard out."""
        for what in self._intake.missing(chunk):
            if self._stopped and chunk.lost > HEARD_OUT_S * RATE:
                return False
            if isinstance(what, Event):
                self._emit([what])
                self._emit(self._away.follow(self._conversation.tell_guide(what)))
            else:
                self._take_step(what)
        if len(chunk.samples):
            self._emit(self._intake.levels(chunk.samples))
            samples, stopped = self._speaker.without(chunk, self.now_s)
            self._note(stopped)
            for step in self._intake.steps(samples):
                self._take_step(step)
        else:
            self._speaker.missed(chunk)
        return True

    def _take_step(self, samples: Samples) -> None:
        if not self._recorder.hear(self._frames, samples):
            self._source.stop()
        self._frames += len(samples)
        self._alike.push(samples)
        while not self._commands.empty():
            self._happen(self._away.meant(self._commands.get()))
        while not (self._new_names.empty() or self.away):
            self._rename(self._new_names.get())
        self._words.push(samples)
        self._signals(self._hearing.push(samples))
        for event in self._words.ready():
            self._happen(event)

    def _signals(self, signals: Iterable[Signal]) -> None:
        for signal in chain.from_iterable(map(self._away.since_back, signals)):
            self._happen(signal)
            for event in self._words.on(signal):
                self._happen(event)

    def _end(self, reason: str) -> None:
        """Hear out what is in the pipe, close the log."""
        with contextlib.ExitStack() as closing:
            closing.callback(self._source.close)
            if self._player is not None:
                closing.callback(self._player.close)
            if self._voice is not None:
                closing.callback(self._voice.close)
            closing.callback(self._words.close)
            self._emit(self._intake.back())
            self._emit(self._speaker.finish(self.now_s))
            if self._announce:
                self._speaker.chime("listening_off", wait=True)
            self._take_step(self._intake.rest())
            self._signals(self._hearing.finish())
            for event in self._words.finish():
                self._happen(event)
            self._emit(self._conversation.finish())
            self._away.finish()
            if self._keep_voices:
                self._emit(kept_voices(self._hearing.found(), self.now_s))
            self._emit([SessionEnded(start=self.now_s, end=self.now_s, reason=reason)])

    # --- what is done with it --------------------------------------------------------------------------------------

    def _happen(self, event: Event) -> None:
        """``event`` and all that follows from it."""
        if isinstance(event, (VoiceOn, VoiceOff, Clock)):
            self._note(self._speaker.hears(event, self.now_s))
        self._emit(self._away.hear(event))
        guide = self._conversation.guide
        if guide is not None and guide.done:
            self._source.stop()

    def _rename(self, named: Correction) -> None:
        self._emit(self._away.follow(self._conversation.pass_on([replace(named, start=self.now_s, end=self.now_s)])))
        if self._voice is not None:
            self._voice.prepare(everything([self._names.get(p, p) for p in self._people], self._language))

    # --- what goes out ---------------------------------------------------------------------------------------------

    def _emit(self, events: Iterable[Event]) -> None:
        for event in events:
            if not self._recorder.write(event):
                self._source.stop()  # a full disk, say: the session ends, with what is on the disk until then
            self._on_event(event)
            if isinstance(event, Cue):
                self._note(self._speaker.say(event))
            elif isinstance(event, Prepare) and self._voice is not None:
                self._voice.prepare(event.texts, first=True)

    def _note(self, prompts: Sequence[Prompt]) -> None:
        for prompt in prompts:
            self._emit([prompt, *self._conversation.pass_on([prompt])[1:]])
