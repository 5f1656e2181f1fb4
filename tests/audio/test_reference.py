from __future__ import annotations

import numpy as np
import pytest

from voicecoach.audio.reference import BEHIND_S, Reference
from voicecoach.samples import RATE

BLOCK = 1600
STEP_S = BLOCK / RATE


def numbered(prompts: list[tuple[float, float]], length_s: float) -> np.ndarray:
    """Sound whose value is its own place, inside prompts; silence elsewhere."""
    out = np.zeros(int(length_s * RATE), np.float32)
    for a, b in prompts:
        out[int(a * RATE) : int(b * RATE)] = np.arange(int(a * RATE), int(b * RATE))
    return out


def delays(
    put: np.ndarray, late: dict[int, float], *, asked: int = 1, stumble: tuple[int, float] = (0, 0.0)
) -> set[int]:
    """How far behind the sound heard the reference is, wherever a prompt is in it, in samples.

    ``late``: blocks of the microphone whose callback comes so many seconds late. ``asked``: blocks taken at a time.
    ``stumble``: from that block on the loudspeaker is later by so much.
    """
    reference, heard, found = Reference(), [], set()
    for k in range(len(put) // BLOCK):
        reference.put(put[k * BLOCK : (k + 1) * BLOCK], k * STEP_S + (stumble[1] if k >= stumble[0] else 0.0))
        heard.append(k * STEP_S + STEP_S + late.get(k, 0.0))
        if len(heard) == asked:
            for j, came_s in enumerate(heard, start=k + 1 - asked):
                piece = reference.take(BLOCK, came_s)
                at = np.flatnonzero(piece)
                found |= {int(d) for d in j * BLOCK + at - piece[at]}
            heard = []
    return found


def test_it_is_one_and_the_same_time_after_it_was_put_out() -> None:
    (delay,) = delays(numbered([(2, 4), (6, 8)], 10), {})
    assert abs(delay) <= BEHIND_S * RATE


@pytest.mark.parametrize("asked", [1, 4, 11])
def test_who_asks_late_and_in_bursts_gets_the_same(asked: int) -> None:
    put = numbered([(2, 4), (6, 8)], 11)
    assert delays(put, {}, asked=asked) == delays(put, {})


def test_callbacks_that_come_late_change_nothing() -> None:
    put = numbered([(2, 4), (6, 8)], 10)
    late = dict.fromkeys(range(25, 33), 0.8) | dict.fromkeys(range(60, 90, 2), 0.05)
    assert delays(put, late) == delays(put, {})


def test_lost_sound_is_skipped() -> None:
    reference, put = Reference(), numbered([(1, 5)], 6)
    for k in range(60):
        reference.put(put[k * BLOCK : (k + 1) * BLOCK], k * STEP_S)
        if k == 29:
            before = reference.take(BLOCK, 30 * STEP_S)
        elif k == 39:
            after = reference.take(BLOCK, 40 * STEP_S, lost=9 * BLOCK)
    assert after[0] - before[0] == 10 * BLOCK


def test_a_loudspeaker_that_is_late_from_now_on_is_followed_between_prompts_only() -> None:
    put = numbered([(2, 4), (12, 14)], 15)
    found = delays(put, {}, stumble=(30, 0.2))
    assert len(found) == 2
    assert max(found) - min(found) == round(0.2 * RATE)
    assert len(delays(put[: 6 * RATE], {}, stumble=(30, 0.2))) == 1


def test_a_loudspeaker_that_ran_dry_is_followed_at_once() -> None:
    reference, put, found, dry = Reference(), numbered([(2, 6)], 8), [], 30
    for k in range(len(put) // BLOCK):
        late_s = 0.5 if k >= dry else 0.0
        reference.put(put[k * BLOCK : (k + 1) * BLOCK], k * STEP_S + late_s, stumbled=k == dry)
        for j in range(5 if k == dry else 0):  # the microphone went on meanwhile
            reference.take(BLOCK, (k + 1 + j) * STEP_S)
        piece = reference.take(BLOCK, (k + 1) * STEP_S + late_s)
        at = np.flatnonzero(piece)
        found += [round(k * BLOCK + late_s * RATE + i - piece[i]) for i in at]
    assert len(put[2 * RATE : 6 * RATE]) - len(found) < 0.7 * RATE, "sound was passed over"
    assert max(found) - min(found) in range(round(0.45 * RATE), round(0.55 * RATE))


def test_before_anything_was_put_out_there_is_silence() -> None:
    assert not Reference().take(BLOCK, 1.0).any()
