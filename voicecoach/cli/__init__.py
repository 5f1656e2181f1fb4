"""The command line: a file for each command or group, assembled here in the order in which `--help` shows them."""

from __future__ import annotations

from voicecoach.cli import models, privacy, sessions
from voicecoach.cli.analyze import analyze
from voicecoach.cli.check_in import check_in
from voicecoach.cli.correct import correct
from voicecoach.cli.drill import drill
from voicecoach.cli.enroll import enroll
from voicecoach.cli.listen import demo, listen
from voicecoach.cli.machine import devices, doctor
from voicecoach.cli.main import app, run
from voicecoach.cli.pair import agreements, next_up
from voicecoach.cli.reflect import reflect
from voicecoach.cli.replay import replay
from voicecoach.cli.report import report
from voicecoach.cli.settings import settings
from voicecoach.cli.trends import trends
from voicecoach.cli.voices import voices

__all__ = ["app", "run"]

for command in (listen, demo, analyze, report, replay, correct, trends, enroll, devices, voices, settings, doctor):
    app.command()(command)
app.command("check-in")(check_in)
app.command()(drill)
app.command("next")(next_up)
app.add_typer(agreements, name="agreements")
app.command()(reflect)
app.add_typer(sessions.app, name="sessions")
app.add_typer(privacy.app, name="privacy")
app.add_typer(models.app, name="models")
