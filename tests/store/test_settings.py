"""A small file of settings: what it says holds, what is wrong in it is told in one sentence, options go before it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from kept import keep_one
from typer.testing import CliRunner

from voicecoach import audio
from voicecoach.cli import app
from voicecoach.cli.shared import microphone_of, preferred
from voicecoach.errors import MisuseError, VoicecoachError
from voicecoach.store import proof, settings
from voicecoach.store.settings import Settings, tomllib

pytestmark = pytest.mark.usefixtures("home")


def write(text: str | bytes) -> Path:
    settings.path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.path().write_bytes(text if isinstance(text, bytes) else text.encode())
    return settings.path()


def test_without_a_file_everything_is_as_usual() -> None:
    assert settings.read() == Settings()
    assert not settings.path().exists()


def test_what_it_says_holds_and_the_rest_is_as_usual() -> None:
    write('level = "gentle"\nrate = 120\ndevice = 3\ndevice_b = "Headset"\nvolume = 1\n')
    assert settings.read() == Settings(level="gentle", rate=120, device=3, device_b="Headset", volume=1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('levle = "gentle"', "is level meant"),
        ("colour = 3", "no setting 'colour'"),
        ('level = "kind"', "gentle, standard, strict"),
        ("rate = 12", "80 to 300"),
        ("rate = true", "80 to 300"),
        ("volume = nan", "0.0 to 1.0"),
        ("channels = 3", "1 or 2"),
        ('voice = ""', "voicecoach voices"),
        ("level = \nrate = 150", "line 1"),
        ("[[[", "mend it, or delete it"),
        (b"\xff\xfe\x00", "mend it, or delete it"),
        ("a" + ".a" * 5000 + " = 1", ""),
        ("x = " + "[" * 5000, "mend it, or delete it"),
    ],
)
def test_nonsense_is_told_in_a_sentence_with_the_file(text: str | bytes, says: str) -> None:
    path = write(text)
    with pytest.raises(MisuseError) as told:
        preferred()
    assert says in str(told.value)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


def test_a_session_does_not_begin_with_nonsense_but_what_is_kept_can_still_be_read() -> None:
    keep_one()
    write("rate = 'fast'")
    refused = CliRunner().invoke(app, ["listen", "--people", "Anna,Ben"])
    assert isinstance(refused.exception, MisuseError)
    assert CliRunner().invoke(app, ["sessions", "show", "last"]).exit_code == 0


@how(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_settings_or_told(raw: bytes) -> None:
    write(raw)
    with contextlib.suppress(VoicecoachError):
        settings.read()


def test_a_file_is_made_in_which_nothing_is_changed_yet_and_never_over_another() -> None:
    done = CliRunner().invoke(app, ["settings", "--new"])
    assert done.exit_code == 0
    assert str(settings.path()) in done.output.replace("\n", "")
    assert settings.read() == Settings()
    explained = [line[2:].split(" = ")[0] for line in settings.path().read_text().splitlines() if " = " in line]
    assert set(explained) == set(settings.differing(Settings()))
    uncommented = "\n".join(x[2:] for x in settings.path().read_text().splitlines() if " = " in x)
    assert set(tomllib.loads(uncommented)) == set(explained)
    write(uncommented)
    settings.read()  # every example in it fits
    CliRunner().invoke(app, ["settings", "--new"])
    assert settings.path().read_text() == uncommented
    if sys.platform != "win32":
        assert not any(f.others_can_read for f in proof.files() if f.path == settings.path())


class Nothing:
    def __init__(self, *made: object) -> None:
        self.made = made


def test_options_go_before_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "Microphone", type("One", (Nothing,), {}))
    monkeypatch.setattr(audio, "TwoMicrophones", type("Two", (Nothing,), {}))

    def opened(*options: object) -> tuple[str, tuple[object, ...]]:
        source = microphone_of(*options)  # type: ignore[arg-type]
        return type(source).__name__, source.made  # type: ignore[attr-defined]

    assert opened(None, None, None) == ("One", (None, 1))
    write('device = "Desk"\nchannels = 2')
    assert opened(None, None, None) == ("One", ("Desk", 2))
    assert opened("5", None, None) == ("One", (5, 2))
    assert opened(None, None, 1) == ("One", ("Desk", 1))
    write('device = "Desk"\ndevice_b = "Headset"')
    assert opened(None, None, None) == ("Two", ("Desk", "Headset"))
    assert opened("Other", None, None) == ("One", ("Other", 1))
    assert opened("Other", "9", None) == ("Two", ("Other", 9))
    write("")
    with pytest.raises(MisuseError, match="name the first with --device"):
        opened(None, "9", None)
