"""Recordings: hear all of it, write all of it down, then let the conversation happen once more on its timeline."""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import voicecoach
from voicecoach import report
from voicecoach.audio import FileSource
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import (
    Clock,
    Cue,
    Event,
    Record,
    SessionEnded,
    SessionStarted,
    Signal,
    Speech,
    VoiceOn,
    Word,
    WordsUntil,
    standing,
)
from voicecoach.hearing import Decided, Hearing, Measured, Voiceprint, enroll_from, open_hearing
from voicecoach.models import resolve_whisper
from voicecoach.samples import RATE
from voicecoach.session.beat import BEAT_S
from voicecoach.session.core import Conversation
from voicecoach.session.prompting import unspoken
from voicecoach.session.recorder import keep, kept_voices
from voicecoach.session.sentences import embed_if_here
from voicecoach.session.spool import Spool
from voicecoach.store.log import LOG_NAME, check_free, read_log, write_log
from voicecoach.store.segments import read_segments
from voicecoach.transcript import Decoder, DecoderSettings, Writing

AT_ONCE = 2
"""Decodes at a time, each on a core of its own."""
WORDS_LATE_S = 0.8
"""A word reaches the coach this long after its sound, as it does live."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Progress = Callable[[str, float], None]


def analyze(
    path: Path,
    *,
    speakers: Sequence[str] = (),
    enroll: Mapping[str, Path] | None = None,
    out: Path,
    level: str = "standard",
    model: str = "whisper-base",
    language: str = "en",
    keep_voices: bool = False,
    progress: Progress | None = None,
    note: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write log, report and exports of the recording at ``path`` to ``out``; the files written.

    Two channels: one person each. One channel, or the same sound on both: those in ``enroll`` (name → recording of that
    voice), or two voices told apart. ``model``: what `voicecoach.models.resolve_whisper` takes. ``language``: what is
    spoken, ISO 639-1. ``keep_voices``: what voices told apart sounded like stands in the log. ``progress`` gets a stage
    and its share done, 0 to 1; ``note`` what is to be known about the file (it was cut off, say). An earlier analysis
    in ``out`` is replaced. Raises `VoicecoachError` for what cannot be used, `MisuseError` for a folder that holds
    anything else.
    """
    tell = progress or (lambda stage, share: None)
    _check_replaceable(out, "recording")
    with FileSource(path) as source, Spool(source.channels) as recording, ThreadPoolExecutor(1) as aside:
        Conversation((), language=language)  # says at once when it has no words for the language
        resolve_whisper(model)  # and when the model is not here
        voices = {name: _voice(name, sample) for name, sample in (enroll or {}).items()}
        names = _names(speakers, voices)
        settings = DecoderSettings(language=language)
        decoder = aside.submit(Decoder, model, settings=settings, threads=1, at_once=AT_ONCE)  # loads while we listen
        for chunk in source.chunks():
            recording.add(chunk.samples)
            tell("Reading", recording.length_s / source.length_s if source.length_s else 0.0)
        if source.note and note is not None:
            note(source.note)
        if recording.merge() and note is not None:
            note(same_sound(path))
        unknown = [] if voices else [x for x in LETTERS if x not in names]
        expected = [*names, *unknown[: max(0, 2 - len(names))]]
        hearing = open_hearing(recording.channels, expected, voices, recorded=True)
        voiced: list[Signal] = []
        with Writing(recording.read, hearing.channel_of, decoder.result, AT_ONCE) as writing:
            for signals in _hear(recording, hearing, tell):
                voiced += signals
                writing.push(signals)
            words = writing.finish(lambda share: tell("Writing down", share))
        if note is not None and not any(isinstance(s, VoiceOn) for s in voiced):
            note(nobody_heard(path))
        people, length_s = hearing.people, recording.length_s  # of voices told apart only those that were heard
    begin = SessionStarted(
        start=0.0,
        end=0.0,
        people=tuple(people),
        channels=recording.channels,
        source="recording",
        hearing=hearing.mode,
        app_version=voicecoach.__version__,
        level=level,
        language=language,
    )
    records = [
        begin,
        *_replay(
            voiced,
            words,
            Conversation(people, level=level, shared=recording.channels == 1, embed=embed_if_here(), language=language),
            length_s,
        ),
        *(kept_voices(hearing.found(), length_s) if keep_voices else ()),
        _end(length_s),
    ]
    return _write(records, out, tell)


def same_sound(path: Path) -> str:
    """What to say of a recording that has the same sound on both channels."""
    return (
        f"Both channels of {path.name} hold the same sound, so it was heard as one microphone: who speaks is told by "
        "the voice, most surely with --enroll for each of you."
    )


def nobody_heard(path: Path) -> str:
    """What to say of a recording in which there was no voice."""
    return f"No voice was heard in {path.name}; play it to hear whether it is silent or very faint."


def analyze_segments(path: Path, *, out: Path, language: str = "en", progress: Progress | None = None) -> list[Path]:
    """The same from who-spoke-when as somebody marked it: JSON lines, RTTM, WebVTT or TextGrid."""
    tell = progress or (lambda stage, share: None)
    _check_replaceable(out, "segments")
    tell("Reading", 0.0)
    segments = sorted(read_segments(path), key=lambda s: (s.start, s.end, s.speaker))
    people = tuple(dict.fromkeys(s.speaker for s in segments))
    conversation = Conversation(people, words=any(s.text for s in segments), embed=embed_if_here(), language=language)
    events: list[Event] = []
    for i, s in enumerate(segments):
        speech = Speech(start=s.start, end=s.end, speaker=s.speaker)
        words = _spread(speech, s.text)
        happened: list[Event] = [*conversation.floor.utterance(speech, s.text), *words]
        events += [e for cue in conversation.pass_on(happened) for e in _prompted(conversation, cue)]
        if i % 100 == 0:
            tell("Looking at the floor", i / len(segments))
    events += [e for cue in conversation.finish() for e in _prompted(conversation, cue)]
    end = max(s.end for s in segments)
    begin = SessionStarted(
        start=0.0,
        end=0.0,
        people=people,
        channels=0,
        source="segments",
        hearing="given",
        app_version=voicecoach.__version__,
        language=language,
    )
    return _write([begin, *_kept(events), _end(end)], out, tell)


