"""How a check-in went, if the session was one."""

from __future__ import annotations

from voicecoach.report.html import table
from voicecoach.report.sections.parts import View, section


def _part(v: View, part: str) -> str:
    key = f"part_{part.replace(' ', '_')}"
    return v.t.html(key if key in v.t.data else "part_other")


def checkin(v: View) -> str:
    """Its parts on one line, then each place in a round; nothing when the session was none."""
    t, f = v.t, v.f["checkin"]
    if not f["parts"]:
        return ""
    way = " → ".join(
        f'{_part(v, p["part"])} {v.link(p["start"])} <span class="note">({t.length(p["end"] - p["start"])})</span>'
        for p in f["parts"]
    )
    note = f'<p class="note">{t.html("checkin_note")}</p><p>{way}</p>'
    if not f["places"]:
        return section(t, "h_checkin", note)
    said = {True: t.html("yes"), False: t.html("not_yet"), None: "–"}
    rows = [
        [
            t.name(p["speaker"]), str(p["round"]), v.link(p["start"]), t.length(p["floor_s"]), str(p["said_back"]),
            said[p["confirmed"]], said[p["felt"]],
        ]
        for p in f["places"]
    ]  # fmt: skip
    head = [t.html(k) for k in ("had_floor", "round", "when", "floor_time", "offered", "checkin_confirmed", "felt")]
    return section(t, "h_checkin", note + table(head, rows))
