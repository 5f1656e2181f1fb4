from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from voicecoach.hearing.handover import AHEAD, HandOver

HOLE = 19
A, B = 0, 1
Spans = list[tuple[int, int]]


def settled(a: Spans, b: Spans, length: int = 400, hop: int = 31) -> npt.NDArray[np.bool_]:
    """Frames in which each of two speaks, decided ``hop`` at a time as hearing does, with what lies ahead in view."""
    known = np.zeros((length, 2), bool)
    for person, spans in ((A, a), (B, b)):
        for start, stop in spans:
            known[start:stop, person] = True
    hand_over, since, out = HandOver(), np.full(2, 10_000), []
    for first in range(0, length, hop):
        view, sure = known[first : first + hop + AHEAD].copy(), np.ones((hop + AHEAD, 2), np.float32)
        for at in range(min(hop, length - first)):
            hand_over.settle(view, sure, at, first, since, HOLE)
            since = np.where(view[at], 0, since + 1)
            out.append(view[at].copy())
    return np.array(out)


def spans(active: npt.NDArray[np.bool_]) -> Spans:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


@pytest.mark.parametrize("hop", [1, 7, 31, 100])
def test_a_short_start_belongs_to_whoever_goes_on_from_it(hop: int) -> None:
    heard = settled([(100, 130)], [(131, 300)], hop=hop)
    assert spans(heard[:, A]) == []
    assert spans(heard[:, B])[0][0] == 100


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([(100, 170)], [(170, 300)]),  # long enough to be a remark
        ([(100, 130)], [(145, 300)]),  # a breath between them
        ([(100, 130)], [(90, 300)]),  # under the other's voice
        ([(100, 130)], [(120, 300)]),  # both at once at its end
        ([(40, 90), (100, 130)], [(130, 300)]),  # the end of something longer
        ([(100, 130)], []),  # nobody goes on
        ([(100, 130), (133, 300)], []),  # the same goes on
    ],
)
def test_anything_else_stays_as_it_was_heard(a: Spans, b: Spans) -> None:
    heard = settled(a, b)
    assert (spans(heard[:, A]), spans(heard[:, B])) == (a, b)
