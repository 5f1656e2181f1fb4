"""The coach's voice: prompts as samples, made ahead by pyttsx3 in a process of its own, which may hang or die."""

from __future__ import annotations

import contextlib
import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import soundfile
import soxr

from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.samples import RATE, Samples

START_S = 15.0
"""Longest that starting the voice may take (macOS loads its voices slowly the first time)."""
TRIES = 3
"""So many times in a row the process may fail before we say that this machine has no voice."""
PER_WORD_S = 0.1
"""A long text may take so much longer for every word."""
LOUDNESS_DB = -20.0
"""RMS of a prompt relative to full scale, so that all voices are as loud as quiet conversation."""
HELP = {
    "linux": "Install espeak-ng (on Debian and Ubuntu: sudo apt install espeak-ng) to hear prompts.",
    "darwin": "Choose a system voice in System Settings > Accessibility > Spoken Content to hear prompts.",
    "win32": "Add a voice in Settings > Time & language > Speech to hear prompts.",
}


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """``voice``: a pyttsx3 voice id, None for the computer's own; ``rate``: words per minute; ``volume`` in [0, 1]."""

    voice: str | None = None
    rate: int = 150
    volume: float = 1.0


@dataclass(frozen=True, slots=True)
class Installed:
    """A voice of this computer. ``languages``: codes such as ``en-gb``, as far as it says."""

    id: str
    name: str
    languages: tuple[str, ...]


