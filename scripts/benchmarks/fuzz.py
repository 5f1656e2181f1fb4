"""Every parser with inputs nobody would write: none may crash or hang.

  scripts/bench fuzz [--inputs 100000]

Guided by coverage where `atheris` is installed (`pip install atheris`), else mangled at random from good examples; the
output says which. One JSON object a line: inputs, crashes, and the longest time one input took. Ends with 1 when there
was a crash, or an input took over 10 s.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "store")]

try:
    import atheris
except ImportError:
    atheris = None

# only what is imported here is followed by coverage
with atheris.instrument_imports(include=["voicecoach"]) if atheris else contextlib.nullcontext():
    from test_parsers import SEGMENTS, mangled, mp3, wav
    from typer.testing import CliRunner

    from voicecoach.audio import FileSource
    from voicecoach.cli import app
    from voicecoach.errors import VoicecoachError
    from voicecoach.report import read_corrections
    from voicecoach.store import settings
    from voicecoach.store.log import read_log
    from voicecoach.store.segments import read_segments

LOG = (
    b'{"type": "session", "start": 0, "end": 0, "people": ["Anna"]}\n'
    b'{"type": "word", "start": 1, "end": 2, "speaker": "Anna", "word": "x"}\n'
)


def tell(how: str, metric: str, value: float, unit: str) -> None:
    row = {"bench": "fuzz", "data": how, "metric": metric, "value": round(value, 3), "unit": unit, "better": "lower"}
    print(json.dumps(row), flush=True)


def sound(path: Path) -> None:
    with FileSource(path) as source:
        for i, _ in enumerate(source.chunks()):
            if i > 20:
                break


def parsers(folder: Path) -> list[tuple[bytes, Path, Callable[[Path], object]]]:
    """For each: a good example, where it is put, and what reads it."""
    found: list[tuple[bytes, Path, Callable[[Path], object]]] = [
        (text.encode(), folder / f"talk.{ending}", read_segments) for ending, text in SEGMENTS.items()
    ]
    found.append((LOG, folder / "events.jsonl", lambda path: read_log(path, [])))
    corrections = b'{"type": "correction", "start": 1, "end": 2, "label": "not_interruption"}\n'
    found.append((corrections, folder / "c.jsonl", lambda path: read_corrections(path.read_text(errors="replace"))))
    found += [(wav(1), folder / "talk.wav", sound), (mp3(), folder / "talk.mp3", sound)]
    example = settings.TEMPLATE.replace("\n# ", "\n").encode()
    found.append((example, settings.path(), lambda path: settings.read()))
    lines = (b"sessions export last --out talk.csv", b"correct events.jsonl 1:13 --listening")
    found += [(line, folder / "command", command) for line in lines]
    return found


def command(path: Path) -> None:
    """A command line; what it would write stays in the folder."""
    args = path.read_bytes().replace(b"\0", b"").decode(errors="surrogateescape").split(" ")
    if not {"privacy", "models", "demo", "doctor", "check-in", "drill", "voices", "enroll"} & set(args):
        error = CliRunner().invoke(app, args).exception
        if error is not None and not isinstance(error, (SystemExit, VoicecoachError, OSError)):
            raise error


HANG_S = 10.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    args = parser.parse_args()
    crashes, longest_s, done = 0, 0.0, 0
    how = "mangled"
    with tempfile.TemporaryDirectory() as temp:
        os.environ |= {"VOICECOACH_HOME": temp, "VOICECOACH_KEY": "file"}
        settings.path().parent.mkdir()
        os.chdir(temp)
        all_of_them = parsers(Path(temp))

        def one(data: bytes, which: int) -> None:
            nonlocal crashes, longest_s, done
            _, path, read = all_of_them[which % len(all_of_them)]
            path.write_bytes(data)
            begin = time.monotonic()
            try:
                with contextlib.suppress(VoicecoachError):
                    read(path)
            except Exception as error:
                crashes += 1
                print(f"{path.name}: {type(error).__name__}: {data[:200]!r}", file=sys.stderr)
            longest_s = max(longest_s, time.monotonic() - begin)
            done += 1

        def summary() -> None:
            tell(how, "inputs", done, "inputs")
            tell(how, "crashes", crashes, "inputs")
            tell(how, "longest", longest_s, "s")

        def failed() -> bool:
            return crashes > 0 or longest_s > HANG_S

        if atheris is None:
            for seed in range(args.inputs):
                good = all_of_them[seed % len(all_of_them)][0]
                one(mangled(good, seed), seed)
            summary()
            sys.exit(failed())
        else:
            how = "atheris"

            def guided(data: bytes) -> None:
                which = data[0] if data else 0
                seed = int.from_bytes(data[1:5], "big")
                good = all_of_them[which % len(all_of_them)][0]
                one(data[5:] if seed % 2 else mangled(good + data[5:], random.Random(seed).randrange(1 << 30)), which)
                if done >= args.inputs:
                    summary()
                    sys.stdout.flush()
                    os._exit(failed())  # libFuzzer's own end prints its statistics over ours

            atheris.Setup([sys.argv[0], f"-runs={args.inputs + 10}"], guided)
            atheris.Fuzz()


if __name__ == "__main__":
    main()
