"""What is answered to "coach, how are we doing?": who has spoken how much, and what was last said back. No grades."""

from __future__ import annotations

from collections.abc import Mapping

from voicecoach.coach.wording import Bank

LITTLE_S = 20.0
"""With less speech than this in all there is nothing to say about balance."""
EVEN = 0.57
MUCH = 0.72
"""Shares of the speech up to which it counts as even, and from which one person spoke most."""
MOST_WORDS = 12


def status(spoken_s: Mapping[str, float], said_back: tuple[str, str], bank: Bank) -> str:
    """One or two sentences. ``spoken_s``: seconds of speech by person; ``said_back``: who said back what, or empty."""
    total = sum(spoken_s.values())
    most, *rest = sorted(spoken_s, key=lambda p: -spoken_s[p])
    share = spoken_s[most] / total if total else 0.0
    if total < LITTLE_S or not rest:
        kind = "nobody"
    else:
        kind = "even" if share <= EVEN else "more" if share < MUCH else "much_more"
    sentences = [bank.answers[kind].format(name=most, other=rest[-1] if rest else "")]
    name, words = said_back
    if words:
        short = " ".join(words.split()[:MOST_WORDS]).rstrip(".,;:!?")
        sentences.append(bank.answers["said_back"].format(name=name, words=short))
    elif kind != "nobody":
        sentences.append(bank.answers["nothing_back"])
    return " ".join(sentences)
