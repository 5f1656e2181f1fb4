"""The two clocks nobody can set, on the system of whoever runs this and on Windows, which is played here."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from voicecoach.audio import clock


def test_awake_is_a_clock_that_goes_on() -> None:
    before = clock.awake_s()
    time.sleep(0.05)
    assert 0.04 < clock.awake_s() - before < 5.0
    assert clock.slept_s() > -0.1


def test_on_windows_sleep_is_told_apart_though_its_monotonic_clock_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    awake, slept = 500.0, 3600.0

    def unbiased(out: Any) -> int:
        out._obj.value = round(awake * 1e7)
        return 1

    ticks = type("Function", (), {"__call__": lambda self: round((awake + slept) * 1e3)})()
    kernel = SimpleNamespace(QueryUnbiasedInterruptTime=unbiased, GetTickCount64=ticks)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    spec = importlib.util.spec_from_file_location("clock_on_windows", clock.__file__)
    assert spec is not None
    assert spec.loader is not None
    there = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(there)
    assert there.awake_s() == pytest.approx(500.0)
    assert there.slept_s() == pytest.approx(3600.0)
