"""The process that speaks: pyttsx3 alone, because it needs a thread of its own and sometimes hangs.

Run by `voicecoach.coach.voice.Voice` as ``python -m voicecoach.coach.synthesiser``. One JSON object a line comes in
(``{"text": …, "path": …}``, after a first ``{"rate": words per minute, "voice": id or null, "language": "en"}``) and
one goes out (``{"ok": true}`` or ``{"ok": false, "error": …}``). A first line ``{"list": true}`` asks for the voices.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import IO, Any


def main() -> None:
    """Serve until the other side closes the pipe."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what drivers print must not come between the answers
    logging.disable(logging.CRITICAL)  # drivers log the text
    requests = sys.stdin
    try:
        settings = json.loads(requests.readline())
        if settings.get("list"):
            _answer(answers, ok=True, voices=_voices())
            return
        engine = _engine(settings)
    except Exception as error:
        _answer(answers, ok=False, error=_plain(error))
        return
    _answer(answers, ok=True)
    for line in requests:
        request = json.loads(line)
        try:
            _write(engine, request["text"], request["path"])
            _answer(answers, ok=os.path.getsize(request["path"]) > 0)
        except Exception as error:
            _answer(answers, ok=False, error=type(error).__name__)


def _write(engine: Any, text: str, path: str) -> None:
    """Have ``text`` written to ``path``, and come back when it is written.

    pyttsx3 ends its loop at the order that stands behind the text in its queue. espeak only notes the text and speaks
    it later in a thread: were the queue let wait, that order would end the loop before the voice. So there the engine
    is not busy, both orders are done with at once, and the voice's last sound ends the loop. The others speak as the
    order is carried out and never end a loop whose queue is empty, so for them it is filled while they are "busy".
    """
    engine.proxy.setBusy(sys.platform in ("darwin", "win32"))
    engine.save_to_file(text, path)
    engine.runAndWait()


def _engine(settings: dict[str, Any]) -> Any:
    import pyttsx3  # noqa: PLC0415 — importing it may already fail or hang where there is no voice

    engine = pyttsx3.init()
    engine.setProperty("rate", settings["rate"])
    engine.setProperty("volume", 1.0)  # how loud it is to be is decided where it is played
    voice = settings["voice"] or _voice_for(engine, settings["language"])
    if voice:
        engine.setProperty("voice", voice)
    return engine


def _voices() -> list[dict[str, object]]:
    import pyttsx3  # noqa: PLC0415

    found = pyttsx3.init().getProperty("voices") or []
    return [{"id": v.id, "name": v.name, "languages": [_tag(t) for t in v.languages or []]} for v in found]


def _voice_for(engine: Any, language: str) -> str | None:
    """The machine's own voice if it speaks ``language`` or does not say; else the first that does."""
    voices = list(engine.getProperty("voices") or [])
    current = engine.getProperty("voice")
    speaks = [v.id for v in voices if any(_code(tag) == language for tag in v.languages or [])]
    if not speaks or current in speaks:
        return None
    return str(speaks[0])


def _tag(tag: str | bytes) -> str:
    text = tag.decode("utf-8", "ignore") if isinstance(tag, bytes) else tag
    return text.strip("\x00\x02\x05").replace("_", "-").lower()


def _code(tag: str | bytes) -> str:
    return _tag(tag).split("-")[0]


def _answer(answers: IO[str], **what: object) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _plain(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


if __name__ == "__main__":
    main()