class Voice:
    """Turns prompts into float32 mono samples at 16 kHz, in [-1, 1].

    ``prepare`` and ``ready`` never wait; ``say`` waits a little. A text that cannot be spoken gives None: show it and
    play a chime instead. Nothing spoken is kept on disk, logged, or visible in the list of processes. Use as a
    context manager, or ``close`` it. ``settings``: whose voice it is, how fast and how loud.
    """

    def __init__(
        self,
        settings: VoiceSettings | None = None,
        *,
        language: str = "en",
        timeout_s: float = 6.0,
        command: Iterable[str] = (sys.executable, "-m", "voicecoach.coach.synthesiser"),
    ) -> None:
        settings = settings or VoiceSettings()
        self._settings = {"language": language, "rate": settings.rate, "voice": settings.voice}
        self._volume = settings.volume
        self._timeout_s = timeout_s
        self._command = tuple(command)
        self._cache: dict[str, Samples | None] = {}
        self._wanted: deque[str] = deque()
        self._change = threading.Condition()
        self._reason = ""
        self._settled = False
        self._closed = False
        self._child: _Child | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="voicecoach-"))  # mkdtemp makes it 0700
        self._thread = threading.Thread(target=self._work, name="voicecoach-voice", daemon=True)
        self._thread.start()

    @property
    def available(self) -> bool:
        """Whether this machine can speak. Waits for the first start of the voice, at most ``START_S``."""
        with self._change:
            self._change.wait_for(lambda: self._settled or self._closed, START_S + 1.0)
            return self._settled and not self._reason

    @property
    def reason(self) -> str:
        """Why there is no voice and what to do about it, in plain sentences; empty when there is one."""
        return "" if self.available else self._reason or "The voice did not start in time."

    def prepare(self, texts: Iterable[str], *, first: bool = False) -> None:
        """Have ``texts`` synthesised in the background, in this order; ``first``: before all that waits already."""
        with self._change:
            new = [text for text in texts if text.strip() and text not in self._cache]
            if first:
                self._wanted.extendleft(reversed(new))
            else:
                self._wanted.extend(new)
            self._change.notify_all()

    def settled(self, text: str) -> bool:
        """Whether waiting longer for ``text`` is no use: it is made, or cannot be made."""
        with self._change:
            return text in self._cache or bool(self._reason) or self._closed

    def ready(self, text: str) -> Samples | None:
        """The samples of ``text``, shape (n,), if they are made already."""
        with self._change:
            return self._cache.get(text)

    def say(self, text: str, timeout_s: float = 1.0) -> Samples | None:
        """The samples of ``text``, shape (n,), waiting at most ``timeout_s`` for them, or None.

        A text that was not prepared waits behind those that were.
        """
        self.prepare([text])
        with self._change:
            self._change.wait_for(lambda: text in self._cache or bool(self._reason) or self._closed, timeout_s)
            return self._cache.get(text)

    def close(self) -> None:
        """End the process and remove its folder. Safe to call twice."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        child = self._child
        if child is not None:
            child.kill()
        self._thread.join(timeout=5.0)
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Voice:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the thread that talks to the process ------------------------------------------------------------------------

    def _work(self) -> None:
        self._start()
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._wanted)
                if self._closed:
                    break
                text = self._wanted.popleft()
            if text not in self._cache:
                samples = self._synthesise(text)
                with self._change:
                    self._cache[text] = samples
                    self._change.notify_all()
        if self._child is not None:
            self._child.kill()

    def _start(self) -> None:
        why = ""
        for _ in range(TRIES):
            if self._closed:
                return
            try:
                child = self._child = _Child(self._command)
            except OSError:
                why = "its program cannot be started"
                break
            answer = child.ask(self._settings, START_S)
            if answer is not None and answer.get("ok"):
                self._settle("")
                return
            child.kill()
            why = str(answer.get("error", "it gave no sound")) if answer is not None else "it did not answer"
            if answer is not None:
                break
        self._settle(f"This computer's voice does not work ({why}). {HELP.get(sys.platform, '')}".strip())

    def _settle(self, reason: str) -> None:
        with self._change:
            self._reason, self._settled = reason, True
            self._change.notify_all()

    def _synthesise(self, text: str) -> Samples | None:
        path = self._folder / "prompt.wav"
        for _ in range(2):
            if self._reason or self._closed or self._child is None:
                return None
            patience_s = self._timeout_s + PER_WORD_S * len(text.split())
            answer = self._child.ask({"text": text, "path": str(path)}, patience_s)
            samples = _read(path, self._volume) if answer is not None and answer.get("ok") else None
            if samples is not None:
                return samples
            self._child.kill()
            self._start()
        return None


class _Child:
    """A process that answers one line for each line it gets."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="voicecoach-voice-answers", daemon=True)
        self._reader.start()

    def ask(self, request: dict[str, Any], timeout_s: float) -> dict[str, Any] | None:
        """The answer to ``request``, or None when none came in time or the process is gone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return self._answers.get(timeout=timeout_s)
        except (OSError, ValueError, queue.Empty):
            return None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(timeout=1.0)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(_parse(line))
        self._answers.put(None)


def _parse(line: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def list_voices() -> list[Installed]:
    """The voices of this computer. Raises `VoicecoachError` when it has none that works."""
    try:
        child = _Child((sys.executable, "-m", "voicecoach.coach.synthesiser"))
    except OSError as error:
        raise VoicecoachError(f"This computer's voice cannot be started ({error.strerror}).") from error
    try:
        answer = child.ask({"list": True}, START_S)
    finally:
        child.kill()
    found = answer.get("voices") if answer is not None and answer.get("ok") else None
    if not found:
        raise VoicecoachError(f"This computer's voice does not work. {HELP.get(sys.platform, '')}".strip())
    return [Installed(v["id"], v["name"], tuple(v["languages"])) for v in found]


def find_voice(name: str) -> str:
    """The id of the voice with this id or name (small letters do). Raises `MisuseError` when there is none."""
    voices = list_voices()
    exact = [v for v in voices if name in (v.id, v.name)]
    close = exact or [v for v in voices if v.name.lower() == name.lower()]
    if not close:
        raise MisuseError(f"There is no voice {name!r} on this computer; voicecoach voices lists them.")
    return close[0].id


def _read(path: Path, volume: float = 1.0) -> Samples | None:
    """Samples of a WAV (or AIFF, which macOS writes whatever the name), without silence around, at our loudness."""
    try:
        raw, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.SoundFileError):
        return None
    finally:
        path.unlink(missing_ok=True)
    samples = np.asarray(soxr.resample(raw.mean(axis=1), rate, RATE), dtype=np.float32)
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if not loud.size:
        return None
    margin = RATE // 50
    samples = samples[max(0, loud[0] - margin) : loud[-1] + margin]
    level = float(np.sqrt(np.mean(samples**2)))
    gain = min(10 ** (LOUDNESS_DB / 20) / level, 0.95 / float(np.abs(samples).max()))
    return np.asarray(samples * gain * volume, dtype=np.float32)
