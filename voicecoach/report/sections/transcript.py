"""Every line that was said, each with an id that links lead to."""

from __future__ import annotations

from voicecoach.report.html import anchor, clock, esc
from voicecoach.report.lines import Line
from voicecoach.report.marks import off_key
from voicecoach.report.sections.parts import View, section

TOLD_S = 1.0
"""Sound that is missing for so long is told between the lines."""


def transcript(v: View) -> str:
    """The lines in order of time."""
    t = v.t
    said_back = {(r["speaker"], anchor(r["start"])) for r in v.f["replies"] if r["reflected"]}
    came_in = {(i["speaker"], anchor(i["start"])) for i in v.f["interruptions"]}
    seen: set[int] = set()
    out: list[tuple[float, str]] = []
    for x in v.lines:
        key = anchor(x.start)
        ident = "" if key in seen else f' id="t{key}"'
        seen.add(key)
        tags = ["listening_line"] if x.kind == "backchannel" else []
        tags += ["k_reflection"] if (x.speaker, key) in said_back else []
        tags += ["k_interruption"] if (x.speaker, key) in came_in else []
        out.append((x.start, _line(v, x, ident, tags)))
    for b in (*v.f["breaks"], *(x for x in v.f["lost"] if x["end"] - x["start"] >= TOLD_S)):
        rest = f"<span></span><p>{t.html(off_key(b['reason']))} ({clock(b['start'])}–{clock(b['end'])})</p>"
        out.append(
            (b["start"], f'<div class="line small"><span class="at soft">{clock(b["start"])}</span>{rest}</div>')
        )
    out.sort(key=lambda row: row[0])
    note = "" if any(line.text for line in v.lines) else f"<p>{t.html('transcript_none')}</p>"
    return section(t, "h_transcript", note + "".join(row for _, row in out))


def _line(v: View, x: Line, ident: str, tags: list[str]) -> str:
    t = v.t
    tagged = "".join(f' <span class="tag">{t.html(tag)}</span>' for tag in tags)
    if x.kind == "prompt":
        name, who = f'<span class="name soft">{t.html("coach")}</span>', ""
        text = esc(x.text) if x.text else f'<span class="soft">{t.html("chime")}</span>'
    else:
        name = t.name(x.speaker)
        text = esc(x.text) if x.text else f'<span class="soft">{t.html("no_words")}</span>'
        number = t.people.index(x.speaker) if x.speaker in t.people else -1
        who = f' data-who="{number}" data-to="{anchor(x.end)}" data-kind="{x.kind}"'
    small = "" if x.kind == "turn" else " small"
    return (
        f'<div class="line{small}"{ident}{who} tabindex="-1"><span class="at soft">{clock(x.start)}</span>'
        f'{name}<p dir="auto">{text}{tagged}</p></div>'
    )
