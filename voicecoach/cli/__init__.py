"""The command line: a file for each command or group, assembled here in the order in which `--help` shows them."""

from __future__ import annotations

from voicecoach.cli import models
from voicecoach.cli.analyze import analyze
from voicecoach.cli.drill import drill
from voicecoach.cli.enroll import enroll
from voicecoach.cli.listen import demo, listen
from voicecoach.cli.machine import devices, doctor
from voicecoach.cli.main import app, run
from voicecoach.cli.report import report

__all__ = ["app", "run"]

for command in (listen, demo, drill, analyze, report, enroll, devices, doctor):
    app.command()(command)
app.add_typer(models.app, name="models")
