"""Memory that decodes have given up goes back while a recording is being written down."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicecoach.samples import Samples
from voicecoach.transcript import memory, transcribe_all
from voicecoach.transcript.jobs import Heard, Span

WINDOW_S = 20.0
COUNT = 30


class Wasteful:
    """Its first decode takes 60 MB in pieces and leaves them as holes between small things that stay."""

    at_once = 2

    def __init__(self) -> None:
        self.stay: list[Samples] = []

    def hear(self, audio: Samples, voiced: Sequence[Span], **more: Any) -> list[Heard]:
        if not self.stay:
            taken = []
            for _ in range(600):
                taken.append(np.ones(12_500, np.float64))  # each below what the C library takes from the system alone
                self.stay.append(np.ones(100, np.float64))
            assert len(taken) == 600
        return [Heard("word", *voiced[0])]


def memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(sys.platform != "linux" or memory._TRIM is None, reason="needs Linux's /proc and glibc")
def test_what_a_decode_gave_up_is_not_held_for_the_rest_of_the_recording() -> None:
    spans = {"Anna": [(WINDOW_S * k, WINDOW_S * k + 15.0) for k in range(COUNT)]}

    def read(channel: int, start: float, end: float) -> Samples:
        return np.zeros(round((end - start) * 100), np.float32)

    before = memory_mb()
    words = transcribe_all(read, spans, lambda who: 0, Wasteful())  # type: ignore[arg-type]
    assert len(words) == COUNT
    assert memory_mb() - before < 25
