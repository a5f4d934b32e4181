// The desk's pages: draws texts from the data block, decides, and listens to keys. Text only becomes text nodes.
"use strict";
(() => {
  const D = globalThis.desk, { el, count } = D;
  const words = JSON.parse(document.getElementById("words").textContent);
  const page = document.body.dataset.page;
  const main = document.getElementById("main"), view = document.getElementById("view"), said = document.getElementById("said");
  const block = document.getElementById("data");
  const model = block ? D.model(JSON.parse(block.textContent)) : null;
  // Times in the zone of the desk; a day without an hour stays the day.
  const clock = new Intl.DateTimeFormat("sv", { timeZone: document.body.dataset.zone, dateStyle: "short", timeStyle: "short" });
  for (const each of model?.articles ?? []) if (each.when?.length > 10) each.when = clock.format(new Date(each.published));
  const csrf = document.querySelector("meta[name=csrf]").content;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const keyOf = async (id) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
    return [...new Uint8Array(digest)].slice(0, 8).map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  // What a reader sets on this device only; where that is not allowed, for this page only.
  const kept = (name, value) => {
    try {
      if (value !== undefined) localStorage.setItem(name, value);
      return localStorage.getItem(name);
    } catch { return null; }
  };

  const tell = (text, undo) => {
    said.replaceChildren(text);
    if (undo) said.append(el("button", { type: "button", onclick: () => decide({ kind: "undo", undoes: undo }) }, words.decide.undo));
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => said.replaceChildren(), undo ? 20000 : 8000);
  };
  const ask = async (path, body, method = "POST") => {
    const answer = await fetch(path, { method, headers: { "Content-Type": "application/json", "X-CSRF": csrf }, body: JSON.stringify(body) });
    const text = await answer.text();
    const record = text ? JSON.parse(text) : {};
    if (!answer.ok) throw new Error(record.detail ?? answer.statusText);
    return record;
  };

  // The state of an opened text stands in the address, so that a link shows the same.
  const DEFAULTS = { mode: "passages", quotes: "1", furniture: "", least: "1", off: "", with: "" };
  const state = () => ({ ...DEFAULTS, ...Object.fromEntries(new URLSearchParams(location.search)) });
  const change = (values) => {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(values)) {
      const text = typeof value === "boolean" ? (value ? "1" : "") : Array.isArray(value) ? value.join("\n") : String(value);
      if (text === DEFAULTS[name]) query.delete(name); else query.set(name, text);
    }
    const search = query.toString();
    history.replaceState(null, "", location.pathname + (search ? `?${search}` : "") + location.hash);
    draw();
  };
  const draw = () => {
    const now = state(), options = { mode: now.mode, quotes: now.quotes === "1", furniture: now.furniture === "1", least: Number(now.least) || 1, off: now.off ? now.off.split("\n") : [] };
    if (page === "pair") view.replaceChildren(D.pairView(model.pairs[0], options, change));
    else {
      const own = model.articles.find((each) => each.listed && each.pairs.length === model.pairs.length) ?? model.articles[0];
      const otherOf = (pair) => (pair.a === own ? pair.b : pair.a);
      // A draft has no address of its own: it is compared on this page.
      const openPair = async (pair) => {
        if (page === "check") change({ with: otherOf(pair).id });
        else location.href = `/pair/${await keyOf(own.id)}/${await keyOf(otherOf(pair).id)}`;
      };
      const beside = own.pairs.find((pair) => now.with && otherOf(pair).id === now.with);
      if (beside) view.replaceChildren(el("p.crumbs", el("button.quiet", { type: "button", onclick: () => change({ with: "" }) }, `← ${words.check.back}`)), D.pairView(beside, options, change));
      else view.replaceChildren(D.articleView(own, D.partners(own), options, change, openPair));
    }
    document.body.classList.add("drawn");
    if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
  };
  if (model && view) draw();

  // Decisions.
  const field = (name) => document.querySelector(`#decisions [name=${name}]`);
  const by = field("by");
  if (by) {
    by.value = kept("by") ?? "";
    by.addEventListener("change", () => kept("by", by.value));
  }
  let last = document.querySelector("#decisions [data-undoes]")?.dataset.undoes ?? null;
  const decide = async (record) => {
    const asked = { by: by?.value ?? kept("by") ?? "", note: field("note")?.value ?? "", until: field("until")?.value || null, ...record };
    try {
      const { items } = await ask("/api/decisions", asked);
      sessionStorage.setItem("said", JSON.stringify([record.kind === "undo" ? words.decide.undone : fill(words.decide.done, { kind: words.decide[record.kind] }), record.kind === "undo" ? null : items[0].id]));
      location.reload();
    } catch (error) { tell(error.message); }
  };
  try {
    const before = JSON.parse(sessionStorage.getItem("said") ?? "null");
    sessionStorage.removeItem("said");
    if (before) { last = before[1] ?? last; tell(...before); }
  } catch { /* nothing was said */ }
  const chosenPassages = () => {
    const own = document.activeElement?.closest?.("[data-passage]");
    return own ? [Number(own.dataset.passage)] : null;
  };
  const decidePair = (kind) => {
    const { a, b } = document.getElementById("decisions").dataset;
    const passages = kind === "ignore_passage" ? chosenPassages() : null;
    decide({ kind, a, b, ...(passages ? { passages } : {}) });
  };
  const selected = () => [...document.querySelectorAll(".row[aria-selected=true]")];
  const decideRows = (kind, row, undoes) => {
    if (kind === "undo") { decide({ kind, undoes }); return; }
    const rows = selected().length ? selected() : [row];
    decide({ kind, pairs: rows.map((each) => ({ a: each.dataset.a, b: each.dataset.b })) });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-kind]");
    if (!button) return;
    if (button.dataset.kind === "undo") decide({ kind: "undo", undoes: button.dataset.undoes });
    else decidePair(button.dataset.kind);
  });
  // What a decision would answer is said before it is taken.
  const would = document.getElementById("would"), known = new Map();
  const preview = async (event) => {
    const kind = event.target.closest?.("#decisions [data-kind]")?.dataset.kind;
    if (!kind || kind === "undo") return;
    const { a, b } = document.getElementById("decisions").dataset;
    if (!known.has(kind)) known.set(kind, ask("/api/decisions", { kind, a, b, preview: true }).then((told) => told.answers, () => null));
    const count = await known.get(kind);
    if (count !== null) would.textContent = fill(count > 1 ? words.decide.would : words.decide.would_one, { kind: words.decide[kind], count });
  };
  if (would) for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, preview);

  // The inbox says when there is something new; it never changes under the reader's hand.
  const live = document.getElementById("live");
  if (live && globalThis.EventSource) {
    let writes = null;
    new EventSource("/api/events").addEventListener("changed", (event) => {
      const now = JSON.parse(event.data).writes;
      if (writes !== null && now !== writes) live.replaceChildren(words.inbox.news, " ", el("button", { type: "button", onclick: () => location.reload() }, words.inbox.show));
      writes = now;
    });
  }
  for (const select of document.querySelectorAll("select.decide")) {
    select.addEventListener("change", () => { if (select.value) decideRows(select.value, select.closest(".row"), select.selectedOptions[0].dataset.undoes); });
  }
  document.getElementById("import")?.addEventListener("change", async (event) => {
    try {
      const done = await ask("/api/decisions/import", { text: await event.target.files[0].text() });
      sessionStorage.setItem("said", JSON.stringify([fill(words.outlets.imported, { count: done.new }), null]));
      location.reload();
    } catch (error) { tell(error.message); }
  });

  // A draft: dropped files, and a text that a bookmarklet brings in the fragment, which no server sees.
  const paste = document.getElementById("paste"), drop = document.getElementById("drop");
  if (paste) {
    const files = paste.elements.namedItem("files");
    for (const kind of ["dragover", "dragleave", "drop"]) {
      document.addEventListener(kind, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        drop.classList.toggle("over", kind === "dragover");
        if (kind === "drop") { files.files = event.dataTransfer.files; paste.requestSubmit(); }
      });
    }
    files.addEventListener("change", () => { if (files.files.length) paste.requestSubmit(); });
    if (location.hash.startsWith("#text=")) {
      const given = new URLSearchParams(location.hash.slice(1));
      history.replaceState(null, "", location.pathname);
      paste.elements.namedItem("text").value = given.get("text");
      paste.elements.namedItem("title").value = given.get("title") ?? "";
      paste.requestSubmit();
    }
    document.getElementById("bookmarklet")?.setAttribute("href", `javascript:void open(${JSON.stringify(`${location.origin}/check#`)}+new URLSearchParams({text:String(getSelection())||document.body.innerText,title:document.title}))`);
  }
  document.getElementById("keep")?.addEventListener("click", async (event) => {
    try {
      await ask(`/api/drafts/${event.target.dataset.key}/keep`, {});
      event.target.disabled = true;
      tell(words.check.kept);
    } catch (error) { tell(error.message); }
  });

  // Where one is in the queue.
  const rows = () => [...document.querySelectorAll(page === "pair" ? ".row-pair" : "[role=listitem]")];
  if (page === "inbox") {
    const list = [...document.querySelectorAll(".row a.first")].map((each) => each.getAttribute("href"));
    sessionStorage.setItem("queue", JSON.stringify(list));
  }
  const queue = JSON.parse(sessionStorage.getItem("queue") ?? "[]");
  const place = queue.indexOf(location.pathname + location.search) >= 0 ? queue.indexOf(location.pathname + location.search) : queue.findIndex((each) => each.split("?")[0] === location.pathname);
  if (page === "pair" && place >= 0) document.getElementById("place").textContent = `${place + 1} / ${queue.length}`;
  const step = (distance) => { if (place >= 0 && queue[place + distance]) location.href = queue[place + distance]; };

  // Tables that sort by any column.
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (head.tagName !== "TH") return;
      const sort = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
        const order = (one, other) => (Number(value(one)) - Number(value(other))) || value(one).localeCompare(value(other));
        const sorted = [...table.tBodies[0].rows].sort(order);
        table.tBodies[0].append(...(down ? sorted.reverse() : sorted));
      };
      head.replaceChildren(el("button.sort", { type: "button", onclick: sort }, head.textContent));
    });
  }

  // Keys.
  let at = -1, changed = -1;
  const focusRow = (distance) => {
    const all = rows();
    if (!all.length) return;
    const own = all.indexOf(document.activeElement?.closest?.("[role=listitem], .row-pair"));
    at = Math.min(Math.max((own >= 0 ? own : at) + distance, 0), all.length - 1);
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
  };
  const focusChange = (distance) => {
    const all = [...main.querySelectorAll("#view del, #view ins")];
    if (!all.length) return;
    changed = (changed + distance + all.length) % all.length;
    main.querySelectorAll(".at").forEach((each) => each.classList.remove("at"));
    all[changed].classList.add("at");
    all[changed].scrollIntoView({ block: "center" });
  };
  const KINDS = ["chase", "permitted", "credit_there", "not_copy", "ignore_passage"];
  const here = () => document.activeElement?.closest?.(".row");
  const decideHere = (kind) => {
    if (page === "pair" && document.getElementById("decisions")) decidePair(kind);
    else if (page === "inbox" && (here() || selected().length)) decideRows(kind, here());
  };
  const keys = document.getElementById("keys"), single = document.getElementById("single-keys");
  single.checked = kept("keys") !== "off";
  single.addEventListener("change", () => kept("keys", single.checked ? "on" : "off"));
  document.getElementById("show-keys").addEventListener("click", () => keys.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.target.closest?.("input, select, textarea")) { if (event.key === "Escape") event.target.blur(); return; }
    if (event.key === "Enter" && event.target.matches?.("[role=listitem]")) { event.target.querySelector("a.first, a.first-link")?.click(); return; }
    if (!single.checked) return;
    const acts = {
      j: () => focusRow(1), k: () => focusRow(-1), n: () => focusChange(1), p: () => focusChange(-1), "]": () => step(1), "[": () => step(-1),
      "/": () => document.querySelector(".ask input, #paste textarea")?.focus(), "?": () => keys.showModal(),
      z: () => { if (last) decide({ kind: "undo", undoes: last }); },
      x: () => { const row = page === "inbox" && here(); if (row) row.setAttribute("aria-selected", String(row.getAttribute("aria-selected") !== "true")); },
    };
    KINDS.forEach((kind, index) => { acts[String(index + 1)] = () => decideHere(kind); });
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
  D.schemes(document.getElementById("scheme"), words.name);
})();
