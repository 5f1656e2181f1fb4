"""A written conversation as records, of any length, for any names."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.events import (
    Backchannel,
    Gap,
    Interruption,
    Overlap,
    Pause,
    Prompt,
    Record,
    ReplyAct,
    SessionEnded,
    SessionStarted,
    Speech,
    Turn,
    Word,
)

SAID = (
    (
        "I have been lying awake about the money again, and I did not want to bring it up, because "
        "you had such a long week. But it is there every night now."
    ),
    "You lie awake and you kept it to yourself because I was tired. Is that right?",
    "Yes, exactly. And I feel alone with it. On Sunday I sat in the kitchen until three and went through all the bills",
    "You should just make a list. It is really not that hard.",
)


def conversation(people: Sequence[str] = ("Anna", "Ben"), rounds: int = 1, closed: bool = True) -> list[Record]:
    """Four turns a round (about 30 s): a reflection given, one missed, a sign of listening, an interruption."""
    a, b = people[0], people[-1]
    out: list[Record] = [SessionStarted(start=0.0, end=0.0, people=tuple(people), date="2026-11-24T19:30")]
    t = 0.5
    for _ in range(rounds):
        previous = None
        for i, text in enumerate(SAID):
            who, other = (a, b) if i % 2 == 0 else (b, a)
            begin, words = t, text.split()
            spans = []
            for k, word in enumerate(words):
                out.append(Word(start=t, end=t + 0.28, speaker=who, word=word))
                spans.append((t, t + 0.28))
                t += 0.3
                if k == 9:
                    out.append(Pause(start=t - 0.02, end=t + 0.5, speaker=who))
                    out.append(Speech(start=begin, end=t - 0.02, speaker=who))
                    t += 0.5
                    resumed = t
            end = spans[-1][1]
            out.append(Speech(start=resumed, end=end, speaker=who))
            speech_s = end - begin - 0.52
            out.append(Turn(start=begin, end=end, speaker=who, speech_s=speech_s, text=text))
            if previous is not None:
                fto = begin - previous
                out.append(Gap(start=min(previous, begin), end=begin, speaker=who, previous=other, fto_s=fto))
            if i == 0:
                out += [
                    Speech(start=begin + 2, end=begin + 2.4, speaker=b),
                    Word(start=begin + 2, end=begin + 2.4, speaker=b, word="Mm-hm."),
                    Backchannel(start=begin + 2, end=begin + 2.4, speaker=b, to=a, text="Mm-hm."),
                    Overlap(start=begin + 2, end=begin + 2.4, speaker=b, over=a, kind="backchannel"),
                ]
            if i in (1, 3):
                acts = {"reflection": 0.93, "closed_question": 0.8} if i == 1 else {"reflection": 0.02, "advice": 0.9}
                out.append(
                    ReplyAct(
                        start=begin,
                        end=end,
                        speaker=b,
                        to=a,
                        acts=acts,
                        text=text,
                        covered=("awake",) if i == 1 else (),
                    )
                )
            if i == 3:
                out += [
                    Overlap(start=begin, end=previous or begin, speaker=b, over=a, kind="interruption"),
                    Interruption(
                        start=begin, end=begin + 1.5, speaker=b, interrupted=a, kind="successful", overlap_s=0.4,
                        yielded=a, yielded_at=begin + 0.4, words_cut="through all the bills", confidence=0.86,
                    ),
                ]  # fmt: skip
                out.append(
                    Prompt(start=end + 0.5, end=end + 2, text=f"{b}, what did you hear?", to=b, situation="remind")
                )
            previous = end
            t = end - 0.4 if i == 2 else end + 0.5
        t += 3.0
    out.sort(key=lambda r: (r.start, r.end))
    last = max(r.end for r in out)
    return [*out, SessionEnded(start=last, end=last)] if closed else out
