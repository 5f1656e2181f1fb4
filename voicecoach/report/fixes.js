"use strict";
// "This was different": a line of the transcript offers what it could have been instead. What is chosen goes to the
// program that shows the page, or, where there is none, becomes a command to copy and a file to apply.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent), ui = data.ui;
  const box = document.getElementById("fixes"), made = [];
  const add = (parent, name, text = "", attributes = {}) => {
    const node = document.createElement(name);
    node.textContent = text;
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    parent.append(node);
    return node;
  };
  const button = (parent, text, act) => { const b = add(parent, "button", text, { type: "button" }); b.addEventListener("click", act); return b; };
  const clock = (ms) => {
    const s = Math.floor(ms / 1000), h = Math.floor(s / 3600), two = (n) => String(n).padStart(2, "0");
    return h ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
  };
  const say = (c) => ui["fix_" + c.label].replace("{name}", c.name || "");

  const windows = /^win/i.test(navigator.platform);
  const quote = (text) => /^[\w.,:/\\-]+$/.test(text) && !(windows ? false : text.includes("\\")) ? text
    : windows ? '"' + text.replaceAll('"', '""') + '"' : "'" + text.replaceAll("'", "'\\''") + "'";
  const folder = () => {
    const path = decodeURIComponent(location.pathname).replace(/\/[^/]*$/, "");
    return windows ? path.replace(/^\/(?=[A-Za-z]:)/, "").replaceAll("/", "\\") : path || "/";
  };
  const naming = (list) => `voicecoach correct ${quote(data.session || folder())}` + list.map((c) => ` --name ${quote(c.speaker + "=" + c.name)}`).join("");
  const command = (c) => {
    const what = c.label === "speaker" ? `--was ${quote(c.name)}` : "--" + c.label.replaceAll("_", "-");
    return `voicecoach correct ${quote(data.session || folder())} ${c.start} --who ${quote(c.speaker)} ${what}`;
  };

  // What a line may have been: by the marks that lead to it, and who else was there.
  function choices(line) {
    const id = +line.id.slice(1), who = +line.dataset.who, start = id / 1000, end = +line.dataset.to / 1000;
    const speaker = data.people[who], here = data.marks.filter((m) => m[5] === id && m[1] === who);
    const has = (kind) => here.find((m) => m[0] === kind);
    const near = (list) => list.find((m) => m[0] === who && Math.abs(m[1] - id) < 300);
    const out = [], offer = (label, mark, more = {}) =>
      out.push({ type: "correction", start: mark ? mark[2] / 1000 : start, end: mark ? mark[3] / 1000 : end, speaker, label, ...more });
    const cut = has("interruption"), sign = has("backchannel"), along = has("supportive"), unclear = near(data.unclear);
    const over = data.together.find((o) => o[2] === who && Math.abs(o[0] - id) < 300);
    if (cut || unclear) offer("not_interruption", cut);
    if (!cut && (sign || along || unclear || over)) offer("interruption", sign || along);
    if (!sign && (cut || along || over || line.dataset.kind === "aside")) offer("listening", cut || along);
    if (has("reflection")) offer("not_said_back", has("reflection"));
    else if (line.dataset.kind === "turn" && data.turns[0] && data.turns[0][1] < id) offer("said_back", has("chance"));
    for (const name of data.people) if (name !== speaker) offer("speaker", null, { name });
    return out;
  }

  function ask(line) {
    const dialog = add(document.body, "dialog", "", { "aria-labelledby": "fix-title" });
    add(dialog, "h2", ui.fix_title, { id: "fix-title" });
    add(dialog, "p", `${clock(+line.id.slice(1))} · ${data.people[+line.dataset.who]} · ${line.querySelector("p").firstChild.textContent.slice(0, 160)}`, { class: "note", dir: "auto" });
    for (const c of choices(line)) button(dialog, say(c), () => { dialog.close(); keep(c); });
    button(dialog, ui.fix_close, () => dialog.close()).className = "quiet";
    dialog.addEventListener("close", () => { dialog.remove(); line.focus({ preventScroll: true }); });
    dialog.showModal();
  }

  async function keep(...given) {
    if (data.served) {
      const sent = await fetch("corrections", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) }).catch(() => null);
      if (sent && sent.ok) location.reload();
      else { box.hidden = false; box.replaceChildren(); add(box, "p", sent && sent.status === 400 ? await sent.text() : ui.fix_failed, { role: "alert" }); }
      return;
    }
    made.push(...given);
    show();
  }
  function show() {
    box.replaceChildren();
    box.hidden = !made.length;
    if (!made.length) return;
    add(box, "p", ui.fix_noted, { role: "status" });
    const list = add(box, "ul");
    for (const c of made) {
      const item = add(list, "li", c.label === "named" ? `${c.speaker} → ${c.name} ` : `${clock(c.start * 1000)} · ${c.speaker} · ${say(c)} `);
      button(item, ui.fix_remove, () => { made.splice(made.indexOf(c), 1); show(); }).className = "quiet";
    }
    const names = made.filter((c) => c.label === "named"), others = made.filter((c) => c.label !== "named");
    const code = add(box, "pre", [...others.map(command), ...(names.length ? [naming(names)] : [])].join("\n"), { tabindex: 0 });
    const tools = add(box, "div", "", { class: "tools" });
    const copy = button(tools, ui.fix_copy, async () => {
      getSelection().selectAllChildren(code);
      const done = await navigator.clipboard?.writeText(code.textContent).then(() => true, () => false);
      if (done || document.execCommand("copy")) copy.textContent = ui.fix_copied;
    });
    button(tools, ui.fix_download, () => {
      const link = add(tools, "a", "", { download: "corrections.jsonl" });
      link.href = URL.createObjectURL(new Blob([made.map((c) => JSON.stringify(c) + "\n").join("")], { type: "application/json" }));
      link.click(); link.remove();
    });
  }

  // Who is who: names for everybody at once, so that two people may change theirs.
  const who = document.getElementById("who");
  if (who) {
    const more = add(who, "details"), people = data.people;
    add(more, "summary", ui.who_title);
    add(more, "p", ui.who_note, { class: "note" });
    const form = add(more, "form", "", { class: "tools" });
    const fields = people.map((name) => add(add(form, "label", name + " "), "input", "", { value: name, maxlength: 60, autocomplete: "off", dir: "auto" }));
    add(form, "button", ui.who_keep);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = people.map((speaker, i) => ({ type: "correction", start: 0, end: 0, speaker, label: "named", name: fields[i].value.trim() }));
      const fresh = given.filter((c) => c.name && c.name !== c.speaker);
      if (fresh.length) keep(...fresh);
    });
  }

  // A line that was chosen, by a link, a mark or a click, carries the button; no other does.
  function choose(line) {
    document.querySelectorAll(".line > .fix").forEach((b) => b.remove());
    if (!line || !line.id || line.dataset.who === undefined || +line.dataset.who < 0 || !choices(line).length) return;
    button(line, ui.fix, () => ask(line)).className = "fix";
  }
  const chosen = () => choose(location.hash.startsWith("#t") ? document.getElementById(location.hash.slice(1))?.closest(".line") : null);
  addEventListener("hashchange", chosen);
  document.addEventListener("chosen", (event) => choose(event.target.closest(".line")));
  document.addEventListener("click", (event) => {
    const line = event.target.closest(".line");
    if (line && !event.target.closest("button,a") && getSelection().isCollapsed) choose(line);
  });
  document.querySelectorAll("[data-undo]").forEach((b) => {
    if (!data.served) return;
    b.hidden = false;
    b.previousElementSibling.hidden = true;
    b.addEventListener("click", () => keep({ type: "correction", start: 0, end: 0, label: "undo", undoes: +b.dataset.undo }));
  });
  chosen();
})();
