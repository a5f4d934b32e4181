// The report: reads the data block, keeps the state in the address, draws the view that the address names.
"use strict";
(() => {
  const D = globalThis.desk;
  const { el, svg, plain, percent, number, count, who, title, credit, shares, gapText } = D;
  const data = JSON.parse(document.getElementById("data").textContent);
  const CHUNK = 40;

  const { articles, pairs, byId } = D.model(data);
  const listed = articles.filter((each) => each.listed);

  // The state stands in the address after #.
  const DEFAULTS = { view: "articles", q: "", outlet: "", agency: "", credit: "", story: "", queue: "", relation: "", since: "", until: "", sort: "", id: "", a: "", b: "", p: "", mode: "passages", off: "", least: "1", quotes: "1", furniture: "" };
  const read = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const state = { ...DEFAULTS };
    for (const key of Object.keys(DEFAULTS)) if (given.has(key)) state[key] = given.get(key);
    return state;
  };
  const write = (state) => {
    const out = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) if (value !== DEFAULTS[key]) out.set(key, value);
    return `#${out}`;
  };
  let state = read();
  const go = (change, replace = false) => {
    const next = write({ ...state, ...change });
    if (replace) {
      history.replaceState(null, "", next || "#");
      state = read();
      draw();
    } else if (next === location.hash) draw();
    else location.hash = next;
  };
  const LISTS = { q: "", outlet: "", agency: "", credit: "", story: "", queue: "", relation: "", since: "", until: "" };
  const narrowed = () => Object.keys(LISTS).some((key) => state[key]);

  // Find: the whole data is searched, drawn or not.
  const folded = new Map();
  const haystack = (article) => {
    if (!folded.has(article)) folded.set(article, plain(`${article.id} ${article.sourceName} ${article.headline} ${article.sentence} ${article.text ?? ""}`));
    return folded.get(article);
  };
  // What a search compares is made while nothing else is to do, so that the first key in Find need not wait for it.
  const idly = globalThis.requestIdleCallback ?? ((act) => setTimeout(() => act({ timeRemaining: () => 10 }), 20));
  const foldFrom = (start) => idly((left) => {
    let at = start;
    while (at < articles.length && left.timeRemaining() > 1) haystack(articles[at++]);
    if (at < articles.length) foldFrom(at);
  });
  const timeOf = (article) => article.at;
  const meets = (article) => {
    if (state.outlet && article.sourceName !== state.outlet) return false;
    if (state.agency && !article.agencies.includes(state.agency)) return false;
    if (state.credit && (article.credit ?? "none") !== state.credit) return false;
    if (state.story && String(article.story) !== state.story) return false;
    if (state.since && !(timeOf(article) !== null && timeOf(article) * 1000 >= Date.parse(state.since))) return false;
    if (state.until && !(timeOf(article) !== null && timeOf(article) * 1000 < Date.parse(state.until) + 86_400_000)) return false;
    return true;
  };
  const finds = (article) => !state.q || haystack(article).includes(plain(state.q.trim()));

  // "Mine" turns the view to one outlet.
  const QUEUES = [
    ["", "All"],
    ["ours-elsewhere", "Ours elsewhere, no credit"],
    ["agency-at-ours", "Agency copy at ours, no credit"],
    ["ours-like-others", "Ours resembles another's"],
    ["new", "New since the last look"],
  ];
  const queued = (article) => {
    const beside = (pair) => pair.a === article ? pair.b : pair.a;
    const later = (pair) => (pair.earlier === "a" ? pair.b : pair.earlier === "b" ? pair.a : null);
    switch (state.queue) {
      case "ours-elsewhere": return !article.mine && article.pairs.some((pair) => beside(pair).mine && later(pair) !== beside(pair) && pair.relation !== "quotation") && article.credit !== "credited" && !article.creditsMine;
      case "agency-at-ours": return article.mine && article.agencies.length > 0 && article.credit !== "credited";
      case "ours-like-others": return article.mine && article.pairs.some((pair) => !beside(pair).mine && later(pair) !== beside(pair) && pair.relation !== "quotation");
      case "new": return article.fresh;
      default: return true;
    }
  };

  const ORDERS = {
    articles: [["", "to decide first"], ["time", "newest first"], ["share", "largest share"], ["outlet", "outlet"]],
    pairs: [["", "most words first"], ["time", "newest first"], ["share", "largest share"], ["outlet", "outlet"]],
    stories: [["", "most articles first"], ["time", "newest first"]],
  };
  const latest = (pair) => Math.max(timeOf(pair.a) ?? 0, timeOf(pair.b) ?? 0);
  const sorted = (rows, kind) => {
    const copy = [...rows];
    const text = (one, other) => one.localeCompare(other, "en");
    if (kind === "articles") {
      if (state.sort === "time") copy.sort((x, y) => (timeOf(y) ?? 0) - (timeOf(x) ?? 0));
      else if (state.sort === "share") copy.sort((x, y) => y.copied - x.copied);
      else if (state.sort === "outlet") copy.sort((x, y) => text(x.sourceName, y.sourceName));
    } else if (kind === "pairs") {
      if (state.sort === "time") copy.sort((x, y) => latest(y) - latest(x));
      else if (state.sort === "share") copy.sort((x, y) => Math.max(...y.coverage) - Math.max(...x.coverage));
      else if (state.sort === "outlet") copy.sort((x, y) => text(x.a.sourceName, y.a.sourceName) || text(x.b.sourceName, y.b.sourceName));
    } else if (state.sort === "time") copy.sort((x, y) => (y.at ?? 0) - (x.at ?? 0));
    return copy;
  };
  const chosenArticles = () => sorted(listed.filter((each) => meets(each) && finds(each) && queued(each)), "articles");
  const chosenPairs = () => sorted(pairs.filter((pair) => (!state.relation || pair.relation === state.relation)
    && (meets(pair.a) || meets(pair.b)) && (finds(pair.a) || finds(pair.b)) && (!state.queue || queued(pair.a) || queued(pair.b))), "pairs");
  const chosenStories = () => sorted(data.stories.filter((story) => story.articles.some((index) => meets(articles[index]) && finds(articles[index]))), "stories");

  // Lists are drawn a stretch at a time, as the reader comes to their end.
  const chunked = (rows, make, name) => {
    const root = el(`div.list.${name}`, { role: "list" });
    let done = 0;
    const more = el("button.more", { type: "button" });
    const step = () => {
      const next = rows.slice(done, done + CHUNK).map(make);
      more.before(...next);
      done += next.length;
      more.hidden = done >= rows.length;
      more.textContent = `Show ${Math.min(CHUNK, rows.length - done)} more of ${number(rows.length - done)}`;
    };
    root.append(more);
    more.addEventListener("click", step);
    if ("IntersectionObserver" in window) new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting) && !more.hidden && scrollY > 200) step(); }, { rootMargin: "300px" }).observe(more);
    root.all = () => { while (done < rows.length) step(); };
    step();
    return root;
  };

  const openArticle = (article) => go({ view: "article", id: article.id, off: "", least: "1", p: "" });
  const openPair = (pair, p = "") => go({ view: "pair", a: pair.a.id, b: pair.b.id, p: String(p), mode: "passages" });

  const articleRow = (article) => el("article.row", { role: "listitem", tabindex: "-1", "data-open": "article" },
    el("p.when", article.when ? el("time", article.when) : "no date"),
    el("div.what",
      el("p", who(article, false), " ", credit(article), article.fresh ? el("span.tag.fresh", "new") : null),
      el("h3", { dir: "auto" }, article.headline),
      el("p.verdict", article.sentence), D.evidence(article, article.sentence)),
    shares(article),
    el("p.acts",
      el("button.first", { type: "button", onclick: () => openArticle(article) }, "Open"),
      article.pairs.length ? el("button", { type: "button", onclick: () => openPair(best(article)) }, "Compare") : null,
      article.story !== null ? el("button", { type: "button", onclick: () => go({ ...LISTS, view: "stories", story: String(article.story), sort: "" }) }, "Story") : null));
  const best = (article) => [...article.pairs].sort((one, other) => other.words - other.quoted - one.words + one.quoted)[0];

  const pairRow = (pair) => {
    const view = D.oriented(pair);
    const gap = pair.earlier ? gapText(pair.gap) : null;
    const half = (article, coverage) => el("div.half", el("p", who(article), " ", credit(article)), el("h3", { dir: "auto" }, article.headline), el("p.caption", `${percent(coverage)} of its words`));
    return el("article.row.of-pair", { role: "listitem", tabindex: "-1", "data-open": "pair" },
      half(view.left, view.coverage[0]),
      el("div.gap", pair.earlier ? el("b", gap ? `+${gap}` : "later") : el("span", "first not known"), el("span", { "aria-hidden": "true" }, pair.earlier ? "→" : "=")),
      half(view.right, view.coverage[1]),
      el("p.acts", el("span.tags", el(`span.tag.r-${pair.relation}`, pair.relation), pair.syndicated ? el("span.tag.syndicated", el("bdi", pair.agencies.join(", ") || "syndicated")) : null, pair.fresh ? el("span.tag.fresh", "new") : null),
        el("span.caption", `${count(pair.words, "word")}, ${count(pair.passages.length, "passage")}`),
        el("button.first", { type: "button", onclick: () => openPair(pair) }, "Compare")));
  };

  const storyRow = (story) => {
    const members = story.articles.map((index) => articles[index]);
    const order = [...members].sort((one, other) => (timeOf(one) ?? Infinity) - (timeOf(other) ?? Infinity));
    const origin = story.origin === null ? null : articles[story.origin];
    const versions = story.versions ?? [];
    const shown = order.slice(0, 40);
    return el("article.row.of-story", { role: "listitem", tabindex: "-1" },
      el("div.what",
        el("h3", { dir: "auto" }, (origin ?? order[0]).headline),
        el("p.caption", `${count(story.size, "article")} at ${count(story.sources, "outlet")}${story.core ? `, ${count(story.core, "word")} in common` : ""}${story.when ? `, first published ${story.when}` : ""}`),
        el("p", origin ? ["Likely origin: ", el("b", el("bdi", origin.sourceName)), `: ${story.reason}`] : story.agency ? [`Origin: ${story.agency}, not in this collection`] : "The origin is not known."),
        versions.length ? el("p", `Versions (90 % alike): ${versions.map((each) => count(each, "article")).join(", ")}`) : null,
        story.related?.length ? el("p", "Related: ", story.related.map((each) => el("button.quiet", { type: "button", onclick: () => go({ ...LISTS, view: "stories", story: String(each.story) }) }, each.headline))) : null),
      lanes(order),
      el("ol.members", shown.map((member) => el("li",
        el("time", member.when ?? "no date"), el("bdi.source", member.sourceName), shares(member),
        el("button.quiet", { type: "button", dir: "auto", onclick: () => openArticle(member) }, member.headline), credit(member)))),
      story.size > shown.length ? el("p.caption", `${number(story.size - shown.length)} more articles, not shown here.`) : null);
  };

  // A lane an outlet, a dot an article, along the time.
  const lanes = (members) => {
    const timed = members.filter((each) => timeOf(each) !== null);
    if (timed.length < 2) return null;
    const [low, high] = [timeOf(timed[0]), timeOf(timed.at(-1))];
    if (high === low) return null;
    const outlets = [...new Set(timed.map((each) => each.sourceName))].slice(0, 12);
    const picture = svg("svg", { class: "lanes", viewBox: `0 0 600 ${18 * outlets.length + 4}`, role: "img", "aria-label": `When ${count(outlets.length, "outlet")} ran it` });
    outlets.forEach((outlet, row) => {
      const y = 18 * row + 11;
      const label = svg("text", { x: 0, y: y + 4 });
      label.textContent = outlet.length > 22 ? `${outlet.slice(0, 21)}…` : outlet;
      picture.append(label, svg("line", { x1: 170, x2: 596, y1: y, y2: y }));
      for (const each of timed.filter((member) => member.sourceName === outlet)) {
        const dot = svg("circle", { cx: (174 + 418 * (timeOf(each) - low) / (high - low)).toFixed(1), cy: y, r: 5, class: each.credit === "not_found" ? "not-found" : "dot" });
        const name = svg("title", {});
        name.textContent = `${each.sourceName}, ${each.when}`;
        dot.append(name);
        picture.append(dot);
      }
    });
    return picture;
  };

  const outletsView = () => {
    const table = data.outletTable;
    if (!table?.rows.length) return el("p.empty", "No outlet shares text with another.");
    const names = table.matrix.map((each) => each.source);
    const root = el("section.outlets");
    root.append(el("h2", "Whose copy also ran where"), el("p.caption", "Share of an outlet's copied words (row) that also ran at another (column). An arrow: the row was first in most cases whose times are known."));
    root.append(el("div.scroll", { tabindex: "0", role: "region", "aria-label": "Matrix of outlets" }, el("table.matrix",
      el("thead", el("tr", el("td"), names.map((each) => el("th", { scope: "col" }, el("bdi", each))))),
      el("tbody", table.matrix.map((row) => el("tr", el("th", { scope: "row" }, el("bdi", row.source)),
        row.cells.map((cell) => el(`td.level-${cell === null ? 0 : Math.min(5, Math.ceil(5 * cell.share))}`, cell === null ? "" : `${Math.round(100 * cell.share)}${cell.first ? " →" : ""}`))))))));
    root.append(el("h2", "Outlets"));
    root.append(el("div.scroll", { tabindex: "0", role: "region", "aria-label": "Outlets" }, el("table",
      el("thead", el("tr", ["Outlet", "Articles", "Agency copy", "Others' copy", "Own", "No credit found", "Median delay"].map((each) => el("th", { scope: "col" }, each)))),
      el("tbody", table.rows.map((row) => el("tr", el("th", { scope: "row" }, el("button.quiet", { type: "button", onclick: () => go({ ...LISTS, view: "articles", outlet: row.source }) }, el("bdi", row.source))),
        [number(row.articles), percent(row.agency), percent(row.others), percent(row.own), number(row.not_credited), row.delay === null ? "–" : gapText(row.delay)].map((cell) => el("td", cell))))))));
    return root;
  };

  const main = document.getElementById("view"), form = document.getElementById("tools");
  const shownCount = document.getElementById("found"), clearButton = document.getElementById("clear");

  const emptyView = () => el("section.empty-state",
    el("p", narrowed() ? "Nothing matches the filters above." : "No shared text was found."),
    narrowed() ? el("button", { type: "button", onclick: () => go({ ...LISTS }) }, "Clear the filters")
      : el("p.caption", data.emptyHint));

  let list = null;
  const draw = () => {
    const kind = state.view;
    for (const tab of document.querySelectorAll("nav [data-view]")) {
      const own = tab.dataset.view === kind || (kind === "article" && tab.dataset.view === "articles") || (kind === "pair" && tab.dataset.view === "pairs");
      if (own) tab.setAttribute("aria-current", "page"); else tab.removeAttribute("aria-current");
    }
    form.hidden = !["articles", "pairs", "stories"].includes(kind);
    document.body.dataset.view = kind;
    list = null;
    let content;
    if (kind === "article" && byId.has(state.id)) content = drawArticle(byId.get(state.id));
    else if (kind === "pair" && findPair()) content = drawPair(findPair());
    else if (kind === "article" || kind === "pair") content = el("section.empty-state", el("p", "This report does not hold what the address names."), el("button", { type: "button", onclick: () => go({ view: "articles" }) }, "To the articles"));
    else if (kind === "outlets") content = outletsView();
    else if (kind === "reading") content = document.getElementById("legend").content.cloneNode(true);
    else {
      const [rows, make, total, noun, many] = {
        articles: [chosenArticles(), articleRow, data.totals.articles, "article", "articles"],
        pairs: [chosenPairs(), pairRow, data.totals.pairs, "pair", "pairs"],
        stories: [chosenStories(), storyRow, data.totals.stories, "story", "stories"],
      }[kind] ?? [chosenArticles(), articleRow, data.totals.articles, "article", "articles"];
      fillForm(kind);
      const here = { articles: listed.length, pairs: pairs.length, stories: data.stories.length }[kind] ?? listed.length;
      shownCount.textContent = `${count(rows.length, noun, many)}${rows.length < here ? ` of ${number(here)}` : ""}${here < total ? ` shown (${number(total)} found)` : ""}`;
      clearButton.hidden = !narrowed();
      content = rows.length ? (list = chunked(rows, make, kind)) : emptyView();
    }
    main.replaceChildren(content);
    if (state.p && kind === "pair") document.getElementById(`p${state.p}`)?.scrollIntoView({ block: "center" });
  };

  const findPair = () => pairs.find((pair) => (pair.a.id === state.a && pair.b.id === state.b) || (pair.a.id === state.b && pair.b.id === state.a));
  const back = (view, label) => el("p.back", el("button.quiet", { type: "button", onclick: () => (history.length > 1 ? history.back() : go({ view })) }, `← ${label}`));

  const drawPair = (pair) => {
    const options = { mode: state.mode, quotes: state.quotes === "1", furniture: state.furniture === "1" };
    const redraw = (change) => go(Object.fromEntries(Object.entries(change).map(([key, value]) => [key, typeof value === "boolean" ? (value ? "1" : "") : value])), true);
    const fragment = document.createDocumentFragment();
    const around = chosenPairs(), at = around.indexOf(pair);
    fragment.append(el("div.crumbs", back("pairs", "Back"), at >= 0 ? el("p.caption", `${number(at + 1)} of ${number(around.length)} `,
      el("button", { type: "button", disabled: at === 0, "aria-label": "previous pair", onclick: () => openPair(around[at - 1]) }, "["), " ",
      el("button", { type: "button", disabled: at === around.length - 1, "aria-label": "next pair", onclick: () => openPair(around[at + 1]) }, "]")) : null));
    fragment.append(D.pairView(pair, options, redraw));
    return fragment;
  };

  const drawArticle = (article) => {
    const partners = D.partners(article);
    const options = { quotes: state.quotes === "1", least: Number(state.least) || 1, off: state.off ? state.off.split("\n") : [] };
    const redraw = (change) => go({
      ...("quotes" in change ? { quotes: change.quotes ? "1" : "" } : {}), ...("least" in change ? { least: String(change.least) } : {}), ...("off" in change ? { off: change.off.join("\n") } : {}),
    }, true);
    const fragment = document.createDocumentFragment();
    fragment.append(el("div.crumbs", back("articles", "Back"), article.others > partners.length ? el("p.caption", `${partners.length} of the articles that share its text are in this report; it ran at ${count(article.others, "other outlet")}.`) : null));
    fragment.append(D.articleView(article, partners, options, redraw, openPair));
    return fragment;
  };

  // The form above the lists.
  const control = (name) => form.elements.namedItem(name);
  const fillForm = (kind) => {
    const sort = control("sort"), wanted = ORDERS[kind] ?? ORDERS.articles;
    sort.replaceChildren(...wanted.map(([value, label]) => el("option", { value }, label)));
    for (const name of ["q", "outlet", "agency", "credit", "since", "until", "sort", "queue", "relation"]) {
      const field = control(name);
      if (field && document.activeElement !== field) field.value = state[name];
    }
    form.querySelector("[data-for=relation]").hidden = kind !== "pairs";
    const queue = form.querySelector("[data-for=queue]");
    queue.hidden = !(data.mine.length || data.fresh) || kind === "stories";
  };
  const options = (name, values, labels = {}) => {
    const field = control(name);
    for (const value of values) field.append(el("option", { value }, labels[value] ?? value));
  };
  options("outlet", data.outletsShown);
  options("agency", data.agencies);
  options("credit", ["credited", "named", "not_found", "none"], { credited: "credited", named: "named, not credited", not_found: "no credit found", none: "nothing to credit" });
  options("relation", data.relations);
  for (const [value, label] of QUEUES) if (!value || (value === "new" ? data.fresh : data.mine.length)) control("queue").append(el("option", { value }, label));

  let typing = 0;
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.name) return;
    clearTimeout(typing);
    if (field.name === "q") typing = setTimeout(() => go({ q: field.value }, true), 30);
    else go({ [field.name]: field.value }, true);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("filters").addEventListener("click", (event) => event.target.setAttribute("aria-expanded", String(form.classList.toggle("open"))));
  clearButton.addEventListener("click", () => go({ ...LISTS }));
  for (const tab of document.querySelectorAll("nav [data-view]")) {
    tab.addEventListener("click", (event) => { event.preventDefault(); go({ view: tab.dataset.view, story: "", sort: "" }); });
  }

  // What is shown, to take along.
  const save = (name, type, text) => {
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const flatten = (article) => ({
    id: article.id, source: article.sourceName, title: article.headline, url: article.url, published: article.published, copied: article.copied, quoted: article.quoted,
    agencies: article.agencies, credit: article.credit, sentence: article.sentence, others: article.others,
  });
  const table = () => (state.view === "pairs" || state.view === "pair"
    ? (state.view === "pair" ? [findPair()] : chosenPairs()).map((pair) => ({
      a: pair.a.id, b: pair.b.id, a_source: pair.a.sourceName, b_source: pair.b.sourceName, relation: pair.relation, syndicated: pair.syndicated, agencies: pair.agencies,
      earlier: pair.earlier, gap_seconds: pair.gap, words: pair.words, quoted_words: pair.quoted, coverage_a: pair.coverage[0], coverage_b: pair.coverage[1], similarity: pair.similarity, jaccard: pair.jaccard,
    }))
    : (state.view === "stories" ? chosenStories().flatMap((story) => story.articles.map((index) => ({ story: story.id, ...flatten(articles[index]) }))) : chosenArticles().map(flatten)));
  document.getElementById("save-json").addEventListener("click", () => save("shown.json", "application/json", JSON.stringify(table(), null, 1)));
  document.getElementById("save-csv").addEventListener("click", () => {
    const rows = table(), keys = Object.keys(rows[0] ?? { id: "" });
    save("shown.csv", "text/csv", [keys, ...rows.map((row) => keys.map((key) => row[key]))].map((row) => row.map(D.cell).join(",")).join("\r\n"));
  });

  // Print: what the list shows, each pair with its passages.
  const PRINTED = 100;
  addEventListener("beforeprint", () => {
    if (state.view === "pairs") {
      const rows = chosenPairs().slice(0, PRINTED);
      main.replaceChildren(...rows.map((pair) => D.pairView(pair, { mode: "passages", quotes: true, furniture: false }, () => {})));
    } else list?.all();
  });
  addEventListener("afterprint", draw);
  document.getElementById("print").addEventListener("click", () => window.print());

  // Keys.
  const rowsHere = () => [...main.querySelectorAll(state.view === "pair" ? ".row-pair" : "[role=listitem]")];
  let at = -1;
  const focusRow = (by) => {
    const rows = rowsHere();
    if (!rows.length) return;
    const own = rows.indexOf(document.activeElement?.closest?.("[role=listitem], .row-pair"));
    at = Math.min(Math.max((own >= 0 ? own : at) + by, 0), rows.length - 1);
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  let change = -1;
  const stepChange = (by) => {
    const changes = [...main.querySelectorAll("del, ins")];
    if (!changes.length) return;
    change = (change + by + changes.length) % changes.length;
    main.querySelectorAll(".at").forEach((each) => each.classList.remove("at"));
    changes[change].classList.add("at");
    changes[change].scrollIntoView({ block: "center" });
  };
  const stepPair = (by) => {
    const around = chosenPairs(), next = around[around.indexOf(findPair()) + by];
    if (state.view === "pair" && next) openPair(next);
  };
  const keys = document.getElementById("keys");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typingIn = event.target.closest?.("input, select, textarea");
    if (event.key === "Escape") {
      if (keys.open) keys.close();
      else if (typingIn) { typingIn.blur(); if (state.q) go({ q: "" }, true); }
      else if (["pair", "article"].includes(state.view)) history.length > 1 ? history.back() : go({ view: "articles" });
      else if (narrowed()) go({ ...LISTS });
      return;
    }
    if (typingIn) return;
    const acts = { j: () => focusRow(1), k: () => focusRow(-1), n: () => stepChange(1), p: () => stepChange(-1), "]": () => stepPair(1), "[": () => stepPair(-1),
      "/": () => { if (!form.hidden) control("q").focus(); else go({ view: "articles" }); }, "?": () => keys.showModal() };
    if (event.key === "Enter" && event.target.matches?.("[role=listitem]")) event.target.querySelector("button.first")?.click();
    else if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
  document.getElementById("show-keys").addEventListener("click", () => keys.showModal());

  D.schemes(document.getElementById("scheme"), { light: "Light", dark: "Dark" });

  addEventListener("hashchange", () => { state = read(); at = -1; change = -1; scrollTo(0, 0); draw(); });
  document.body.classList.add("drawn");
  draw();
  foldFrom(0);
})();
