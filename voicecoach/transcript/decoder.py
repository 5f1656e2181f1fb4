"""Speech to words with faster-whisper, at less than the 30 seconds of context that it would otherwise pay for."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage, get_suppressed_tokens, merge_punctuations

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.events import Word
from voicecoach.models import resolve_whisper
from voicecoach.samples import RATE, Samples
from voicecoach.transcript.jobs import Heard, Job, Result, Span
from voicecoach.transcript.placing import holes, place

FRAMES_PER_S = 100
"""Frames of Whisper's features per second."""
LONGEST_S = 29.8
"""Longest sound decoded at once; Whisper knows 30 seconds."""
START_LATE_S, END_LATE_S = 0.08, 0.05
"""Whisper's attention moves on to a word this much before it begins, and off it before it ends (median on the project's
own recordings, whose word times are exact)."""
LOOP, LONG_LOOP = 6, 4
"""Nobody says one token, or two to four of them, so often in a row, but Whisper does at a cut word and in laughter."""
MOST_TOKENS_PER_S = 12
"""Nobody says more: seven or eight words a second are nine or ten. A loop ends there at the latest."""
LATIN = frozenset({"en", "de"})
"""Languages known here that are written in Latin letters only."""
_PREPENDED, _APPENDED = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderSettings:
    """How sound becomes words. Lengths in seconds.

    ``context_s``: sound is padded to at least this, since the model was trained on 30 s and a stretch alone gets worse
    under about 15 s (DESIGN.md), two-word commands at 15 s too; ``near_context_s`` where words before it are heard
    again, or while the person still talks. ``no_speech``, ``log_prob`` and ``compression``: the thresholds of
    Whisper's own decoding (Radford et al. 2022, section 4.5). ``near_no_speech``: with less context it doubts less (at
    15 s laughter 0.50 to 0.58, 0.64 to 0.80 at 20 s; speech to 0.49).
    Where no word reaches ``least_confidence`` nothing was said (of 292 decodes of telephone calls the lowest had 0.09,
    of keys taken for a voice 0.04). Voice of ``hole_s`` without a word is decoded again and believed from a mean
    ``fill_confidence`` on.
    """

    language: str = "en"
    context_s: float = 20.0
    near_context_s: float = 10.0
    beam: int = 5
    no_speech: float = 0.6
    near_no_speech: float = 0.5
    log_prob: float = -1.0
    compression: float = 2.4
    most_words_per_s: float = 9.0
    least_confidence: float = 0.06
    hole_s: float = 0.5
    fill_confidence: float = 0.65


class Decoder:
    """Decodes jobs with one model.

    ``model`` is what `voicecoach.models.resolve_whisper` takes. ``threads``: cores for one decode; ``at_once``: how
    many threads may call `hear` at a time. Raises `VoicecoachError` when the model is not on this computer,
    `MisuseError` when it does not know the language.
    """

    def __init__(
        self,
        model: str = "whisper-base",
        *,
        settings: DecoderSettings | None = None,
        threads: int = 1,
        at_once: int = 1,
    ) -> None:
        self.settings = settings or DecoderSettings()
        self.at_once = at_once
        self._whisper = _Whisper(model, self.settings, threads, at_once)

    def decode(self, job: Job) -> Result:
        """New words of ``job`` in session time, each inside a voiced stretch."""
        voiced = [(a - job.start, b - job.start) for a, b in job.voiced]
        heard = self.hear(job.audio, voiced, said=[w.word for w in job.said], more=job.open)
        return Result(
            tuple(
                Word(
                    start=job.start + h.start,
                    end=job.start + h.end,
                    speaker=job.speaker,
                    word=h.word,
                    confidence=h.confidence,
                )
                for h in heard
            )
        )

    def hear(
        self, audio: Samples, voiced: Sequence[Span], *, said: Sequence[str] = (), more: bool = False
    ) -> list[Heard]:
        """Words in ``audio`` ``(n,)``, at most `LONGEST_S`, that lie in ``voiced`` (seconds from its beginning).

        ``said``: words with which it begins, before ``voiced``; they are not given again. ``more``: the sound goes on
        beyond ``audio``, so there will be another look, and this one may be quick.
        """
        if not voiced or len(audio) < RATE // 20:
            return []
        s = self.settings
        audio = audio[: int(LONGEST_S * RATE)]
        found = place(self._whisper.hear(audio, said, quick=more), voiced)
        if more:
            return found
        for span in holes(found, voiced, s.hole_s):
            found = found + self._fill(audio, voiced, span)
        return sorted(found, key=lambda h: (h.start, h.end))

    def _fill(self, audio: Samples, voiced: Sequence[Span], hole: Span) -> list[Heard]:
        """Decode voice that gave no word once more, alone: over several sentences Whisper sometimes stops too early."""
        first = max(0, int((hole[0] - 0.15) * RATE))
        heard = self._whisper.hear(audio[first : int((hole[1] + 0.2) * RATE)])
        if not heard or np.mean([h.confidence for h in heard]) < self.settings.fill_confidence:
            return []
        heard = [replace(h, start=h.start + first / RATE, end=h.end + first / RATE) for h in heard]
        return place(heard, [(max(hole[0], a), min(hole[1], b)) for a, b in voiced if b > hole[0] and a < hole[1]])


