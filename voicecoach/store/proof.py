"""What is kept on this computer, file by file, and a search of the raw files for anything readable."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voicecoach.errors import VoicecoachError
from voicecoach.store import database, keys, settings
from voicecoach.store.database import rows
from voicecoach.store.paths import data_dir

SOUGHT = 2000
"""So many of the longest different words are searched for: longer ones stand in a file by chance least."""
SHORTEST = 5
_WHAT = {
    "voicecoach.db": "sessions, voices and practice, encrypted",
    "voicecoach.db-wal": "what is just being written, encrypted",
    "voicecoach.db-shm": "where in the file above what stands; no content",
    "key.json": "how the key is kept, not the key",
    "voicecoach.key": "the key",
    "settings.toml": "your settings, plain: nothing about anybody",
}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the data folder. ``what`` is in it, as far as is known; ``mode`` as in ``0o600``."""

    path: Path
    what: str
    size: int
    mode: int

    @property
    def others_can_read(self) -> bool:
        """Whether the system lets other users of this computer read it (Windows: by the folder's own rules)."""
        return sys.platform != "win32" and bool(self.mode & 0o077)


def files() -> list[KeptFile]:
    """All files in the data folder."""
    found = []
    for path in sorted(p for p in data_dir().rglob("*") if p.is_file()):
        about = path.lstat()
        what = _WHAT.get(path.name, "marks a session that goes on" if path.suffix == ".lock" else "")
        if path.name.startswith("voicecoach.db.damaged"):
            what = "a damaged database that was mended, encrypted, with what was deleted since: remove it when you like"
        if path.is_relative_to(data_dir() / "demo"):
            what = "the bundled conversation of `voicecoach demo`, said by no real people"
        found.append(KeptFile(path, what, about.st_size, stat.S_IMODE(about.st_mode)))
    return found


def sought() -> list[str]:
    """Words that only what is kept could have put into a file: names, titles, and the longest words that were said."""
    if not database.exists():
        return []
    said: set[str] = set()
    with database.opened() as db:
        for (line,) in rows(db, "SELECT line FROM record WHERE line LIKE '%\"word\"%'"):
            said.add(str(json.loads(line).get("word", "")))
        for people, title in rows(db, "SELECT people, title FROM session"):
            said |= {*json.loads(people), title}
        said |= {person for (person,) in rows(db, "SELECT person FROM voice")}
    long = (word.strip(".,?!\"' ") for word in said)
    return sorted((w for w in set(long) if len(w) >= SHORTEST), key=lambda w: (-len(w), w))[:SOUGHT]


def readable(words: list[str]) -> Iterator[tuple[Path, int]]:
    """Files of the data folder in which some of ``words`` can be read, and how many.

    Left out: the demo's, and what explains itself in ordinary words, the settings and how the key is kept.
    """
    signs = [word.encode("utf-8", "surrogatepass") for word in words]
    for file in files():
        if file.path.is_relative_to(data_dir() / "demo") or file.path == settings.path():
            continue
        try:
            raw = file.path.read_bytes()
        except OSError as error:
            raise VoicecoachError(f"{file.path} could not be read ({error.strerror}), so nothing is proved.") from error
        if file.path == keys.slots_path():
            raw = keys.unexplained(raw)
        found = sum(sign in raw for sign in signs)
        if found:
            yield file.path, found


def connections() -> int | None:
    """Internet sockets that this program has open now; None where the system does not show them."""
    if not Path("/proc/self/fd").is_dir():
        return None
    mine = set()
    for link in Path("/proc/self/fd").iterdir():
        try:
            mine.add(str(link.readlink()))
        except OSError:
            continue
    count = 0
    for table in ("tcp", "tcp6", "udp", "udp6"):
        listed = Path("/proc/self/net", table)
        if listed.exists():
            count += sum(f"socket:[{line.split()[9]}]" in mine for line in listed.read_text().splitlines()[1:])
    return count
