"""Learning a person's voice from about 15 s of reading aloud, and refusing what would not work later."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from voicecoach.audio import Source
from voicecoach.errors import VoicecoachError
from voicecoach.hearing.base import FRAME, STEP
from voicecoach.hearing.level import Levels
from voicecoach.hearing.segmentation import FRAMES, SEG_CENTRE, SEG_STEP, WINDOW, Segmentation
from voicecoach.hearing.voiceprint import Embedder, Embedding, Voiceprint, unit
from voicecoach.samples import RATE, Samples

LEAST_SPEECH_S = 6.0
"""Below this the embedding of a person still moves with what they happen to say."""
MOST_S = 180.0
"""No more of a recording is listened to: a voice does not become clearer by it, and hours of it would fill memory."""
_PIECE = RATE * 3 // 2
_QUIET_DB = -48.0
_CLIPPED = 0.985
_MOST_CLIPPED = 0.08
"""Share of 8 ms frames that touch full scale; recordings made as loud as can be reach 0.02."""
_LEAST_SNR_DB = 10.0
_ONE_VOICE = 0.60
"""Cosine of the two most different parts of a recording below which they are two people.

On ten telephone voices the parts of one voice had 0.69 to 0.85, of two voices 0.09 to 0.58.
"""
_ALIKE = 0.60
"""Cosine of two enrolments over which short replies are often given to the wrong one."""


def enroll(samples: Samples) -> Voiceprint:
    """Voiceprint of the one person who speaks in ``samples`` ``(n,)`` at 16 kHz.

    Raises `VoicecoachError` when the sound is silent, too quiet, clipped, too noisy, has less than 6 s of speech, or
    more than one voice.
    """
    sound = np.asarray(samples, np.float32).reshape(-1)
    if len(sound) < RATE or float(np.abs(sound).max(initial=0.0)) < 1e-4:
        raise VoicecoachError("Nothing can be heard: check that the right microphone is chosen and switched on.")
    levels = _levels(sound)
    speech = _speech(sound, levels)
    seconds = float(speech.sum()) * FRAME / RATE
    if seconds < 1.0:
        raise VoicecoachError("No voice can be heard: read aloud, close to the microphone, for about 15 seconds.")
    _check_sound(sound, levels, speech)
    if seconds < LEAST_SPEECH_S:
        raise VoicecoachError(
            f"Only {int(seconds)} s of speech was heard and {LEAST_SPEECH_S:.0f} s are needed: read a little longer."
        )
    voice = sound[: len(speech) * FRAME].reshape(-1, FRAME)[speech].reshape(-1)
    embedder = Embedder()
    pieces = np.stack([embedder(voice[i : i + _PIECE]) for i in range(0, len(voice) - _PIECE + 1, _PIECE // 2)])
    if _two_voices(pieces):
        raise VoicecoachError("More than one voice can be heard: let one person read alone, without radio or TV.")
    mean = unit(pieces.mean(axis=0))
    own = pieces @ mean
    threshold = float(np.clip(own.mean() - 3.0 * own.std(), 0.30, 0.60))
    return Voiceprint(embedding=tuple(float(x) for x in mean), threshold=threshold)


def enroll_from(source: Source, most_s: float = MOST_S, progress: Callable[[float], None] | None = None) -> Voiceprint:
    """Voiceprint of the one person who speaks in the first ``most_s`` seconds of ``source``, and close it.

    ``progress`` gets the share heard so far, 0 to 1. Raises `VoicecoachError` as `enroll` does, as the source does, and
    when its device gives no sound (any more): nobody reads on to find out for how long it is waited for.
    """
    sound: list[Samples] = []
    heard_s = 0.0
    wanted_s = min(most_s, source.length_s or most_s)
    try:
        for chunk in source.chunks():
            if chunk.reason == "gone":
                raise VoicecoachError(
                    "The microphone gives no sound: plug it in anew, or choose another with --device, and read again."
                )
            sound.append(chunk.samples.mean(axis=1))
            heard_s += len(chunk.samples) / RATE
            if progress is not None:
                progress(min(1.0, heard_s / wanted_s))
            if heard_s >= most_s:
                break
    finally:
        source.close()
    return enroll(np.concatenate(sound)) if sound else enroll(np.zeros(0, np.float32))


def similar(a: Voiceprint, b: Voiceprint) -> bool:
    """Whether two voices are too alike to be told apart reliably on one microphone: warn, and advise one each."""
    return float(a.vector() @ b.vector()) > _ALIKE


def _levels(sound: Samples) -> npt.NDArray[np.float64]:
    meter = Levels()
    whole = len(sound) // STEP * STEP
    return np.concatenate([meter(sound[i : i + STEP]) for i in range(0, whole, STEP)])


def _speech(sound: Samples, levels: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """8 ms frames in which exactly one voice speaks, ``(len(levels),)``."""
    segment = Segmentation()
    gain = np.float32(10.0 ** ((-20.0 - float(np.percentile(levels, 95))) / 20.0))
    out = np.zeros(len(levels), bool)
    centres = (np.arange(FRAMES) * SEG_STEP + SEG_CENTRE) // FRAME
    for start in range(0, len(sound), WINDOW):
        window = sound[start : start + WINDOW] * gain
        _, speech, overlap = segment(np.concatenate((window, np.zeros(WINDOW - len(window), np.float32))))
        alone = (speech > 0.5) & (overlap < 0.5)
        frames = np.arange(start // FRAME, min((start + len(window)) // FRAME, len(levels)))
        nearest = np.searchsorted(centres, frames - start // FRAME).clip(0, FRAMES - 1)
        out[frames] = alone[nearest]
    if out.any():
        out &= levels > float(np.percentile(levels[out], 90)) - 30.0
    return out


def _check_sound(sound: Samples, levels: npt.NDArray[np.float64], speech: npt.NDArray[np.bool_]) -> None:
    loud = float(np.percentile(levels[speech], 90))
    if loud < _QUIET_DB:
        raise VoicecoachError(
            f"The voice is too quiet ({loud:.0f} dB): come closer to the microphone or raise its input level."
        )
    peaks = sound[: len(speech) * FRAME].reshape(-1, FRAME)[speech]
    if float((np.abs(peaks).max(axis=1) >= _CLIPPED).mean()) > _MOST_CLIPPED:
        raise VoicecoachError("The voice is too loud and distorted: lower the input level or move back a little.")
    noise = float(np.percentile(levels, 5))  # even without a pause, the softest frames lie between the words
    if float(np.percentile(levels[speech], 60)) - noise < _LEAST_SNR_DB:
        raise VoicecoachError("The room is too loud for the voice: find a quieter place or come closer.")


def _two_voices(pieces: npt.NDArray[np.float32]) -> bool:
    """Whether the embeddings ``(n, 192)`` fall into two groups that are two people."""
    if len(pieces) < 4:
        return False
    cosines = pieces @ pieces.T
    first, second = np.unravel_index(int(cosines.argmin()), cosines.shape)
    centres: list[Embedding] = [pieces[first], pieces[second]]
    group = np.zeros(len(pieces), bool)
    for _ in range(8):
        group = pieces @ centres[0] < pieces @ centres[1]
        if group.all() or not group.any():
            return False
        centres = [unit(pieces[~group].mean(axis=0)), unit(pieces[group].mean(axis=0))]
    small = min(int(group.sum()), int((~group).sum()))
    return small >= max(2, len(pieces) // 8) and float(centres[0] @ centres[1]) < _ONE_VOICE
