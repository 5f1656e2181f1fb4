from __future__ import annotations

import numpy as np

from voicecoach.hearing.segmentation import SEG_S, overlaps, runs


def found(*shape: tuple[float, float]) -> list[float]:
    """Lengths in seconds of the overlaps in a curve through these points (seconds, likelihood)."""
    at, likely = zip(*shape, strict=True)
    curve = np.interp(np.arange(0.0, at[-1], SEG_S), at, likely)
    return [(stop - start) * SEG_S for start, stop in runs(overlaps(curve, 0.4))]


def test_the_flanks_of_a_short_overlap_do_not_belong_to_it() -> None:
    (length_s,) = found((0, 0), (1, 0), (1.2, 0.9), (1.4, 0), (2, 0))
    assert length_s < 0.2, "0.4 s are likelier than nothing, 0.2 s half as likely as its middle or more"


def test_a_long_overlap_goes_on_where_the_model_wavers() -> None:
    (length_s,) = found((0, 0), (1, 0), (1.1, 0.3), (1.5, 0.25), (1.9, 0.6), (2.1, 0.3), (2.5, 0.5), (2.6, 0), (3, 0))
    assert 1.2 < length_s < 1.6


def test_what_is_never_sure_is_none() -> None:
    assert found((0, 0), (1, 0.39), (2, 0.39), (3, 0)) == []
    assert found((0, 0.0), (3, 0.0)) == []


def test_something_likely_beside_a_surer_overlap_is_its_flank() -> None:
    (length_s,) = found((0, 0), (1, 0.0), (1.05, 0.45), (1.1, 0.1), (1.15, 1.0), (1.3, 1.0), (1.35, 0), (2, 0))
    assert length_s < 0.3
