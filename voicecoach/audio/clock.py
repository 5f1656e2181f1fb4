"""Time that nobody can set: how long the computer has been awake, and how long it has slept."""

from __future__ import annotations

import sys
import time

if sys.platform == "win32":
    import ctypes

    def slept_s() -> float:
        """Seconds of sleep since the computer was started."""
        awake = ctypes.c_ulonglong()
        kernel = ctypes.windll.kernel32
        if not kernel.QueryUnbiasedInterruptTime(ctypes.byref(awake)):
            return 0.0
        kernel.GetTickCount64.restype = ctypes.c_ulonglong
        return float(kernel.GetTickCount64()) / 1e3 - awake.value / 1e7

elif sys.platform == "darwin":

    def slept_s() -> float:
        """Seconds of sleep since the computer was started."""
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW) - time.clock_gettime(time.CLOCK_UPTIME_RAW)

elif hasattr(time, "CLOCK_BOOTTIME"):

    def slept_s() -> float:
        """Seconds of sleep since the computer was started."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)

else:

    def slept_s() -> float:
        """Seconds of sleep since the computer was started: this system does not say."""
        return 0.0
