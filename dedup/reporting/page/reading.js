// One pair side by side, and one article marked by all its sources.
"use strict";
(() => {
  const { words, compare, sentences, el, bar, percent, number, count } = globalThis.desk;
  const W = JSON.parse(document.getElementById("words").textContent).reading;
  // A sentence of the words file with its gaps filled: said("gap_hours", { hours: 2 }).
  const said = (key, given = {}) => W[key].replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
  const counted = (n, noun) => count(n, W[noun], W[`${noun}s`]);
  const HUES = 8;
  const hue = (n) => `h${(n - 1) % HUES + 1}`;
  const EDGE = 5;

  const direction = (article) => ({ dir: "auto", lang: article.language });

  const who = (article, timed = true) => el("span.who",
    el("b.source", el("bdi", article.sourceName)), timed && article.when ? [" ", el("time", article.when)] : null,
    article.mine ? [" ", el("span.tag.mine", W.ours)] : null);

  const title = (article) => article.url
    ? el("a", { href: article.url, rel: "noopener noreferrer", target: "_blank", dir: "auto" }, article.headline)
    : el("span", { dir: "auto" }, article.headline);

  const STATES = { credited: W.credited, named: W.named, not_found: W.not_found };
  const credit = (article) => {
    if (!article.agencies.length && !article.credit) return null;
    const name = article.agencies.join(", ");
    const state = STATES[article.credit];
    return el(`span.tag.credit-${article.credit ?? "none"}`, [name, state].filter(Boolean).join(", "));
  };

  const shares = (article) => {
    const others = Math.max(0, article.copied - article.agencyShare);
    const parts = [["ag", article.agencyShare], ["ot", others], ["qu", article.quoted]];
    const label = [
      article.agencyShare ? said("share_agency", { share: percent(article.agencyShare) }) : null,
      others ? said("share_others", { share: percent(others) }) : null,
      article.quoted ? said("share_quotes", { share: percent(article.quoted) }) : null,
      1 - article.copied - article.quoted >= 0.005 ? said("share_own", { share: percent(1 - article.copied - article.quoted) }) : null,
    ].filter(Boolean).join(", ");
    return el("div.shares", bar(parts, label), el("p.caption", label));
  };

  const gapText = (seconds) => {
    if (seconds === null || seconds === undefined) return null;
    const minutes = Math.round(seconds / 60);
    if (minutes < 1) return W.within_a_minute;
    if (minutes < 60) return said("gap_minutes", { minutes });
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return said(minutes % 60 ? "gap_hours_minutes" : "gap_hours", { hours, minutes: minutes % 60 });
    return counted(Math.round(hours / 24), "day");
  };

  // The earlier article left; where who was first is not known, as the pair has them.
  const oriented = (pair) => {
    const turned = pair.earlier === "b";
    const passages = pair.passages.map((each) => ({
      number: each.number, left: turned ? each.b : each.a, right: turned ? each.a : each.b, relation: each.relation,
      words: each.words, quoted: each.quoted, moved: each.moved, scores: each.scores,
    })).sort((one, other) => one.left[0] - other.left[0] || one.right[0] - other.right[0]);
    const coverage = turned ? [pair.coverage[1], pair.coverage[0]] : pair.coverage;
    return { left: turned ? pair.b : pair.a, right: turned ? pair.a : pair.b, passages, coverage };
  };

  // Text from one place to another as nodes: credit lines boxed, furniture dimmed.
  const piece = (article, from, to) => {
    const text = article.text;
    const cuts = [];
    for (const each of article.credits) if (each.start !== null && each.start < to && each.end > from) cuts.push([each.start, each.end, "credit"]);
    for (const [start, end] of article.furniture) if (start < to && end > from) cuts.push([start, end, "furniture"]);
    cuts.sort((one, other) => one[0] - other[0]);
    const nodes = [];
    let at = from;
    for (const [start, end, kind] of cuts) {
      const low = Math.max(at, start), high = Math.min(end, to);
      if (low >= high) continue;
      if (at < low) nodes.push(text.slice(at, low));
      nodes.push(kind === "credit" ? el("mark.credit-line", { title: W.a_credit }, text.slice(low, high)) : el("span.furniture", text.slice(low, high)));
      at = high;
    }
    if (at < to) nodes.push(text.slice(at, to));
    return nodes;
  };

  const near = (text, from, to, keepEnd) => {
    // The first or last words of an unchanged stretch, for "only changes".
    const found = words(text, from, to);
    if (found.length <= 2 * EDGE) return null;
    return keepEnd ? found[found.length - EDGE].start : found[EDGE - 1].end;
  };

  const sideOf = (article, parts, side, onlyChanges) => {
    const node = el("p.passage-text", direction(article));
    const other = side === "one" ? "other" : "one";
    parts.forEach((part, index) => {
      const [from, to] = part[side];
      if (part.same) {
        if (!onlyChanges) {
          node.append(...piece(article, from, to));
          return;
        }
        const first = index === 0, last = index === parts.length - 1;
        const after = first ? null : near(article.text, from, to, false);
        const before = last ? null : near(article.text, from, to, true);
        if (after === null && before === null && !first && !last) node.append(...piece(article, from, to));
        else {
          if (!first) node.append(...piece(article, from, after ?? to));
          if (first || last || after !== null) node.append(el("span.dots", " … "));
          if (!last) node.append(...piece(article, before ?? from, to));
        }
      } else if (from < to) {
        const name = side === "one" ? "del" : "ins";
        node.append(el(name, el("span.unseen", `${side === "one" ? W.deleted : W.inserted}: `), piece(article, from, to)));
      } else {
        const [begin, end] = part[other];
        if (begin < end) node.append(el("span.missing", { title: side === "one" ? W.inserted_here : W.deleted_here, "aria-hidden": "true" }, "‸"));
      }
    });
    return node;
  };

  const relationWord = (passage, compared) => {
    if (passage.relation === "edited" && compared.gone + compared.come <= 4 && compared.same > 40) return said("verbatim_but", { words: counted(Math.max(compared.gone, compared.come), "word") });
    return W[`relation_${passage.relation}`] ?? passage.relation;
  };

  const between = (article, from, to) => {
    // How many sentences an article has between two places, its furniture aside.
    if (article.text === null || from >= to) return 0;
    let text = "", at = from;
    for (const [start, end] of article.furniture) {
      if (end <= at || start >= to) continue;
      text += article.text.slice(at, Math.max(at, start)) + "\n";
      at = Math.max(at, end);
    }
    if (at < to) text += article.text.slice(at, to);
    return sentences(text);
  };

  const gapRow = (view, leftFrom, leftTo, rightFrom, rightTo) => {
    const gone = between(view.left, leftFrom, leftTo);
    const come = rightFrom === null ? 0 : between(view.right, rightFrom, rightTo);
    if (!gone && !come) return null;
    const key = gone && come ? "leaves_out_and_adds" : gone ? "leaves_out" : "adds";
    const told = said(key, { outlet: view.right.sourceName, gone: counted(gone, "sentence"), come: gone ? number(come) : counted(come, "sentence") });
    const shown = el("div.between", { hidden: true });
    const button = el("button.quiet", { type: "button", "aria-expanded": "false", onclick: () => {
      shown.hidden = !shown.hidden;
      button.setAttribute("aria-expanded", String(!shown.hidden));
      button.textContent = shown.hidden ? W.show : W.hide;
      if (!shown.childNodes.length) {
        shown.append(
          el("p.passage-text", direction(view.left), gone ? el("del", el("span.unseen", `${W.left_out}: `), piece(view.left, leftFrom, leftTo)) : ""),
          el("p.passage-text", direction(view.right), come ? el("ins", el("span.unseen", `${W.added}: `), piece(view.right, rightFrom, rightTo)) : ""));
      }
    } }, W.show);
    return el("div.gap-row", el("span", el("bdi", told), " · "), button, shown);
  };

  const MODES = [["passages", W.mode_passages], ["changes", W.mode_changes], ["whole", W.mode_whole]];

  // The pair's body. `state`: {mode, quotes, furniture}; `redraw` is called when the reader changes it.
  const pairView = (pair, state, redraw) => {
    const view = oriented(pair);
    const shown = view.passages.filter((each) => (state.quotes || each.relation !== "quotation") && (state.furniture || each.relation !== "furniture"));
    const compared = shown.map((each) => compare(view.left.text, ...each.left, view.right.text, ...each.right));
    const same = compared.reduce((sum, each) => sum + each.same, 0);
    const changed = compared.reduce((sum, each) => sum + Math.max(each.gone, each.come), 0);
    const root = el("section.pair", { "aria-label": said("both", { one: view.left.sourceName, other: view.right.sourceName }) });
    root.append(head(pair, view));
    root.append(tools(pair, view, state, redraw, shown, compared, same, changed));
    if (state.mode === "whole" && view.left.whole && view.right.whole) root.append(wholeTexts(view, shown));
    else root.append(rows(view, shown, compared, state.mode === "changes"));
    root.append(engineers(pair, view, shown));
    return root;
  };

  const head = (pair, view) => {
    const half = (article, coverage, before) => el("div.half",
      el("p", who(article), " ", credit(article)), el("h2", title(article)),
      el("p.caption", said("coverage", { share: percent(coverage) }), before ? ` · ${before}` : ""),
      el("p.id", el("bdi", article.id)));
    const gap = pair.earlier ? gapText(pair.gap) : null;
    return el("header.pair-head",
      half(view.left, view.coverage[0], pair.earlier ? W.first : null),
      el("div.gap", pair.earlier ? [el("b", gap ? `+${gap}` : W.later), el("span", { "aria-hidden": "true" }, "→")] : [el("b", "="), el("span", W.first_unknown)]),
      half(view.right, view.coverage[1], pair.earlier ? W.later : null));
  };

  const tools = (pair, view, state, redraw, shown, compared, same, changed) => {
    const modes = MODES.filter(([mode]) => mode !== "whole" || (view.left.whole && view.right.whole));
    const moved = shown.filter((each) => each.moved).length;
    const box = (key, label, there) => there ? el("label.box", el("input", { type: "checkbox", checked: state[key], onchange: (event) => redraw({ [key]: event.target.checked }) }), label) : null;
    return el("div.pair-tools",
      el("div.segments", { role: "group", "aria-label": W.what_is_shown }, modes.map(([mode, label]) => el("button", { type: "button", "aria-pressed": String(state.mode === mode), onclick: () => redraw({ mode }) }, label))),
      box("quotes", W.quotes, view.passages.some((each) => each.relation === "quotation")),
      box("furniture", W.furniture, view.passages.some((each) => each.relation === "furniture")),
      el("span.counts", `${counted(shown.length, "passage")} · ${said("same_changed", { same: number(same), changed: number(changed) })}${moved ? ` · ${said("moved_count", { moved })}` : ""}`),
      el("button", { type: "button", onclick: (event) => copyText(event.target, pairText(pair, view, shown, same, changed)) }, W.copy_as_text),
      el("button", { type: "button", onclick: (event) => copyText(event.target, location.href) }, W.link),
      el("button", { type: "button", onclick: () => window.print() }, W.print));
  };

  const rows = (view, shown, compared, onlyChanges) => {
    const root = el("div.rows");
    let left = 0, right = 0;
    shown.forEach((each, index) => {
      const parts = compared[index];
      if (!onlyChanges && view.left.whole && view.right.whole) {
        const inOrder = each.right[0] >= right;
        const gap = gapRow(view, left, each.left[0], inOrder ? right : null, each.right[0]);
        if (gap && index) root.append(gap);
        left = Math.max(left, each.left[1]);
        if (inOrder) right = each.right[1];
      }
      const unchanged = onlyChanges && !parts.gone && !parts.come;
      root.append(el("article.row-pair", { id: `p${each.number}`, tabindex: "-1", "data-passage": each.number },
        el("div.no", el(`span.number.${hue(each.number)}`, each.number), el("span.kind", relationWord(each, parts)), each.moved ? el("span.kind.moved", `↕ ${W.moved}`) : null, el("span.kind", counted(each.words, "word"))),
        unchanged ? el("p.unchanged", W.no_change) : [sideOf(view.left, parts.parts, "one", onlyChanges), sideOf(view.right, parts.parts, "other", onlyChanges)]));
    });
    if (!shown.length) root.append(el("p.empty", W.all_off));
    return root;
  };

  // A whole text with its passages marked: `marks` are [start, end, number, hue class].
  const marked = (article, marks, click) => {
    const node = el("div.whole", { tabindex: "0", role: "region", "aria-label": said("text_at", { outlet: article.sourceName }), ...direction(article) });
    const cuts = [...new Set([0, article.text.length, ...marks.flatMap(([start, end]) => [start, end])])].sort((one, other) => one - other);
    const opened = new Set();
    let line = el("p", { dir: "auto" });
    const flush = () => { if (line.childNodes.length) node.append(line); line = el("p", { dir: "auto" }); };
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const [from, to] = [cuts[index], cuts[index + 1]];
      const owner = marks.find(([start, end]) => start <= from && end >= to);
      let at = from;
      for (const row of article.text.slice(from, to).split(/(\n+)/)) {
        if (row.startsWith("\n")) flush();
        else if (row) {
          const nodes = piece(article, at, at + row.length);
          if (owner) {
            const mark = el(`mark.p.${owner[3]}`, { "data-passage": owner[2] });
            if (!opened.has(owner[2])) {
              opened.add(owner[2]);
              mark.append(el("button.number", { type: "button", class: `number ${owner[3]}`, "aria-label": said("show_passage", { number: owner[2] }), onclick: () => click?.(owner[2], node) }, owner[2]));
            }
            mark.append(...nodes);
            line.append(mark);
          } else line.append(...nodes);
        }
        at += row.length;
      }
    }
    flush();
    return node;
  };

  const wholeTexts = (view, shown) => {
    const sides = [];
    const align = (number, from) => {
      for (const side of sides) {
        const target = side.querySelector(`[data-passage="${number}"]`);
        side.querySelectorAll("mark.on").forEach((each) => each.classList.remove("on"));
        side.querySelectorAll(`[data-passage="${number}"]`).forEach((each) => each.classList.add("on"));
        if (!target || side === from) continue;
        const own = from.querySelector(`[data-passage="${number}"]`);
        side.scrollTop += target.getBoundingClientRect().top - side.getBoundingClientRect().top - (own.getBoundingClientRect().top - from.getBoundingClientRect().top);
      }
    };
    for (const side of ["left", "right"]) {
      sides.push(marked(view[side], shown.map((each) => [...each[side], each.number, hue(each.number)]), align));
    }
    return el("div.two", sides);
  };

  const engineers = (pair, view, shown) => el("details.engineers",
    el("summary", W.for_engineers),
    pair.reasons.length ? el("ul", pair.reasons.map((reason) => el("li", el("bdi", reason)))) : null,
    el("p", said("scores", { similarity: pair.similarity.toFixed(2), jaccard: pair.jaccard.toFixed(2), run: counted(pair.longest, "word"), quoted: counted(pair.quoted, "quoted_word") })),
    el("div.scroll", { tabindex: "0", role: "region", "aria-label": W.scores_of }, el("table",
      el("thead", el("tr", W.score_columns.split(" | ").map((each) => el("th", { scope: "col" }, each)))),
      el("tbody", shown.map((each) => el("tr", [each.number, each.relation, number(each.words), number(each.quoted), ...each.scores.map((score) => score.toFixed(2))].map((cell) => el("td", cell))))))));

  const pairText = (pair, view, shown, same, changed) => {
    const line = (article) => [article.sourceName, article.when, article.headline, article.url].filter(Boolean).join(" | ");
    const parts = [
      said("mail_earlier", { article: line(view.left) }), said("mail_later", { article: line(view.right) }),
      pair.earlier ? said("mail_gap", { gap: gapText(pair.gap) ?? W.unknown }) : W.mail_first_unknown,
      said("mail_counts", { passages: counted(shown.length, "passage"), same: number(same), changed: number(changed) }),
    ];
    if (!pair.earlier) { parts[0] = line(view.left); parts[1] = line(view.right); }
    for (const each of shown) {
      parts.push("", `[${each.number}] ${view.left.sourceName}:`, view.left.text.slice(...each.left), `[${each.number}] ${view.right.sourceName}:`, view.right.text.slice(...each.right));
    }
    return parts.join("\n");
  };

  const copyText = async (button, text) => {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = el("textarea", { "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = W.copied;
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  // One article with all that others have of it. `partners`: [{article, passages: [[start, end, relation]], words}].
  const articleView = (article, partners, state, redraw, openPair) => {
    const own = article.text === null ? [] : words(article.text);
    const off = new Set(state.off);
    const placed = partners.map((partner, index) => ({ ...partner, number: index + 1, on: !off.has(partner.article.id) }));
    const chosen = placed.map((partner) => ({
      ...partner,
      spans: partner.passages.filter(([, , relation, count_]) => (state.quotes || relation !== "quotation") && relation !== "furniture" && count_ >= state.least),
    }));
    const inWord = new Int32Array(own.length);
    // A passage that several have goes to the first card; cards come with the earliest first among equals.
    for (const partner of chosen) {
      if (!partner.on) continue;
      for (const [start, end] of partner.spans) {
        own.forEach((word, index) => { if (!inWord[index] && word.start >= start && word.end <= end) inWord[index] = partner.number; });
      }
    }
    const base = article.words || own.length;
    const sum = new Map();
    for (const value of inWord) if (value) sum.set(value, (sum.get(value) ?? 0) + 1);
    const total = Math.min(1, [...sum.values()].reduce((one, other) => one + other, 0) / Math.max(1, base));
    const marks = [];
    for (const partner of chosen) if (partner.on) for (const [start, end] of partner.spans) marks.push([start, end, partner.number, hue(partner.number)]);
    const root = el("section.article", { "aria-label": article.headline });
    root.append(el("header.article-head", el("p", who(article), " ", credit(article)), el("h2", title(article)), el("p.verdict", article.sentence), evidence(article), shares(article), el("p.id", el("bdi", article.id))));
    const most = Math.max(20, ...partners.flatMap((partner) => partner.passages.map((each) => each[3])));
    root.append(el("div.pair-tools",
      el("label.box", el("input", { type: "checkbox", checked: state.quotes, onchange: (event) => redraw({ quotes: event.target.checked }) }), W.quotes),
      el("label.box", `${W.at_least} `, el("input", { type: "range", min: 1, max: Math.min(most, 200), value: Math.min(state.least, Math.min(most, 200)), "aria-label": W.fewest_words, onchange: (event) => redraw({ least: Number(event.target.value) }) }), ` ${said("a_passage", { words: counted(state.least, "word") })}`),
      el("output.counts", { "aria-live": "polite" }, said("total", { share: percent(total), words: number(base) })),
      el("button", { type: "button", onclick: (event) => copyText(event.target, location.href) }, W.link),
      el("button", { type: "button", onclick: () => window.print() }, W.print)));
    const cards = el("ol.source-cards", chosen.map((partner) => el(`li.source-card${partner.on ? "" : ".off"}`,
      el("label", el("input", { type: "checkbox", checked: partner.on, "aria-label": said("count_outlet", { outlet: partner.article.sourceName }), onchange: (event) => {
        const next = new Set(off);
        if (event.target.checked) next.delete(partner.article.id); else next.add(partner.article.id);
        redraw({ off: [...next] });
      } }), el(`span.number.${hue(partner.number)}`, partner.number)),
      el("div", el("p", who(partner.article), " ", credit(partner.article)), el("p.title", title(partner.article)),
        el("p.caption", `${counted(partner.words, "word")}, ${counted(partner.passages.length, "passage")}${partner.direction ? `, ${partner.direction}` : ""}${partner.on ? ` · ${said("counted_here", { share: percent((sum.get(partner.number) ?? 0) / Math.max(1, base)) })}` : ""}`),
        el("button", { type: "button", onclick: () => openPair(partner.pair) }, W.compare)))));
    const text = article.whole ? marked(article, marks, (n) => cards.children[n - 1]?.scrollIntoView({ block: "nearest" }))
      : el("div.whole", el("p.empty", W.passages_only), marks.map(([start, end, n, kind]) => el("p", { dir: "auto" }, el(`mark.p.${kind}`, el("span", { class: `number ${kind}` }, n), article.text.slice(start, end)))));
    root.append(el("div.document", text, el("aside", { "aria-label": W.where_else }, partners.length ? cards : el("p.empty", W.no_other))));
    return root;
  };

  // What the credits rest on: the words that name a supplier as one, and those that only name it.
  // `besides` has been told already: what it quotes is left out.
  const evidence = (article, besides = "") => {
    const told = (state, lead) => {
      const lines = article.credits.filter((each) => each.text && each.state === state && !besides.includes(`“${each.text}”`))
        .map((each) => (state === "named" ? `“${each.text}”` : said("credit_form", { words: each.text, form: W[`form_${each.form}`] ?? each.form })));
      return lines.length ? el("p.evidence", `${lead}: `, el("bdi", lines.join("; "))) : null;
    };
    const both = [told("credited", W.credit_found), told("named", W.only_named)].filter(Boolean);
    return both.length ? both : null;
  };

  Object.assign(globalThis.desk, { readingWords: W, said, pairView, articleView, who, title, credit, shares, oriented, gapText, copyText, hue, evidence });
})();
