"""The floor from the sound, against the floor from true segments; and how soon a possible interruption is shown.

  scripts/bench agree --data DIR [--words] [--only SUBSTRING] [--verbose]

Hearing and floor on the recordings of DIR, without words, against the floor on their true segments, without words too
(as ``voicecoach analyze --segments FILE.rttm``): an event agrees when it is by the same person and starts within 0.5 s
(as ``score.py agree``). Ways: ``live`` (one microphone; voices enrolled where there are samples of them), ``offline``
(the same, as a recording heard whole) and ``two_channel``. ``--words`` is a way of its own and the slowest: the whole
``voicecoach analyze`` of the recording on one channel, which writes down what is said and judges by it.

In these calls people hardly ever speak at once, so that there is nearly nothing to agree on. ``closer``: the same
calls with one side moved 2.5 s earlier, on one microphone and on two: many overlaps, though not those of a
conversation.

The rules were changed while looking at repairs_40* and woz_MUL1423*, and the rule for two who begin at once at
woz_SNG0480* too. Nobody looked into woz_SNG0072*, gecko and phone for it (figures of all were seen when a change of the
hearing was tried that was not kept): ``--half aside`` is woz_SNG*, gecko and phone, ``--half seen`` the rest.

Moved so, some begin at the same moment, and who of them came in is a matter of less than what the truth is right to.
``…_f1_at_once_either``: within 0.2 s of the other's start, an event by either of the two agrees.

``provisional_p95_s``: sound that had been heard, beyond the onset, when a possible interruption that agrees with the
truth was shown, with the sound pushed as it comes. ``outcome_p50_s``, ``outcome_p95_s``: the same for its end, from
when one of the two stops to the verdict; words, which are not waited for here, come later.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from hearing import PHONE, RATE, Spans, sound, truth_of

from voicecoach.events import Backchannel, Event, Interruption, Speech
from voicecoach.floor import Floor
from voicecoach.hearing import Hearing, enroll, open_hearing
from voicecoach.session import analyze
from voicecoach.store.log import read_log

STEP = 512
CLOSER_S = 2.5
TOLERANCE_S = 0.5
AT_ONCE_S = 0.2
ASIDE = ("woz_SNG", "gecko", "phone")
KINDS: dict[str, type[Event]] = {"interruption": Interruption, "backchannel": Backchannel}
Counts = dict[tuple[str, str], np.ndarray]
Delays = dict[tuple[str, str], list[float]]
Moment = tuple[float, str]
"""When, and who."""
Told = list[tuple[float, Event]]
"""The floor's events, each with how much sound had been pushed when it was told."""


@dataclass
class Call:
    """``one`` ``(n, 1)`` and, where each is on a channel of their own, ``two`` ``(n, 2)``; ``voices``: samples."""

    name: str
    one: np.ndarray
    two: np.ndarray | None
    truth: Spans
    voices: dict[str, Path]


def heard(samples: np.ndarray, hearing: Hearing) -> Told:
    floor, told = Floor(words=False, shared=samples.shape[1] == 1), Told()
    for at in range(0, len(samples), STEP):
        told += [((at + STEP) / RATE, e) for s in hearing.push(samples[at : at + STEP]) for e in floor.push(s)]
    told += [(len(samples) / RATE, e) for s in hearing.finish() for e in floor.push(s)]
    return told + [(len(samples) / RATE, e) for e in floor.finish()]


def written_down(call: Call) -> Told:
    """All that ``voicecoach analyze`` writes of the call on one channel."""
    with tempfile.TemporaryDirectory() as temp:
        path = Path(temp) / "call.wav"
        soundfile.write(path, call.one, RATE, subtype="FLOAT")
        analyze(path, enroll=call.voices, out=Path(temp))
        return [(len(call.one) / RATE, e) for e in read_log(Path(temp) / "events.jsonl")]


def true_events(truth: Spans) -> list[Event]:
    floor, out = Floor(words=False), list[Event]()
    for start, end, who in sorted((a, b, who) for who, spans in truth.items() for a, b in spans):
        out += floor.utterance(Speech(start=start, end=end, speaker=who), "")
    return out + floor.finish()


def spoken(events: list[Event]) -> Spans:
    """When each person speaks."""
    out: Spans = {}
    for e in events:
        if isinstance(e, Speech):
            out.setdefault(e.speaker, []).append((e.start, e.end))
    return out


def renaming(found: Spans, truth: Spans) -> dict[str, str]:
    """Whose voice each of two found ones is: whom it shares most time with."""
    names, people = list(found), list(truth)
    orders = [dict(zip(names, order, strict=False)) for order in (people, people[::-1])]
    return max(orders, key=lambda order: sum(_shared_s(found[name], truth[who]) for name, who in order.items()))


