"""The coach: commands heard by accident in recorded talk, and scripted conversations through the live pipeline.

  scripts/bench coach --data DIR      also --ten: make the sound of the scripted conversations, and hear them

False commands are counted over all of MRDA and GAP (true utterances and words) and AnnoMI (text alone, taken as three
words a second); every utterance has a pause before and after it, which is the easiest case for a false command.
``phrases_alone`` are utterances that would be a command but for the name.

``--ten``: `ten_minutes.json` and `one_evening.json` of `scripts/fixtures/coached`, two channels, as fast as it goes,
with the recogniser. A prompt counts as at its place when it is of the kind, to the person and within the time that the
scenario says. ``kinds``: of all kinds of help that there are, those that were given at their place.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voicecoach.audio import FileSource
from voicecoach.coach import Agreement, Commands, Situation
from voicecoach.events import Command, Cue, Event, Interruption, VoiceOff, VoiceOn, Word, WordsUntil
from voicecoach.session import LiveSession
from voicecoach.session.replay import compare
from voicecoach.store.log import read_log
from voicecoach.store.segments import read_segments
from voicecoach.transcript import Decoder

ROOT = Path(__file__).parents[2]
WORD_S = 1 / 3
SCRIPTED = ("ten_minutes", "one_evening")
Utterance = tuple[float, float, str, str]
"""Start, end, speaker, text."""


def say(data: str, metric: str, value: float, unit: str, better: str) -> None:
    row = {"bench": "coach", "data": data, "metric": metric, "value": round(value, 4), "unit": unit, "better": better}
    print(json.dumps(row), flush=True)


def talks(data: Path) -> Iterator[tuple[str, list[Utterance]]]:
    for file in sorted((data / "segments").glob("*")):
        if file.name.startswith(("mrda_", "gap_")) and "labels" not in file.name:
            found = [(s.start, s.end, s.speaker, s.text) for s in read_segments(file)]
            yield file.name[:4].rstrip("_"), found
    sessions: dict[str, list[Utterance]] = {}
    for line in (data / "text" / "annomi.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said = sessions.setdefault(str(row["transcript"]), [])
        start = said[-1][1] + 1.0 if said else 0.0
        said.append((start, start + max(0.3, WORD_S * len(row["text"].split())), row["who"], row["text"]))
    for said in sessions.values():
        yield "annomi", said


def heard(said: list[Utterance], *, name: str = "") -> list[Command]:
    """Commands in these utterances; with ``name``, each utterance is said to begin with it."""
    commands = Commands()
    out: list[Event] = []
    for start, end, speaker, text in sorted(said):
        words = ([name] if name else []) + text.replace("_", " ").split()
        step = (end - start) / max(1, len(words))
        out += commands.push(VoiceOn(start=start, end=start, speaker=speaker))
        for i, word in enumerate(words):
            out += commands.push(Word(start=start + i * step, end=start + (i + 1) * step, speaker=speaker, word=word))
        out += commands.push(VoiceOff(start=end, end=end, speaker=speaker))
        out += commands.push(WordsUntil(start=end + 2.0, end=end + 2.0, speaker=speaker))
    return [e for e in [*out, *commands.finish()] if isinstance(e, Command)]


def false_commands(data: Path) -> None:
    hours: dict[str, float] = {}
    false: dict[str, int] = {}
    alone: dict[str, int] = {}
    for corpus, said in talks(data):
        hours[corpus] = hours.get(corpus, 0.0) + max(u[1] for u in said) / 3600
        false[corpus] = false.get(corpus, 0) + len(heard(said))
        alone[corpus] = alone.get(corpus, 0) + len(heard(said, name="coach"))
    for corpus, length in hours.items():
        say(corpus, "hours", length, "h", "higher")
        say(corpus, "false_commands", false[corpus] / length, "per hour", "lower")
        say(corpus, "phrases_alone", alone[corpus] / length, "per hour", "lower")


def conversation(name: str, folder: Path) -> set[str]:
    """Hear the scripted conversation ``name``, whose sound is in ``folder``, and say how it went; kinds given."""
    expected: dict[str, Any] = json.loads((ROOT / f"audio_fixtures/coach/{name}.expected.json").read_text())
    events: list[Event] = []
    session = LiveSession(
        FileSource(folder / f"{name}.flac", speed=None), ["Anna", "Ben"], out=folder / name, speak=False, hurry=True,
        decoder=Decoder(), on_event=events.append, agreements=[Agreement(**a) for a in expected["agreements"]],
    )  # fmt: skip
    session.run()
    records = read_log(folder / name / "events.jsonl")
    lines = compare(records)
    cues = [e for e in events if isinstance(e, Cue)]
    words = [c for c in cues if c.words]
    print(*(f"{c.start:7.2f} {c.situation} {c.to}" for c in words), sep="\n", file=sys.stderr)
    placed = set()
    for wanted in expected["prompts"]:
        ended = expected["times"][wanted["after"]][1]
        found = [c for c in words if ended <= c.start <= ended + wanted.get("within", 6.0)]
        right = [c for c in found if (c.situation, c.to) == (wanted["situation"], wanted["to"])]
        placed |= {c.situation for c in right[:1]}
        words = [c for c in words if c not in right[:1]]
        if not right:
            print("not there:", wanted, file=sys.stderr)
    commands = [(r.speaker, r.name) for r in events if isinstance(r, Command)]  # a break's are not in the log
    chimes = sum(not c.words and c.situation != "command" for c in cues)
    cuts = sum(isinstance(r, Interruption) and r.kind == "successful" for r in records)
    prompts = len(expected["prompts"])
    say(name, "prompts_placed", sum(c.words for c in cues) - len(words), f"of {prompts}", "higher")
    say(name, "prompts_elsewhere", len(words), "", "lower")
    say(name, "chimes", chimes, f"of {expected['cut_off']} ({cuts} interruptions)", "higher")
    right_commands = [(who, command) for _, who, command in expected["commands"]]
    say(name, "commands", sum(c in commands for c in right_commands), f"of {len(right_commands)}", "higher")
    say(name, "replay_differs", sum(line.when != "both" for line in lines), f"of {len(lines)}", "lower")
    return placed


def conversations() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([ROOT / "scripts/make_fixtures", "--coached", folder], check=True, stdout=subprocess.DEVNULL)
        given = set().union(*(conversation(scripted, folder) for scripted in SCRIPTED))
    kinds = {s.value for s in Situation}
    print("kinds not given:", *sorted(kinds - given), file=sys.stderr)
    say("scripted", "kinds", len(kinds & given), f"of {len(kinds)}", "higher")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder of recorded conversations")
    parser.add_argument("--ten", action="store_true", help="hear the scripted conversations (some minutes)")
    args = parser.parse_args()
    if args.data is not None:
        false_commands(args.data)
    if args.ten:
        conversations()


if __name__ == "__main__":
    main()
