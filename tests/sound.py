"""A PulseAudio server of one's own: a microphone that hears what a test plays, a loudspeaker it can record."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.signal
import soundfile

PROGRAMS = ("pulseaudio", "paplay", "parec", "pacat", "pactl")
ROOM_S = 600
ASOUND = """
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.first_mic { type pulse device vc_mic.monitor hint { show on description "first_mic" } }
pcm.second_mic { type pulse device vc_other.monitor hint { show on description "second_mic" } }
"""


def missing() -> str:
    """Programs that this needs and that are not there."""
    return ", ".join(p for p in PROGRAMS if shutil.which(p) is None)


class PulseServer:
    """``env``: for programs that are to use it. Use as a context manager."""

    def __init__(self, channels: int = 2) -> None:
        self._channels = channels
        self._closing = contextlib.ExitStack()
        self.env: dict[str, str] = {}

    def __enter__(self) -> PulseServer:
        home = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix="pulse")))
        (home / ".asoundrc").write_text(ASOUND)
        socket = home / "native"
        self.env = os.environ | {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "PULSE_RUNTIME_PATH": str(home),
            "PULSE_SERVER": f"unix:{socket}",
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        }
        self._socket = socket
        self._run()
        return self

    def _run(self) -> None:
        mic = f"module-null-sink sink_name=vc_mic rate=16000 format=float32le channels={self._channels}"
        mic += " channel_map=front-left,front-right" if self._channels == 2 else " channel_map=mono"
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error"]
        for module in (
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            mic,
            "module-null-sink sink_name=vc_speaker rate=16000 format=float32le channels=1 channel_map=mono",
            "module-null-sink sink_name=vc_other rate=48000 format=s16le channels=1 channel_map=mono",
        ):
            command += ["-L", module]
        self._start(command)
        self._until(self._answers)
        for words in (("set-default-source", "vc_mic.monitor"), ("set-default-sink", "vc_speaker")):
            subprocess.run(["pactl", *words], env=self.env, check=True, capture_output=True)
        for sink in ("vc_mic", "vc_speaker", "vc_other"):  # a sink nobody plays to sleeps, and wakes up late
            self._start(["pacat", "--playback", f"--device={sink}", "--latency-msec=20", "/dev/zero"])
        time.sleep(0.3)

    def __exit__(self, *args: object) -> None:
        self._closing.close()

    def play(self, path: Path, sink: str = "vc_mic") -> subprocess.Popen[bytes]:
        """Play a recording into the microphone, or the ``second_mic`` with ``vc_other``; does not wait."""
        return self._start(["paplay", f"--device={sink}", str(path)])

    def room(self, folder: Path) -> subprocess.Popen[bytes]:
        """What a microphone hears when nobody speaks, for ten minutes: no room gives zeros."""
        path = folder / "room.wav"
        if not path.exists():
            noise = np.random.default_rng(1).normal(0, 0.0005, (ROOM_S * 16_000, self._channels))
            soundfile.write(path, noise, 16_000)
        return self.play(path)

    def echo(self, delay_ms: int) -> None:
        """From now on the microphone hears the loudspeaker, so much later."""
        words = ["load-module", "module-loopback", "source=vc_speaker.monitor", "sink=vc_mic"]
        subprocess.run(["pactl", *words, f"latency_msec={delay_ms}"], env=self.env, check=True, capture_output=True)

    def stop(self) -> None:
        """Take all devices away, as when a sound server ends or a microphone is unplugged."""
        subprocess.run(["pactl", "exit"], env=self.env, check=True, capture_output=True)

    def back(self) -> None:
        """Bring them back after `stop`."""
        self._until(lambda: not self._answers())
        self._socket.unlink(missing_ok=True)
        self._run()

    @contextlib.contextmanager
    def recorded(self, sink: str = "vc_speaker") -> Iterator[list[npt.NDArray[np.float32]]]:
        """Record the loudspeaker, or what the microphone hears (``vc_mic``); the list holds it (16 kHz, mono) after."""
        out: list[npt.NDArray[np.float32]] = []
        command = ["parec", f"--device={sink}.monitor", "--format=float32le", "--rate=16000", "--channels=1"]
        command.append("--latency-msec=20")
        with tempfile.TemporaryFile() as file:
            recorder = subprocess.Popen(command, env=self.env, stdout=file)
            try:
                yield out
            finally:
                recorder.terminate()
                recorder.wait()
                file.seek(0)
                out.append(np.frombuffer(file.read(), np.float32))

    @staticmethod
    def arrivals(
        heard: npt.NDArray[np.float32], played: npt.NDArray[np.float32], starts_s: Sequence[float], piece_s: float = 1.0
    ) -> list[float]:
        """When each piece of what was played (from ``starts_s``) was in fact heard, in seconds of ``heard``.

        Both 16 kHz mono. Who plays is a program too: on a busy machine it stumbles, and what comes after is later.
        """
        rate, out = 16_000, []
        for start_s in starts_s:
            begin = int(start_s * rate)
            piece = played[begin : begin + int(piece_s * rate)]
            like = scipy.signal.correlate(heard, piece, mode="valid", method="fft")
            power = scipy.signal.correlate(heard**2, np.ones_like(piece), mode="valid", method="fft")
            out.append(float(np.argmax(like / np.sqrt(np.maximum(power, 1e-3)))) / rate)
        return out

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

        def end() -> None:
            process.terminate()
            process.wait(timeout=10)

        self._closing.callback(end)
        return process

    def _answers(self) -> bool:
        return subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False).returncode == 0

    def _until(self, ready: Callable[[], bool], seconds: float = 10.0) -> None:
        until = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < until, "PulseAudio did not start"
            time.sleep(0.1)
