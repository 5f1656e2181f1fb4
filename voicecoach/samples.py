"""Sound as it is everywhere inside voicecoach."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RATE = 16_000
"""Samples per second."""

Samples = npt.NDArray[np.float32]
"""In [-1, 1]; shape (n,), or (n, channels)."""
