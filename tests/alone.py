"""Run the program where there is no network, and know whether anything in it tried to reach somebody.

One watch sees what Python asks for (a name, a connection); the other is the system's own count of what anything in
there, whatever it is written in, tried to send.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

WATCH = """
import atexit, os, struct, sys
def watch(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request") or (
        event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple)
    ):
        print("REACHED FOR", event, args[1:], file=sys.__stderr__, flush=True)
        os._exit(99)
if "SENT" in os.environ:
    import fcntl, socket
    with socket.socket() as any_socket:  # 0x8914 sets flags, 1 is up: this computer may talk to itself, as always
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))
    @atexit.register
    def count():
        counts = [open("/proc/self/net/" + name).read() for name in ("snmp", "snmp6")]
        open(os.environ["SENT"], "w").write("".join(counts))
sys.addaudithook(watch)
"""
RUN = "from voicecoach.cli import run; run()"
TESTED = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "BUILD_BUILDID", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY")
"""Where these say that a program is only tested, libraries send nothing anyway."""
DEBUG = {"VOICECOACH_DEBUG": "1"}
"""Else what libraries print, and the watch with it, goes nowhere."""


def environment(home: Path, **more: str) -> dict[str, str]:
    # models are found by the cache, what is kept by the data folder
    mine = {"XDG_DATA_HOME": str(home), "VOICECOACH_PASSPHRASE": "four words for tests", **DEBUG}
    return {k: v for k, v in os.environ.items() if k not in ("VOICECOACH_HOME", *TESTED)} | mine | more


def apart() -> list[str]:
    """How to run something where there is no network at all; empty where the system does not allow it."""
    for how in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if shutil.which("unshare") and subprocess.run([*how, "true"], capture_output=True, check=False).returncode == 0:
            return how
    return []


def sent(counts: Path) -> dict[str, int]:
    """What something tried to send, by the counts of a network of its own: connections, datagrams, nowhere to go."""
    found: dict[str, int] = {}
    lines = counts.read_text().splitlines()
    for head, values in itertools.pairwise(lines):
        if head.startswith(("Ip:", "Tcp:", "Udp:")) and head.split()[0] == values.split()[0]:
            pairs = zip(head.split()[1:], values.split()[1:], strict=True)
            found |= {head.split()[0] + name: int(value) for name, value in pairs if value.lstrip("-").isdigit()}
    found |= {name: int(value) for name, value in (line.split() for line in lines if line.startswith(("Ip6", "Udp6")))}
    wanted = ("Ip:OutNoRoutes", "Tcp:ActiveOpens", "Udp:OutDatagrams", "Ip6OutNoRoutes", "Udp6OutDatagrams")
    return {name: found[name] for name in wanted if found[name]}


@contextlib.contextmanager
def going_on(code: str, args: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [*apart(), sys.executable, "-c", code, *args]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    program = subprocess.Popen(command, env=env, text=True, **pipes)  # type: ignore[call-overload]
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def ended(program: subprocess.Popen[str], counts: Path) -> tuple[int, str]:
    """Its status and what it told, once it is over; nothing was reached for."""
    _, told = program.communicate(timeout=250)
    assert "REACHED FOR" not in told, told
    assert "Traceback" not in told, told
    assert not apart() or sent(counts) == {}, (program.args, told)
    return program.returncode, told
