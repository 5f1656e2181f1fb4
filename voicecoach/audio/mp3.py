"""How long an MP3 file says it is, which shows when it was cut off: its frames are all alike, and the last looks whole.

Encoders write a first frame without sound that counts the others ("Xing" or "Info"), behind the frame's header (ISO
11172-3 and 13818-3) and what it calls side information. A tag (ID3v2) may stand before it.
"""

from __future__ import annotations

from pathlib import Path

_TAG = 10
"""Bytes of the header of an ID3v2 tag; the last four are its length, seven bits each."""
_COUNTED = 1
"""The flag that says the frames are counted."""


def said_samples(path: Path) -> int | None:
    """Samples of each channel that the file says it holds; None when it does not say."""
    with path.open("rb") as file:
        head = file.read(_TAG)
        if head[:3] == b"ID3" and len(head) == _TAG:
            length = 0
            for byte in head[6:]:
                length = length << 7 | byte & 0x7F
            file.seek(_TAG + length)
        else:
            file.seek(0)
        frame = file.read(64)
    if len(frame) < 64 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return None
    newest, mono = frame[1] & 0x18 == 0x18, frame[3] & 0xC0 == 0xC0  # MPEG 1, or 2 and 2.5
    at = 4 + {(True, True): 17, (True, False): 32, (False, True): 9, (False, False): 17}[newest, mono]
    if frame[at : at + 4] not in (b"Xing", b"Info") or not int.from_bytes(frame[at + 4 : at + 8], "big") & _COUNTED:
        return None
    return int.from_bytes(frame[at + 8 : at + 12], "big") * (1152 if newest else 576)
