"""The floor from the sound alone, against the floor from true segments; and how soon a possible interruption is shown.

  scripts/bench agree --data DIR [--only SUBSTRING] [--verbose]

Hearing and floor on the recordings of DIR, without words, against the floor on their true segments, without words too:
an event agrees when it is by the same person and starts within 0.5 s (as ``score.py agree``). Ways: ``enrolled`` (one
microphone, live), ``enrolled offline`` (the same, as a recording heard whole) and ``two_channel``.

In these calls people hardly ever speak at once, so that there is nearly nothing to agree on. ``closer``: the same
calls with one side moved 2.5 s earlier, on one microphone and on two: many overlaps, though not those of a
conversation. Words would tell much that is missing here; the tests of `audio_fixtures/` have them.

Moved so, some begin at the same moment, and who of them came in is a matter of less than what the truth is right to.
``…_f1_at_once_either``: within 0.2 s of the other's start, an event by either of the two agrees.

``provisional_p95_s``: sound that had been heard, beyond the onset, when a possible interruption that agrees with the
truth was shown, with the sound pushed as it comes. ``outcome_p95_s``: the same for its end, from when one of the two
stops to the verdict; words, which are not waited for here, come later.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from hearing import RATE, Spans, enrolled, right_person, sound, truth_of

from voicecoach.events import Backchannel, Clock, Event, Interruption, Signal, VoiceOff, VoiceOn
from voicecoach.floor import Floor
from voicecoach.hearing import Hearing, open_hearing
from voicecoach.hearing.base import stretches

STEP = 512
CLOSER_S = 2.5
TOLERANCE_S = 0.5
AT_ONCE_S = 0.2
KINDS: dict[str, type[Event]] = {"interruption": Interruption, "backchannel": Backchannel}
Counts = dict[tuple[str, str], np.ndarray]
Delays = dict[tuple[str, str], list[float]]


def heard(samples: np.ndarray, hearing: Hearing) -> tuple[list[Signal], list[tuple[float, Event]]]:
    """All signals, and the floor's events with how much sound had been pushed when each was told."""
    floor, signals, told = Floor(words=False, shared=samples.shape[1] == 1), list[Signal](), list[tuple[float, Event]]()
    for at in range(0, len(samples), STEP):
        for signal in hearing.push(samples[at : at + STEP]):
            signals.append(signal)
            told += [((at + STEP) / RATE, e) for e in floor.push(signal)]
    rest = hearing.finish()
    told += [(len(samples) / RATE, e) for s in rest for e in floor.push(s)]
    told += [(len(samples) / RATE, e) for e in floor.finish()]
    return [*signals, *rest], told


def true_events(truth: Spans) -> list[Event]:
    edges: list[tuple[float, int, Event]] = []
    for who, spans in truth.items():
        for a, b in spans:
            edges += [(a, 1, VoiceOn(start=a, end=a, speaker=who)), (b, 0, VoiceOff(start=b, end=b, speaker=who))]
    floor = Floor(words=False)
    out: list[Event] = []
    for at, _, edge in sorted(edges, key=lambda e: e[:2]):
        out += [*floor.push(Clock(start=at, end=at)), *floor.push(edge)]
    return out + floor.finish()


def renaming(found: Spans, truth: Spans) -> dict[str, str]:
    """Whose voice each of two found ones is."""
    names, people = list(found), list(truth)
    orders = [dict(zip(names, order, strict=True)) for order in (people, people[::-1])]
    return max(orders, key=lambda o: right_person({o[n]: found[n] for n in names}, truth)[1] if _same(o, truth) else 0)


def _same(order: dict[str, str], truth: Spans) -> bool:
    return set(order.values()) == set(truth)


def kept(events: list[Event], kind: str) -> list[tuple[float, str]]:
    found = [e for e in events if isinstance(e, KINDS[kind]) and getattr(e, "status", "confirmed") == "confirmed"]
    return sorted((e.start, e.speaker) for e in found)  # type: ignore[attr-defined]


def match(
    found: list[tuple[float, str]], true: list[tuple[float, str]], either: set[tuple[float, str]] | None = None
) -> tuple[list[int], list[int]]:
    """Greedy, one to one: indices of ``found`` that are left over, and of ``true`` that were missed.

    Of those in ``either`` it does not matter by whom they are.
    """
    free, missed = list(range(len(found))), []
    for i, (at, who) in enumerate(true):
        anybody = (at, who) in (either or ())
        near = [j for j in free if (anybody or found[j][1] == who) and abs(found[j][0] - at) <= TOLERANCE_S]
        if near:
            free.remove(min(near, key=lambda j: abs(found[j][0] - at)))
        else:
            missed.append(i)
    return free, missed


