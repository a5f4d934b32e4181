"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  // Passages: every part of one passage, in both columns, is lit together.
  const parts = (overlap, n) => $$(`[data-p="${n}"], .to[data-n="${n}"]`, overlap);
  const light = (overlap, n, name) => {
    for (const lit of $$(`.${name}`, overlap)) lit.classList.remove(name);
    if (n) for (const part of parts(overlap, n)) part.classList.add(name);
  };
  const top = (element) => element.getBoundingClientRect().top;
  const gently = () => (still.matches ? "auto" : "smooth");
  const scrolls = (pane) => getComputedStyle(pane).overflowY !== "visible";

  // Where a passage stands in its column, and the heights at which scrolling can bring it there.
  const place = (side, n) => {
    const pane = $(".text", side), part = $(`[data-p="${n}"]`, pane);
    if (!part) return null;
    const at = top(part) - top(pane) + pane.scrollTop;
    return { pane, part, at, low: at - (pane.scrollHeight - pane.clientHeight), high: at };
  };
  // Bring a passage to one height in both columns; stacked columns show the partner instead.
  const align = (overlap, n, wanted, from) => {
    const sides = $$(".side", overlap);
    const places = sides.map((side) => place(side, n)).filter(Boolean);
    if (!places.length) return;
    if (!scrolls(places[0].pane)) {
      const partner = places.find(({ pane }) => !from || pane.parentNode !== from) ?? places[0];
      partner.part.scrollIntoView({ block: "center", behavior: gently() });
      return;
    }
    const low = Math.max(...places.map((each) => each.low)), high = Math.min(...places.map((each) => each.high));
    const height = Math.max(low, Math.min(high, wanted));
    for (const { pane, at } of places) pane.scrollTo({ top: at - height, behavior: gently() });
  };
  const pin = (overlap, n) => {
    overlap.dataset.pinned = n;
    light(overlap, n, "on");
    for (const button of $$("button[data-n]", overlap))
      button.setAttribute("aria-pressed", String(button.dataset.n === String(n)));
  };
  const number = (element) => element.dataset.p ?? element.dataset.n;

  document.addEventListener("click", (event) => {
    const at = event.target.closest(".overlap [data-p], .overlap [data-n]");
    if (!at || String(getSelection())) return;
    const overlap = at.closest(".overlap"), side = at.closest(".side"), part = at.closest("[data-p]");
    pin(overlap, number(at));
    align(overlap, number(at), part ? top(part) - top($(".text", side)) : 24, part && side);
  });
  for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
    document.addEventListener(type, (event) => {
      const at = event.target.closest?.(".overlap [data-p], .overlap [data-n]");
      if (at) light(at.closest(".overlap"), on && number(at), "hot");
    });

  // Keys: j and k from passage to passage, / to the search, Escape clears.
  const current = () => {
    const open = $$(".overlap[open]:not([hidden])");
    const own = document.activeElement?.closest?.(".overlap[open]");
    const middle = innerHeight / 2;
    return own ?? open.find((each) => each.getBoundingClientRect().bottom > middle) ?? open.at(-1);
  };
  const step = (by) => {
    const overlap = current();
    if (!overlap) return;
    const buttons = $$(".passages button", overlap);
    if (!buttons.length) return;
    const at = overlap.dataset.pinned ? Number(overlap.dataset.pinned) - 1 + by : by > 0 ? 0 : -1;
    const next = buttons[(at + buttons.length) % buttons.length];
    next.focus({ preventScroll: true });
    next.click();
    const sides = $(".sides", overlap);
    if (top(sides) < 0 || top(sides) > innerHeight / 2) sides.scrollIntoView({ block: "start" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") clear();
    if (event.target.closest?.("input, select, textarea")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/" && find) {
      event.preventDefault();
      find.focus();
    }
  });

  // Filters.
  const form = $("#tools"), find = $("#find"), source = $("#source"), found = $("#found");
  const overlaps = $$(".overlap"), items = $$(".item");
  const texts = new Map();
  let article = "";
  const plain = (text) => text.toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, " ");
  const words = (item) => {
    if (!texts.has(item)) texts.set(item, plain(`${item.dataset.a ?? ""} ${item.dataset.b ?? ""} ${item.textContent}`));
    return texts.get(item);
  };
  const outlets = (item) => [item, ...$$("[data-source]", item)].map((each) => each.dataset.source);
  const matches = (item, relations, wanted) => {
    const { relation, a, b } = item.dataset;
    return (!relation || relations.has(relation))
      && (!article || !relation || a === article || b === article)
      && (!source.value || outlets(item).includes(source.value))
      && (!wanted || words(item).includes(wanted));
  };
  const filter = () => {
    const boxes = $$("[name=relation]", form);
    const relations = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const wanted = plain(find.value.trim());
    for (const item of items) item.hidden = !matches(item, relations, wanted);
    const shown = overlaps.filter((item) => !item.hidden).length;
    const narrowed = Boolean(wanted || source.value || article || boxes.some((box) => !box.checked));
    const total = Number(form.dataset.overlaps);
    const of = shown === total ? "" : ` of ${total.toLocaleString("en")}`;
    found.textContent = `${shown.toLocaleString("en")}${of} ${total === 1 ? "overlap" : "overlaps"}${article ? ` with ${article}` : ""}`;
    $("#none").hidden = shown > 0 || !narrowed;
    $("#clear").hidden = !narrowed;
  };
  const clear = () => {
    if (!form) return;
    form.reset();
    article = "";
    filter();
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    $("#clear").addEventListener("click", clear);
    for (const button of $$(".only")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        form.reset();
        article = button.closest(".card").dataset.id;
        filter();
        const first = overlaps.find((item) => !item.hidden);
        if (first) first.open = true;
        $("#overlaps").scrollIntoView();
      });
    }
    filter();
    $(".fold").hidden = false;
    $("#unfold").addEventListener("click", () => overlaps.forEach((item) => { item.open = true; }));
    $("#refold").addEventListener("click", () => overlaps.forEach((item) => { item.open = false; }));
  }

  // Light and dark: the system's choice until the reader makes one.
  const scheme = $("#scheme"), root = document.documentElement;
  const dark = () => root.style.colorScheme === "dark"
    || (!root.style.colorScheme && matchMedia("(prefers-color-scheme: dark)").matches);
  const label = () => { scheme.textContent = dark() ? "Light" : "Dark"; };
  scheme.hidden = false;
  scheme.addEventListener("click", () => { root.style.colorScheme = dark() ? "light" : "dark"; label(); });
  label();
})();
