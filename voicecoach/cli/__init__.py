"""The command line: a file for each command or group, assembled here in the order in which `--help` shows them."""

from __future__ import annotations

from voicecoach.cli import models
from voicecoach.cli.analyze import analyze
from voicecoach.cli.correct import correct
from voicecoach.cli.enroll import enroll
from voicecoach.cli.listen import demo, listen
from voicecoach.cli.machine import devices, doctor
from voicecoach.cli.main import app, run
from voicecoach.cli.report import report
from voicecoach.cli.trends import trends

__all__ = ["app", "run"]

for command in (listen, demo, analyze, report, correct, trends, enroll, devices, doctor):
    app.command()(command)
app.add_typer(models.app, name="models")