def loops(tokens: Sequence[int]) -> bool:
    """Whether one token comes `LOOP` times in a row, or two to four `LONG_LOOP` times: compression may not show it."""
    return any(
        all(tokens[i] == tokens[i + size] for i in range(at, at + size * (often - 1)))
        for size, often in ((1, LOOP), (2, LONG_LOOP), (3, LONG_LOOP), (4, LONG_LOOP))
        for at in range(len(tokens) - size * often + 1)
    )


def foreign(texts: Sequence[str]) -> list[int]:
    """Which of ``texts`` hold a letter that is not Latin, or a part of one.

    At words it does not know, Whisper sometimes goes on in Chinese. Its tokens are bytes, but the letters of English
    and German are whole ones.
    """
    return [
        n for n, text in enumerate(texts)
        if not text.isascii()
        and ("\ufffd" in text or any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in text))
    ]  # fmt: skip


class _Whisper:
    """One loaded model."""

    def __init__(self, name: str, settings: DecoderSettings, threads: int, at_once: int) -> None:
        self.settings = settings
        folder = resolve_whisper(name)
        try:
            self.whisper = WhisperModel(
                folder, device="cpu", compute_type="int8", cpu_threads=threads, num_workers=at_once
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise VoicecoachError(
                f"The model {name} cannot be loaded; look whether it is whole (voicecoach models verify) and fetch it "
                "again if it is not (voicecoach models fetch --again)."
            ) from error
        many = self.whisper.model.is_multilingual
        if not many and settings.language != "en":
            raise MisuseError(f"The model {name} knows only English; use --model whisper-base for other languages.")
        self.tokenizer = Tokenizer(
            self.whisper.hf_tokenizer, many, task="transcribe", language=settings.language if many else "en"
        )
        self.suppress = list(get_suppressed_tokens(self.tokenizer, [-1]))
        if settings.language in LATIN:
            tokens = self.whisper.hf_tokenizer
            self.suppress += foreign(tokens.decode_batch([[n] for n in range(self.tokenizer.eot)]))

    def hear(self, audio: Samples, said: Sequence[str] = (), *, quick: bool = False) -> list[Heard]:
        """Words after ``said`` as the model times them; none when the model itself doubts that it is speech."""
        s = self.settings
        near = quick or bool(said)
        features = self.whisper.feature_extractor(audio, padding=160)[:, : 30 * FRAMES_PER_S]
        frames = features.shape[-1] - 1
        wanted = min(30.0, max(s.near_context_s if near else s.context_s, frames / FRAMES_PER_S + 0.1))
        width = max(int(wanted * FRAMES_PER_S) // 2 * 2, features.shape[-1] // 2 * 2)
        padded = np.zeros((features.shape[0], width), np.float32)
        padded[:, : min(width, features.shape[-1])] = features[:, :width]
        encoded = self.whisper.model.encode(get_ctranslate2_storage(padded[None]))
        before = self.tokenizer.encode(" " + " ".join(said)) if said else []
        no_speech = s.near_no_speech if near else s.no_speech
        tokens = self._generate(encoded, len(audio) / RATE, before, no_speech, 1 if quick else s.beam)
        found = self._align(encoded, [*before, *tokens], frames, len(said)) if tokens else []
        return found if any(h.confidence >= s.least_confidence for h in found) else []

    def _generate(self, encoded: Any, length_s: float, before: list[int], no_speech: float, beam: int) -> list[int]:
        s = self.settings
        prompt = [*self.tokenizer.sot_sequence, self.tokenizer.no_timestamps, *before]
        most = len(prompt) + 24 + int(length_s * MOST_TOKENS_PER_S)
        for no_repeat in (0, 3):  # a loop is broken by decoding again without repeating three tokens
            result = self.whisper.model.generate(
                encoded,
                [prompt],
                beam_size=beam,
                no_repeat_ngram_size=no_repeat,
                max_length=min(448, 2 * most),  # it decodes half of that, with what is given
                return_scores=True,
                return_no_speech_prob=True,
                suppress_blank=not before,
                suppress_tokens=self.suppress,
            )[0]
            tokens = [t for t in result.sequences_ids[0] if t < self.tokenizer.eot][len(before) :]
            if not tokens or (result.no_speech_prob > no_speech and result.scores[0] < s.log_prob):
                return []
            text = self.tokenizer.decode(tokens).strip()
            packed = text.encode()
            words_per_s = len(text.split()) / max(length_s, 0.5)
            looks_right = len(packed) / len(zlib.compress(packed)) <= s.compression
            if looks_right and words_per_s <= s.most_words_per_s and not loops([*before, *tokens]):
                return tokens
        return []

    def _align(self, encoded: Any, tokens: list[int], frames: int, skip: int) -> list[Heard]:
        """Times of all words but the first ``skip``, which were given."""
        words = self.whisper.find_alignment(self.tokenizer, [tokens], encoded, frames)[0]
        merge_punctuations(words, _PREPENDED, _APPENDED)
        found: list[Heard] = []
        for w in words:
            text, start = w["word"], float(w["start"]) + START_LATE_S
            end, sure = float(w["end"]) + END_LATE_S, float(np.clip(w["probability"], 0.0, 1.0))
            if found and text[:1] not in (" ", ""):  # "o" and "'clock" are one word
                last = found[-1]
                found[-1] = replace(
                    last, word=last.word + text, end=max(last.end, end), confidence=min(last.confidence, sure)
                )
            elif any(c.isalnum() for c in text):
                found.append(Heard(text.strip(), start, max(end, start), sure))
        return found[skip:]
