"""What `live` and others measure of prompts: when they sound, against who speaks; what the log makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.signal import correlate

from voicecoach.coach import Situation
from voicecoach.events import Prompt, Record, Speech, Word
from voicecoach.samples import RATE

Spans = list[tuple[float, float, str]]
"""Who spoke from when to when, in order of start."""
GOES_ON_S = 2.0
ONE_PROMPT_S = 0.6
"""Silence up to so long is inside a prompt."""
IN_A_PAUSE = frozenset(
    s.value
    for s in (
        Situation.REPEATED, Situation.INTERRUPTION, Situation.TENSION, Situation.AGREEMENT, Situation.BLAME,
        Situation.JUDGING, Situation.MINIMISING, Situation.ADVICE, Situation.REMIND,
    )
)  # fmt: skip
"""Help for who is speaking: it waits for their next pause on purpose."""


def tell(data: str, metric: str, value: float, unit: str, better: str = "lower", **more: float) -> None:
    row = {"bench": "live", "data": data, "metric": metric, "value": round(float(value), 4), "unit": unit}
    print(json.dumps({**row, "better": better, **more}), flush=True)


def shares(name: str, metric: str, values: Sequence[float]) -> None:
    """Median and 95th percentile of ``values``, in seconds, if there are any."""
    for share in (50, 95) if values else ():
        tell(name, f"{metric}_p{share}_s", float(np.percentile(values, share)), "s", n=len(values))


def lags(name: str, late: Sequence[Sequence[Any]]) -> None:
    """How late words and interruptions were told."""
    kinds = ("word_lag", "partial_lag", "interruption_flag", "interruption_confirmed", "interruption_withdrawn")
    for kind in kinds:
        shares(name, kind, [s for what, s in late if what == kind])


def sounds(cues: Sequence[float], spoken: np.ndarray) -> list[tuple[float, float] | None]:
    """For each cue the start and end of the sound that began at most a second after it."""
    loud = np.convolve(np.abs(spoken), np.full(320, 1 / 320), "same") > 1e-3
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0])))) / RATE
    pieces = list(zip(edges[::2], edges[1::2], strict=True))
    out: list[tuple[float, float] | None] = []
    for cue in cues:
        first = next((i for i, (a, _) in enumerate(pieces) if cue - 0.1 < a < cue + 1.0), None)
        if first is None:
            out.append(None)
            continue
        last = first
        while last + 1 < len(pieces) and pieces[last + 1][0] - pieces[last][1] < ONE_PROMPT_S:
            last += 1
        out.append((float(pieces[first][0]), float(pieces[last][1])))
    return out


def prompts_heard(
    name: str, speech: Spans, cues: Sequence[float], records: Sequence[Record], spoken: np.ndarray, heard: np.ndarray
) -> None:
    """When the prompts of ``cues`` sounded at the loudspeaker ``spoken``, against who spoke when in ``heard``."""
    said = [r for r in records if isinstance(r, Prompt) and r.words]
    found = [(p, s) for p, s in zip(said, sounds(cues, spoken), strict=False) if s is not None]
    waits, stops, apart = list[float](), list[float](), list[float]()
    over, middle, at_ends, middle_at_ends = 0, 0, 0, 0
    for prompt, (a, b) in found:
        apart.append(echo_after(spoken, heard, a, b))
        before = [s for s in speech if s[0] < a]
        after = [s for s in speech if s[0] >= a]
        if not before:
            continue
        last = max(before, key=lambda s: s[1])
        over += last[1] > a
        waits += [a - last[1]] if last[1] <= a and prompt.situation not in IN_A_PAUSE else []
        goes_on = bool(after) and after[0][2] == last[2] and after[0][0] - last[1] < GOES_ON_S
        middle += goes_on
        at_ends += prompt.situation not in IN_A_PAUSE
        middle_at_ends += goes_on and prompt.situation not in IN_A_PAUSE
        stops += [b - s[0] for s in after[:1] if a < s[0] < b]
    tell(name, "prompts_heard_at_the_loudspeaker", len(found), f"of {len(cues)}", "higher")
    tell(name, "prompts_over_speech", over, "", n=len(found))
    tell(name, "prompts_in_mid_turn_pause_rate", middle / max(1, len(found)), "", n=len(found))
    tell(name, "prompts_at_turn_ends_in_mid_turn_pause_rate", middle_at_ends / max(1, at_ends), "", n=at_ends)
    shares(name, "end_of_turn_to_prompt", waits)
    shares(name, "prompt_stops_after_voice", stops)
    shares(name, "echo_after", apart)


def echo_after(spoken: np.ndarray, heard: np.ndarray, a: float, b: float) -> float:
    """How much later than at the loudspeaker the beginning of the prompt from ``a`` to ``b`` is in the microphone."""
    first, length = round((a - 0.2) * RATE), round(min(1.0, b - a) * RATE)
    window = heard[first : first + length + round(0.7 * RATE)]
    piece = spoken[round(a * RATE) :][:length]
    return int(np.argmax(correlate(window, piece, mode="valid", method="fft"))) / RATE - 0.2


def words_of_prompts(name: str, speech: Spans, records: Sequence[Record]) -> None:
    """What the log makes of a prompt and of who speaks over it; all times are the session's."""
    prompts = [r for r in records if isinstance(r, Prompt) and r.words]
    tell(name, "prompts", len(prompts), "", "higher")
    tell(name, "prompts_spoken", sum(p.spoken for p in prompts), "", "higher")
    tell(name, "prompts_cut", sum(p.cut for p in prompts), "", "higher")
    under = [w for w in records if isinstance(w, Word) and any(p.start < w.end and w.start < p.end for p in prompts)]
    own = [w for w in under if not any(a - 0.3 < w.end and w.start < b + 0.3 for a, b, _ in speech)]
    tell(name, "words_of_nobody_under_prompts", len(own), "", n=len(prompts))
    tell(name, "own_voice_words", sum(_said_by(prompts, w) for w in own), "", n=len(prompts))
    over = [(a, b, who) for a, b, who in speech if any(p.start < a < p.end + 0.2 for p in prompts)]
    heard = [r for r in records if isinstance(r, Speech)]
    share = [
        sum(max(0.0, min(b, r.end) - max(a, r.start)) for r in heard if r.speaker == who) / (b - a)
        for a, b, who in over
    ]
    if over:
        recall = float(np.average(share, weights=[b - a for a, b, _ in over]))
        tell(name, "speech_over_prompt_recall", recall, "of its time", "higher", n=len(over))


def _said_by(prompts: list[Prompt], word: Word) -> bool:
    """Whether a prompt that was heard at that time has this word."""
    at_once = (p for p in prompts if p.start < word.end and word.start < p.end)
    return any(_plain(word.word) in map(_plain, p.text.split()) for p in at_once)


def _plain(word: str) -> str:
    return word.strip(" .,?!").lower()
