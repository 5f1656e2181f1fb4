"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const box = document.getElementById("timeline");
  const SVG = "http://www.w3.org/2000/svg";
  const SHAPES = {
    backchannel: "M0-5a5 5 0 1 0 .01 0z", supportive: "M0-5.5a5.5 5.5 0 1 0 .01 0zM0-2.6a2.6 2.6 0 1 1-.01 0z", interruption: "M0-7 7 6H-7z", reflection: "M-7-6H7V3H0L-3 7V3H-7z",
    chance: "M-7-6H7V3H0L-3 7V3H-7z", prompt: "M0-7 7 0 0 7-7 0z",
  };
  const clock = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000)), h = Math.floor(s / 3600);
    const two = (n) => String(n).padStart(2, "0");
    return h ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
  };
  const make = (name, attributes, parent) => {
    const node = document.createElementNS(SVG, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    if (parent) parent.appendChild(node);
    return node;
  };

  function timeline() {
    const detail = document.getElementById("detail");
    const people = data.people, coach = data.marks.some((m) => m[0] === "prompt");
    const LANE = 100, TOP = 12, AXIS = 28;
    const height = TOP + LANE * people.length + (coach ? 44 : 0) + AXIS;
    const full = Math.max(1000, data.end);
    let from = 0, to = full, selected = -1, queued = false;
    const moments = data.marks.map((m) => ({ kind: m[0], person: m[1], start: m[2], end: m[3], text: m[4], line: m[5] }));
    const width = () => Math.max(200, box.clientWidth);
    const x = (ms) => ((ms - from) / (to - from)) * width();
    const laneY = (p) => p < 0 ? TOP + LANE * people.length : TOP + LANE * p;

    const step = () => {
      const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
      const wanted = (to - from) / 1000 / (width() / 90);
      return 1000 * (steps.find((s) => s >= wanted) || 7200);
    };
    function draw() {
      queued = false;
      const svg = make("svg", { height, viewBox: `0 0 ${width()} ${height}`, "aria-hidden": "true" });
      const gap = step();
      for (let t = Math.ceil(from / gap) * gap; t <= to; t += gap) {
        make("line", { class: "grid", x1: x(t), x2: x(t), y1: 0, y2: height - AXIS + 4 }, svg);
        if (x(t) < width() - 44) make("text", { class: "tick", x: x(t) + 3, y: height - 8 }, svg).textContent = clock(t);
      }
      const seen = (s, e) => e >= from && s <= to;
      // Too many to tell apart: smaller, and without those where nothing happened. Zooming in brings everything back.
      const dense = moments.filter((m) => seen(m.start, m.start)).length * 16 > width() * 2;
      for (const [start, end, what] of data.off) {
        if (!seen(start, end)) continue;
        const off = make("rect", { class: "off", x: x(start), y: 0, width: Math.max(2, x(end) - x(start)), height: height - AXIS + 4 }, svg);
        make("title", {}, off).textContent = `${clock(start)}–${clock(end)} · ${what}`;
      }
      data.turns.forEach((t, i) => {
        if (t[0] < 0 || !seen(t[1], t[2])) return;
        make("rect", { class: `turn f${t[0] % 8}`, "data-turn": i, x: x(t[1]), y: laneY(t[0]) + 34, rx: 6,
          width: Math.max(2, x(t[2]) - x(t[1])), height: 34 }, svg);
      });
      for (const s of data.speech) {
        if (!seen(s[1], s[2])) continue;
        make("rect", { class: `ipu f${s[0] % 8}`, x: x(s[1]), y: laneY(s[0]) + 42, rx: 3, "pointer-events": "none",
          width: Math.max(1, x(s[2]) - x(s[1])), height: 18 }, svg);
      }
      for (const o of data.together) {
        if (!seen(o[0], o[1])) continue;
        const lanes = [o[2], o[3]].filter((p) => p >= 0).sort((a, b) => a - b), w = Math.max(dense ? 0.6 : 1.5, x(o[1]) - x(o[0]));
        for (const p of lanes) make("rect", { class: "together", x: x(o[0]), y: laneY(p) + 34, width: w, height: 34, "pointer-events": "none" }, svg);
        if (lanes.length === 2) make("rect", { class: "bridge", x: x(o[0]), y: laneY(lanes[0]) + 68, width: w,
          height: laneY(lanes[1]) - laneY(lanes[0]) - 34, "pointer-events": "none" }, svg);
      }
      people.forEach((name, p) => {
        make("text", { class: `f${p % 8}`, x: 8, y: laneY(p) + 14 }, svg).textContent = name.length > 24 ? name.slice(0, 23) + "…" : name;
      });
      if (coach) make("text", { class: "tick", x: 8, y: laneY(-1) + 14 }, svg).textContent = data.ui.coach;
      moments.forEach((m, i) => {
        if (!seen(m.start, m.start) || (dense && m.kind === "chance" && i !== selected)) return;
        const y = m.kind === "prompt" ? laneY(-1) + 22 : laneY(m.person) + (m.kind === "interruption" ? 25 : 80);
        const colour = m.kind === "prompt" || m.kind === "chance" ? `mk-${m.kind}` : `f${Math.max(0, m.person) % 8}`;
        const edge = Math.min(width() - 9, Math.max(9, x(m.start)));
        const mark = make("path", { class: `mark ${colour}${i === selected ? " sel" : ""}`, "data-mark": i, d: SHAPES[m.kind], "fill-rule": "evenodd",
          transform: `translate(${edge} ${y})${i === selected ? " scale(1.35)" : dense ? " scale(.6)" : ""}` }, svg);
        make("title", {}, mark).textContent = describe(m);
      });
      box.replaceChildren(svg);
    }
    const later = () => { if (!queued) { queued = true; requestAnimationFrame(draw); } };
    const describe = (m) => {
      const who = m.person >= 0 ? people[m.person] : data.ui.coach;
      return `${clock(m.start)} · ${who} · ${data.ui["k_" + m.kind]}${m.text ? ": " + m.text : ""}`;
    };
    const view = (a, b) => {
      const length = Math.min(full, Math.max(2000, b - a));
      from = Math.min(Math.max(0, a), full - length); to = from + length; later();
    };
    const zoom = (factor, centre = (from + to) / 2) => view(centre - (centre - from) * factor, centre + (to - centre) * factor);
    const jump = (line) => {
      const target = document.getElementById("t" + line);
      if (!target) return;
      document.querySelectorAll(".line.here").forEach((n) => n.classList.remove("here"));
      target.classList.add("here"); location.hash = "t" + line; target.focus({ preventScroll: true });
      target.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
    };
    const select = (i) => {
      selected = i; const m = moments[i];
      if (m.start < from || m.start > to) view(m.start - (to - from) / 2, m.start + (to - from) / 2);
      detail.textContent = describe(m); later();
    };
    const pick = (event) => {
      const mark = event.target.closest("[data-mark]"), turn = event.target.closest("[data-turn]");
      if (mark) return { text: describe(moments[+mark.dataset.mark]), line: moments[+mark.dataset.mark].line };
      if (!turn) return null;
      const t = data.turns[+turn.dataset.turn];
      return { text: `${clock(t[1])} · ${people[t[0]]} · ${data.ui.k_turn}${t[3] ? ": " + t[3] : ""}`, line: t[1] };
    };
    box.addEventListener("wheel", (event) => {
      if (event.deltaY > 0 && to - from >= full) return; // nothing left to zoom out of: let the page scroll
      event.preventDefault();
      const at = from + ((event.clientX - box.getBoundingClientRect().left) / width()) * (to - from);
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) view(from + event.deltaX * (to - from) / width(), to + event.deltaX * (to - from) / width());
      else zoom(Math.exp(event.deltaY / 400), at);
    }, { passive: false });
    const held = new Map(); let moved = 0;
    box.addEventListener("pointerdown", (event) => { held.set(event.pointerId, event.clientX); if (held.size === 1) moved = 0; });
    window.addEventListener("pointermove", (event) => {
      if (!held.has(event.pointerId)) {
        const found = box.contains(event.target) && pick(event); if (found) detail.textContent = found.text; return;
      }
      const before = held.get(event.pointerId), shift = event.clientX - before; moved += Math.abs(shift);
      const others = [...held].filter(([id]) => id !== event.pointerId);
      held.set(event.pointerId, event.clientX);
      if (others.length) {
        const other = others[0][1], far = Math.max(8, Math.abs(event.clientX - other)), was = Math.max(8, Math.abs(before - other));
        zoom(was / far, from + ((other - box.getBoundingClientRect().left) / width()) * (to - from));
      } else if (moved > 4) view(from - shift * (to - from) / width(), to - shift * (to - from) / width());
    });
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, (event) => held.delete(event.pointerId));
    box.addEventListener("click", (event) => { const found = moved < 6 && pick(event); if (found) jump(found.line); });
    box.addEventListener("keydown", (event) => {
      const part = (to - from) / 4, keys = {
        "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1 / 0.6), Home: () => view(0, full),
        ArrowRight: () => event.shiftKey ? view(from + part, to + part) : moments.length && select(Math.min(moments.length - 1, selected + 1)),
        ArrowLeft: () => event.shiftKey ? view(from - part, to - part) : moments.length && select(Math.max(0, selected - 1)),
        Enter: () => selected >= 0 && jump(moments[selected].line),
      };
      if (keys[event.key] && !event.ctrlKey && !event.metaKey) { event.preventDefault(); keys[event.key](); }
    });
    document.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      if (button.dataset.zoom === "all") view(0, full); else zoom(button.dataset.zoom === "in" ? 0.5 : 2);
    }));
    new ResizeObserver(later).observe(box);
    draw();
  }

  // Print what is folded away on the screen, and fold it again.
  let folded = [];
  addEventListener("beforeprint", () => { folded = [...document.querySelectorAll("details:not([open])")]; folded.forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => folded.forEach((d) => { d.open = false; }));
  if (box) timeline();
})();
