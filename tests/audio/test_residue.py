from __future__ import annotations

from voicecoach.audio.residue import FRAME, KNOWN_S, Residue
from voicecoach.samples import RATE


def frames(seconds: float) -> range:
    return range(round(seconds * RATE / FRAME))


def test_what_is_left_of_an_echo_is_nobody_and_who_speaks_over_it_is_somebody_at_once() -> None:
    residue = Residue()
    assert not any(residue.person(0.1, 0.02, audible=True) for _ in frames(0.3))
    assert residue.person(0.1, 0.05, audible=True)


def test_reverberation_between_two_words_is_nobody() -> None:
    residue = Residue()
    for _ in frames(0.3):
        residue.person(0.1, 0.02, audible=True)
    assert not any(residue.person(0.025, 0.02, audible=True) for _ in frames(0.2))
    assert not residue.stood_out


def test_what_is_not_taken_out_for_long_is_somebody() -> None:
    residue = Residue()
    found = [residue.person(0.1, 0.1, audible=True) for _ in frames(KNOWN_S + 0.1)]
    assert found.index(True) == len(frames(KNOWN_S))
