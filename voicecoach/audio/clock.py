"""Time that nobody can set: how long the computer has been awake, and how long it has slept."""

from __future__ import annotations

import sys
import time

if sys.platform == "win32":
    import ctypes

    def awake_s() -> float:
        """Seconds of a clock that stands still while the computer sleeps. `time.monotonic` does not, on Windows."""
        awake = ctypes.c_ulonglong()
        if not ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(awake)):
            return time.monotonic()
        return awake.value / 1e7

    def slept_s() -> float:
        """Seconds of sleep since the computer was started."""
        ticks = ctypes.windll.kernel32.GetTickCount64
        ticks.restype = ctypes.c_ulonglong
        return float(ticks()) / 1e3 - awake_s()

elif sys.platform == "darwin":

    def awake_s() -> float:
        """Seconds of a clock that stands still while the computer sleeps."""
        return time.clock_gettime(time.CLOCK_UPTIME_RAW)

    def slept_s() -> float:
        """Seconds of sleep since the computer was started."""
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW) - awake_s()

else:

    def awake_s() -> float:
        """Seconds of a clock that stands still while the computer sleeps."""
        return time.monotonic()

    def slept_s() -> float:
        """Seconds of sleep since the computer was started; none where the system does not say."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) - awake_s() if hasattr(time, "CLOCK_BOOTTIME") else 0.0
