"""Speech models that are not in the catalogue but known to faster-whisper, which keeps them in a cache of its own.

They come from another place than ours and are not pinned by a hash, so they are only fetched when somebody asks for
that by name; whoever uses one never reaches for a network.
"""

from __future__ import annotations

from voicecoach.errors import VoicecoachError


def knows(name: str) -> bool:
    """Whether faster-whisper knows ``name``: one of its own (``small.en``), or a repository (``owner/name``)."""
    from faster_whisper.utils import available_models  # noqa: PLC0415 - slow to import

    return name in available_models() or (name.count("/") == 1 and all(name.split("/")))


def here(name: str) -> str:
    """The folder of a model that has been fetched. Raises `VoicecoachError` when it is not on this computer."""
    from faster_whisper.utils import download_model  # noqa: PLC0415

    try:
        return str(download_model(name, local_files_only=True))
    except Exception as error:  # of libraries of faster-whisper's choice
        raise VoicecoachError(
            f"The model {name} is not on this computer yet: run 'voicecoach models fetch {name}', or give a folder."
        ) from error


def bring(name: str) -> str:
    """Fetch a model through faster-whisper, or find it; its folder. Raises `VoicecoachError` when that fails."""
    from faster_whisper.utils import download_model  # noqa: PLC0415

    try:
        return str(download_model(name))
    except Exception as error:
        raise VoicecoachError(
            f"The model {name} could not be fetched: check that this computer is online and that the name is right, or "
            "give --model a folder with a faster-whisper model."
        ) from error
