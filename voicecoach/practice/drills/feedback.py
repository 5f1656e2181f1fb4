"""From findings to what is said: one thing done, one thing to try. The same thing is put differently each time."""

from __future__ import annotations

from collections import Counter

from voicecoach.practice.drills.material import Material
from voicecoach.practice.drills.outcome import Finding, Outcome


class Feedback:
    """Puts outcomes into words."""

    def __init__(self, material: Material) -> None:
        self._ways = material.feedback
        self._used: Counter[str] = Counter()

    def __call__(self, outcome: Outcome) -> tuple[str, str]:
        """One thing done and one to try."""
        stayed = Finding("listened" if outcome.kind == "nothing" else "spoke")
        done = next(iter(outcome.done), stayed)
        to_try = next(iter(outcome.to_try), Finding("more"))
        return self.words(done), self.words(to_try)

    def words(self, finding: Finding) -> str:
        """A sentence or two for ``finding``."""
        ways = self._ways[finding.code]
        text = ways[self._used[finding.code] % len(ways)]
        self._used[finding.code] += 1
        filled = text.format(**finding.values)
        return filled[:1].upper() + filled[1:]