def at_once(events: list[tuple[float, str]], truth: Spans) -> set[tuple[float, str]]:
    """Those that begin when the other begins too."""
    starts = [(a, who) for who, spans in truth.items() for a, _ in spans]
    return {(t, w) for t, w in events if any(who != w and abs(a - t) <= AT_ONCE_S for a, who in starts)}


def delays(
    told: list[tuple[float, Event]], names: dict[str, str], true: list[Event]
) -> tuple[list[float], list[float]]:
    """Seconds from onset to a possible interruption, and from outcome to its verdict."""
    real = kept(true, "interruption")
    shown: dict[tuple[float, str], float] = {}
    onsets, outcomes = [], []
    for pushed_s, event in told:
        if not isinstance(event, Interruption):
            continue
        key = (event.start, event.speaker)
        if event.status == "provisional":
            shown[key] = pushed_s
            near = [t for t, who in real if who == names[event.speaker] and abs(t - event.start) <= TOLERANCE_S]
            onsets += [pushed_s - min(near, key=lambda t: abs(t - event.start))] if near else []
        elif key in shown:
            outcomes.append(pushed_s - event.end)
    return onsets, outcomes


def calls(data: Path) -> Iterator[tuple[str, np.ndarray, Spans, Path]]:
    """Name, sound of two channels, truth, and the recording whose enrolments belong to it."""
    for path in sorted((data / "two_channel").glob("*.flac")):
        x, truth = sound(path), truth_of(path.with_suffix(".rttm"))
        mix = data / "one_channel" / f"{path.stem}_mix.flac"
        yield path.stem, x, truth, mix
        n = round(CLOSER_S * RATE)
        second = max(truth, key=lambda who: _share_on_second(x, truth[who]))
        moved = {
            who: [(a - CLOSER_S, b - CLOSER_S) if who == second else (a, b) for a, b in spans if a >= CLOSER_S]
            for who, spans in truth.items()
        }
        later = np.concatenate((x[n:, 1], np.zeros(n, np.float32)))
        yield f"{path.stem} closer", np.stack((x[:, 0], later), axis=1), moved, mix


def _share_on_second(x: np.ndarray, spans: list[tuple[float, float]]) -> float:
    power = sum(np.square(x[round(a * RATE) : round(b * RATE)]).sum(axis=0) for a, b in spans)
    return float(power[1] / power.sum())


def say(name: str, metric: str, value: float, unit: str, better: str, **more: int) -> None:
    row = {"bench": "agree", "data": name, "metric": metric, "value": round(value, 4), "unit": unit, "better": better}
    print(json.dumps({**row, **more}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with two_channel/ and one_channel/")
    parser.add_argument("--only", default="", metavar="SUBSTRING", help="calls whose name has this in it")
    parser.add_argument(
        "--verbose", action="store_true", help="print what is extra and what was missed, with its second"
    )
    args = parser.parse_args()
    counts: Counts = {}
    waits: Delays = {}
    for name, x, truth, mix in calls(args.data):
        if args.only not in name:
            continue
        true = true_events(truth)
        one = x.sum(axis=1, keepdims=True)
        ways: list[tuple[str, np.ndarray, Hearing]] = [
            ("enrolled", one, enrolled(mix, recorded=False)),
            ("enrolled offline", one, enrolled(mix, recorded=True)),
            ("two_channel", x, open_hearing(2, ("A", "B"))),
        ]
        for way, samples, hearing in ways:
            signals, told = heard(samples, hearing)
            names = renaming(stretches(signals, hearing.people), truth)
            group = f"{way} closer" if name.endswith("closer") else way
            for kind in KINDS:
                found = [(at, names[who]) for at, who in kept([e for _, e in told], kind)]
                real = kept(true, kind)
                for metric, either in ((f"{kind}_f1_at_once_either", at_once(real, truth)), (f"{kind}_f1", None)):
                    extra, missed = match(found, real, either)
                    tally = np.array([len(found) - len(extra), len(extra), len(missed)])
                    counts[group, metric] = counts.get((group, metric), np.zeros(3, int)) + tally
                if args.verbose:
                    print(
                        f"# {name} {way} {kind}: extra {[found[i] for i in extra]} missed {[real[i] for i in missed]}"
                    )
            if hearing.latency_s == float("inf"):  # nobody waits for it
                continue
            onsets, outcomes = delays(told, names, true)
            waits.setdefault((group, "provisional"), []).extend(onsets)
            waits.setdefault((group, "outcome"), []).extend(outcomes)
    for (group, metric), (right, extra_n, missed_n) in counts.items():
        value = 2 * right / max(1, 2 * right + extra_n + missed_n)
        say(group, metric, value, "F1", "higher", tp=int(right), fp=int(extra_n), fn=int(missed_n))
    for (group, what), values in waits.items():
        if values:
            say(group, f"{what}_p95_s", float(np.percentile(values, 95)), "s", "lower", n=len(values))


if __name__ == "__main__":
    main()
