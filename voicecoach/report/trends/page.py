"""Trends as a page: a chart for each measure, what may be said of it, milestones, and every figure in a table."""

from __future__ import annotations

from typing import Any

from voicecoach.report.charts import interval_chart
from voicecoach.report.frame import framed, texts_of
from voicecoach.report.html import Texts, day_of, esc
from voicecoach.report.sections.parts import percent, section
from voicecoach.report.trends.wording import amount, at_a_glance, balance, between, verdict


def trends_page(course: dict[str, Any], language: str = "en", *, served: bool = False) -> str:
    """HTML of `course_of`'s result; the same course gives the same bytes."""
    t = Texts(texts_of(language), course["people"])
    names = t.html("and").join(t.name(p) for p in course["people"])
    head = t.counted("t_head", len(course["sessions"]), people=names, hours=f"{course['hours']:.1f}")
    parts = [f'<header><h1>{t.html("t_title")}</h1><p class="soft">{head}</p></header><main>']
    if course["sessions"]:
        if first := at_a_glance(t.data, course):
            parts.append(section(t, "h_summary", "".join(f"<p>{esc(sentence)}</p>" for sentence in first)))
        if said := balance(t.data, course):
            parts.append(section(t, "m_balance", f"<p>{esc(said)}</p>"))
        parts += [_measure(t, course, m) for m in course["measures"]]
        if course["mixed"]:
            parts.append(f'<p class="notice" role="note">{t.html("t_mixed")}</p>')
        parts += [_milestones(t, course), _sessions(t, course)]
    else:
        parts.append(section(t, "h_sessions", f"<p>{t.html('t_none')}</p>"))
    parts.append(section(t, "h_sure", f"<p>{t.html('t_sure')}</p>"))
    parts.append(f'</main><footer class="note"><p>{t.html("private")}</p></footer>')
    return framed(t.language, t.html("t_title"), "".join(parts), None, (), served=served)


def _measure(t: Texts, course: dict[str, Any], m: dict[str, Any]) -> str:
    said = esc(verdict(t.data, m))
    called = f"<p><strong>{said}</strong></p>" if m["change"] in ("more", "less") else f"<p>{said}</p>"
    chart = ""
    if sum(x["value"] is not None for x in m["each"]) > 1:
        top = 1.0 if m["kind"] == "share" else _top(m)
        label = esc("; ".join(f"{_when(t, s)}: {amount(t.data, m['kind'], x['value'])}" for s, x in _pairs(course, m)))
        chart = interval_chart([(x["value"], x["low"], x["high"]) for x in m["each"]], top, label)
        ends = f"<span>{esc(_day(t, course['sessions'][0]))}</span><span>{esc(_day(t, course['sessions'][-1]))}</span>"
        chart = f'<p class="scale note">{esc(amount(t.data, m["kind"], top))}</p>{chart}<div class="axis">{ends}</div>'
    return section(t, f"m_{m['key']}", f'<p class="note">{t.html("n_m_" + m["key"])}</p>{chart}{called}')


def _top(m: dict[str, Any]) -> float:
    """Where the axis ends: room above the highest rate; intervals of short talks may reach beyond it."""
    return 1.5 * max([x["value"] for x in m["each"] if x["value"] is not None] or [0.0]) or 1.0


def _pairs(course: dict[str, Any], m: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return list(zip(course["sessions"], m["each"], strict=True))


def _when(t: Texts, session: dict[str, Any]) -> str:
    return str(session["title"]) or _day(t, session)


def _day(t: Texts, session: dict[str, Any]) -> str:
    return day_of(t.data, str(session["date"][:10])) or str(session["name"])


def _milestones(t: Texts, course: dict[str, Any]) -> str:
    def item(m: dict[str, Any]) -> str:
        when = f'<span class="note">{esc(_day(t, m))}</span>'
        return f"<li>{when} {t.html('w_' + m['kind'], count=m['count'])}</li>"

    items = "".join(map(item, course["milestones"]))
    return section(t, "h_milestones", f'<ul class="plain">{items}</ul>')


def _sessions(t: Texts, course: dict[str, Any]) -> str:
    rows = []
    for i, s in enumerate(course["sessions"]):
        cells = [
            f"{amount(t.data, m['kind'], m['each'][i]['value'])} "
            f'<span class="note">({between(t.data, m["kind"], m["each"][i])})</span>'
            for m in course["measures"]
        ]
        shares = " · ".join(f"{t.name(p)} {percent(x)}" for p, x in s["shares"].items())
        rows.append([f"<bdi>{esc(_when(t, s))}</bdi>", t.length(s["hours"] * 3600), shares, *cells])
    head = [t.html(k) for k in ("t_session", "t_length", "share")]
    head += [t.html(f"m_{m['key']}") for m in course["measures"]]
    return section(t, "h_sessions", t.long_table(head, rows[::-1]))