def _shared_s(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> float:
    return sum(max(0.0, min(b, d) - max(a, c)) for a, b in one for c, d in other)


def kept(events: list[Event], kind: str) -> list[Moment]:
    found = [e for e in events if isinstance(e, KINDS[kind]) and getattr(e, "status", "confirmed") == "confirmed"]
    return sorted((e.start, e.speaker) for e in found)  # type: ignore[attr-defined]


def match(found: list[Moment], true: list[Moment], either: set[Moment] | None = None) -> tuple[list[int], list[int]]:
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


def at_once(events: list[Moment], truth: Spans) -> set[Moment]:
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


def calls(data: Path) -> Iterator[Call]:
    one = data / "one_channel"
    for path in sorted((data / "two_channel").glob("*.flac")):
        x, truth, samples = sound(path), truth_of(path.with_suffix(".rttm")), enrolments(one / f"{path.stem}_mix.flac")
        yield Call(path.stem, x.sum(axis=1, keepdims=True), x, truth, samples)
        n = round(CLOSER_S * RATE)
        second = max(truth, key=lambda who: _share_on_second(x, truth[who]))
        moved = {
            who: [(max(a - CLOSER_S, 0.0), b - CLOSER_S) for a, b in spans if b > CLOSER_S] if who == second else spans
            for who, spans in truth.items()
        }
        later = np.concatenate((x[n:, 1], np.zeros(n, np.float32)))
        y = np.stack((x[:, 0], later), axis=1)
        yield Call(f"{path.stem} closer", y.sum(axis=1, keepdims=True), y, moved, samples)
    for path in (one / "gecko.mp3", one / "phone.wav"):
        yield Call(path.stem, sound(path), None, truth_of(path.with_suffix(".rttm")), enrolments(path))


def enrolments(path: Path) -> dict[str, Path]:
    """Name → a sample of that voice, of those that lie beside a recording."""
    found = sorted(path.parent.glob(f"{path.stem}.enroll.*.flac"))
    return {f.name.split(".enroll.")[1].removesuffix(".flac"): f for f in found}


def _share_on_second(x: np.ndarray, spans: list[tuple[float, float]]) -> float:
    power = sum(np.square(x[round(a * RATE) : round(b * RATE)]).sum(axis=0) for a, b in spans)
    return float(power[1] / power.sum())


def say(name: str, metric: str, value: float, unit: str, better: str, **more: int) -> None:
    row = {"bench": "agree", "data": name, "metric": metric, "value": round(value, 4), "unit": unit, "better": better}
    print(json.dumps({**row, **more}), flush=True)


def ways(call: Call, *, words: bool) -> Iterator[tuple[str, bool, Callable[[], Told]]]:
    """Name, whether it is told live, and what gives the events."""
    if words:
        yield "words", False, lambda: written_down(call)
        return
    known = {who: enroll(sound(path).mean(axis=1)) for who, path in call.voices.items()}
    people = list(known) or list(PHONE)
    yield "live", True, lambda: heard(call.one, open_hearing(1, people, known))
    yield "offline", False, lambda: heard(call.one, open_hearing(1, people, known, recorded=True))
    if call.two is not None:
        two = call.two
        yield "two_channel", True, lambda: heard(two, open_hearing(2, PHONE))


def count(counts: Counts, group: str, kind: str, found: list[Moment], real: list[Moment], truth: Spans) -> str:
    """Add what agrees; tell what is extra and what was missed."""
    for metric, either in ((f"{kind}_f1_at_once_either", at_once(real, truth)), (f"{kind}_f1", None)):
        extra, missed = match(found, real, either)
        tally = np.array([len(found) - len(extra), len(extra), len(missed)])
        counts[group, metric] = counts.get((group, metric), np.zeros(3, int)) + tally
    return f"{kind}: extra {[found[i] for i in extra]} missed {[real[i] for i in missed]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with two_channel/ and one_channel/")
    parser.add_argument("--words", action="store_true", help="the whole analysis, with words, on one channel")
    parser.add_argument("--half", choices=("seen", "aside"), help="only what was tuned on, or was not")
    parser.add_argument("--only", default="", metavar="SUBSTRING", help="calls whose name has this in it")
    parser.add_argument(
        "--verbose", action="store_true", help="print what is extra and what was missed, with its second"
    )
    args = parser.parse_args()
    counts: Counts = {}
    waits: Delays = {}
    for call in calls(args.data):
        if args.only not in call.name or (args.half and (args.half == "aside") != call.name.startswith(ASIDE)):
            continue
        true = true_events(call.truth)
        for way, live, run in ways(call, words=args.words):
            told = run()
            names = renaming(spoken([e for _, e in told]), call.truth)
            group = f"{way} closer" if call.name.endswith("closer") else way
            for kind in KINDS:
                found = [(at, names.get(who, who)) for at, who in kept([e for _, e in told], kind)]
                line = count(counts, group, kind, found, kept(true, kind), call.truth)
                if args.verbose:
                    print(f"# {call.name} {way} {line}", flush=True)
            if live:
                onsets, outcomes = delays(told, names, true)
                waits.setdefault((group, "provisional"), []).extend(onsets)
                waits.setdefault((group, "outcome"), []).extend(outcomes)
    for (group, metric), (right, extra_n, missed_n) in counts.items():
        value = 2 * right / max(1, 2 * right + extra_n + missed_n)
        say(group, metric, value, "F1", "higher", tp=int(right), fp=int(extra_n), fn=int(missed_n))
    for (group, what), values in waits.items():
        for percent in (50, 95) if values else ():
            value = float(np.percentile(values, percent))
            say(group, f"{what}_p{percent}_s", value, "s", "lower", n=len(values))


if __name__ == "__main__":
    main()