# --- steps ---------------------------------------------------------------------------------------------------------


def _check_replaceable(out: Path, source: str) -> None:
    """Raise `MisuseError` unless all that is in ``out`` could be had again: nothing, or an analysis like this one."""
    log = out / LOG_NAME
    if not log.exists() or not log.stat().st_size:
        return
    records: list[Record] = []
    with contextlib.suppress(VoicecoachError):  # damaged, or of a newer voicecoach
        records = read_log(log)
    begun = records[0] if records else None
    if not isinstance(begun, SessionStarted) or begun.source != source or begun.date:  # only live sessions have a date
        check_free(out)
    if standing(records):
        raise MisuseError(f"What you have put right in {out} would be lost; choose another folder with --out.")


def _names(speakers: Sequence[str], voices: Mapping[str, Voiceprint]) -> list[str]:
    names = list(speakers) or list(voices)
    if len(set(names)) < len(names):
        raise MisuseError("Two people have the same name; give each a name of their own.")
    if voices and set(names) != set(voices):
        raise MisuseError("--speakers and --enroll name different people; give the same names to both, or only one.")
    return names


def _voice(name: str, path: Path) -> Voiceprint:
    source = FileSource(path)
    try:
        return enroll_from(source)
    except VoicecoachError as error:
        raise VoicecoachError(f"The recording of {name}'s voice cannot be used: {error}") from error


def _hear(recording: Spool, hearing: Hearing, tell: Progress) -> Iterator[list[Signal]]:
    """Who speaks when, and how it sounds. One microphone is heard whole before anybody is told apart."""
    if hearing.latency_s < float("inf"):
        yield from _pushed(recording, Measured(hearing), lambda share: tell("Listening", share))
        return
    signals = [s for some in _pushed(recording, hearing, lambda share: tell("Listening", share)) for s in some]
    decided = Decided(hearing.people, hearing.mode, signals)
    yield from _pushed(recording, Measured(decided), lambda share: tell("Listening to voices", share))


def _pushed(recording: Spool, hearing: Hearing, tell: Callable[[float], None]) -> Iterator[list[Signal]]:
    heard = 0
    for piece in recording.pieces():
        yield [s for s in hearing.push(piece) if not isinstance(s, Clock)]
        heard += len(piece)
        tell(heard / RATE / max(recording.length_s, 1e-9))
    yield [s for s in hearing.finish() if not isinstance(s, Clock)]


def _replay(
    voiced: Sequence[Signal], words: Sequence[Word], conversation: Conversation, length_s: float
) -> Iterator[Record]:
    """The conversation once more, in order of time, with words as late as they come live."""
    heard = ((s.end, 0, s) for s in sorted(voiced, key=lambda s: s.end))
    written = ((w.end + WORDS_LATE_S, 1, w) for w in sorted(words, key=lambda w: w.end))
    timed = heapq.merge(heard, written, _ticks(conversation.people, length_s), key=lambda t: t[:2])
    events: list[Event] = []
    for _, _, event in timed:
        for following in conversation.hear(event):
            events += _prompted(conversation, following)
        yield from _kept(events)
        events.clear()
    yield from _kept(conversation.finish())


def _ticks(people: Sequence[str], length_s: float) -> Iterator[tuple[float, int, Event]]:
    """The clock, and how far the words are known by then."""
    for k in range(1, int((length_s + 2.0) / BEAT_S)):
        now = k * BEAT_S
        if now > WORDS_LATE_S:
            known_s = now - WORDS_LATE_S
            yield from ((now, 2, WordsUntil(start=known_s, end=known_s, speaker=p)) for p in people)
        yield now, 3, Clock(start=now, end=now)


def _prompted(conversation: Conversation, event: Event) -> list[Event]:
    """``event``; for a wish of the coach, the prompt that would have been said, which the coach is told of too."""
    if not isinstance(event, Cue):
        return [event]
    return conversation.pass_on([unspoken(event)])


def _kept(events: Sequence[Event]) -> list[Record]:
    return [e for e in events if isinstance(e, Record) and keep(e)]


def _spread(speech: Speech, text: str) -> list[Word]:
    """The words of an utterance, spread evenly over it: all there is to know of their times."""
    words = text.split()
    step_s = (speech.end - speech.start) / max(1, len(words))
    return [
        Word(start=speech.start + i * step_s, end=speech.start + (i + 1) * step_s, speaker=speech.speaker, word=word)
        for i, word in enumerate(words)
    ]


def _end(at_s: float) -> SessionEnded:
    return SessionEnded(start=at_s, end=at_s)


def _write(records: Sequence[Record], out: Path, tell: Progress) -> list[Path]:
    tell("Writing the report", 0.0)
    log = write_log(out, records)
    try:
        files = report.render(records, out)
    except OSError as error:
        raise VoicecoachError(
            f"The report could not be written to {out} ({error.strerror}); make room there, or write it elsewhere: "
            f"voicecoach report {log} --out FOLDER"
        ) from error
    tell("Writing the report", 1.0)
    return [log, *files]
