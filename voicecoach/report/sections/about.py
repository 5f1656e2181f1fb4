"""What was put right, how sure the figures are, and the words used."""

from __future__ import annotations

from voicecoach.report.html import esc, table
from voicecoach.report.sections.parts import View, bare, section


def fixed(v: View) -> str:
    """The corrections that hold; nothing when there are none."""
    t = v.t
    if not v.f["corrections"]:
        return ""
    rows = [
        [
            str(c["number"]), v.link(c["start"]), t.name(c["speaker"]) if c["speaker"] else "–",
            t.html(f"fix_{c['label']}", name=bare(c["name"])),
            f'<code>--undo {c["number"]}</code><button type="button" data-undo="{c["number"]}" hidden>'
            f"{t.html('fix_remove')}</button>",
        ]
        for c in v.f["corrections"]
    ]  # fmt: skip
    head = ["#", *(t.html(k) for k in ("when", "person", "fix_title", "fixed_undo"))]
    return section(t, "h_fixed", f'<p class="note">{t.html("fixed_note")}</p>{table(head, rows)}')


def how_sure(v: View) -> str:
    """Once in full, what each section says in a line."""
    hearing = v.f["hearing"]
    key = f"h_{hearing}" if hearing in ("channels", "enrolled", "separated", "given") else "h_unknown"
    return section(v.t, "h_sure", f"<p>{v.t.html(key)}</p><p>{v.t.html('sure_note')}</p>")


def words_used(v: View) -> str:
    """The legend of terms."""
    items = "".join(f"<dt>{esc(term)}</dt><dd>{esc(meaning)}</dd>" for term, meaning in v.t.data["legend"])
    return section(v.t, "h_words", f"<dl>{items}</dl>")
