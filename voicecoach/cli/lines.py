"""Lines on a screen: broken between words, by the room their signs take, without signs that do more than be read."""

from __future__ import annotations

import re

from rich.cells import cell_len

JOINING = "\u200c\u200d\u00a0"
"""Not printable by Unicode, but harmless and part of how words look: joiners (Persian, emoji) and the space in 5 %."""


def clean(text: str) -> str:
    """``text`` without signs that move the cursor, change colours or turn the writing around."""
    return "".join(c if c.isprintable() or c in JOINING else " " for c in text)


def broken(text: str, width: int, indent: int = 0) -> str:
    """``text`` in lines of at most ``width`` columns, those after the first indented; a longer word stays whole.

    Emoji and Chinese take two columns a sign. A path that is too long is better copied whole than looked at in parts.
    """
    lines, line = [], ""
    for piece in re.findall(" +|[^ ]+", text):
        if line.strip(" ") and piece.strip(" ") and cell_len(line + piece) > width:
            lines.append(line.rstrip(" "))
            line = " " * indent
        line += piece
    return "\n".join([*lines, line.rstrip(" ")])
