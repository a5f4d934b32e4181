// Words of texts, how two runs of words differ, and pieces of text as nodes. Text only ever becomes text nodes.
"use strict";
globalThis.desk = globalThis.desk || {};
(() => {
  // A word is letters, marks and digits; in scripts without spaces each character is one.
  const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}]|['’](?=\p{L}))*/gu;

  const words = (text, from = 0, to = text.length) => {
    const found = [];
    WORD.lastIndex = from;
    for (let match = WORD.exec(text); match && match.index < to; match = WORD.exec(text)) {
      found.push({ start: match.index, end: Math.min(match.index + match[0].length, to), key: fold(match[0]) });
    }
    return found;
  };

  const fold = (text) => text.normalize("NFKD").replace(/[’']/g, "").toLowerCase().normalize("NFC");

  // What a search compares: case, kinds of quotes and runs of spaces do not count.
  const plain = (text) => text.normalize("NFKC").toLowerCase()
    .replace(/[‘’‚‛]/g, "'").replace(/[“”„‟«»]/g, '"').replace(/[‐-―]/g, "-").replace(/\s+/g, " ");

  // The words that agree, in order: the longest common subsequence (Hirschberg's table where it fits, else greedily
  // by the longest common runs), as runs [place in one, place in other, length].
  const MOST_CELLS = 4_000_000;
  const agreement = (one, other) => {
    let head = 0, a = one.length, b = other.length;
    while (head < a && head < b && one[head].key === other[head].key) head += 1;
    while (a > head && b > head && one[a - 1].key === other[b - 1].key) { a -= 1; b -= 1; }
    const runs = [];
    const add = (at, beside, length) => {
      const last = runs.at(-1);
      if (!length) return;
      if (last && last[0] + last[2] === at && last[1] + last[2] === beside) last[2] += length;
      else runs.push([at, beside, length]);
    };
    add(0, 0, head);
    const middle = (a - head) * (b - head) <= MOST_CELLS
      ? subsequence(one, other, head, a, b) : greedy(one, other, head, a, b);
    for (const run of middle) add(...run);
    add(a, b, one.length - a);
    return runs;
  };

  const subsequence = (one, other, head, a, b) => {
    const rows = a - head, columns = b - head, width = columns + 1;
    const table = new Uint16Array((rows + 1) * width);
    for (let row = rows - 1; row >= 0; row -= 1) {
      for (let column = columns - 1; column >= 0; column -= 1) {
        const at = row * width + column;
        table[at] = one[head + row].key === other[head + column].key
          ? table[at + width + 1] + 1 : Math.max(table[at + width], table[at + 1]);
      }
    }
    const runs = [];
    for (let row = 0, column = 0; row < rows && column < columns;) {
      const at = row * width + column;
      if (one[head + row].key === other[head + column].key) {
        runs.push([head + row, head + column, 1]);
        row += 1;
        column += 1;
      } else if (table[at + width] >= table[at + 1]) row += 1;
      else column += 1;
    }
    return runs;
  };

  const greedy = (one, other, head, a, b) => {
    const places = new Map();
    for (let at = head; at < b; at += 1) {
      if (!places.has(other[at].key)) places.set(other[at].key, []);
      places.get(other[at].key).push(at);
    }
    const runs = [];
    let beside = head;
    for (let at = head; at < a;) {
      let best = 0, where = -1;
      for (const place of places.get(one[at].key) ?? []) {
        if (place < beside || place > beside + 400) continue;
        let length = 0;
        while (at + length < a && place + length < b && one[at + length].key === other[place + length].key) length += 1;
        if (length > best) { best = length; where = place; }
      }
      if (best) { runs.push([at, where, best]); at += best; beside = where + best; } else at += 1;
    }
    return runs;
  };

  // Segments of two passages side by side: {same, one: [start, end], other: [start, end]}, in order; a part that
  // only one side has is empty on the other.
  const compare = (text, from, to, beside, start, end) => {
    const one = words(text, from, to), other = words(beside, start, end);
    const runs = agreement(one, other);
    const parts = [];
    let at = 0, place = 0, low = from, left = start;
    const changed = (upTo, upToOther) => {
      if (at === upTo && place === upToOther) return;
      const a = at < upTo ? [one[at].start, one[upTo - 1].end] : null;
      const b = place < upToOther ? [other[place].start, other[upToOther - 1].end] : null;
      parts.push({ same: true, one: [low, a ? a[0] : low], other: [left, b ? b[0] : left] });
      parts.push({ same: false, one: a ?? [low, low], other: b ?? [left, left], gone: upTo - at, come: upToOther - place });
      low = a ? a[1] : low;
      left = b ? b[1] : left;
    };
    for (const [first, second, length] of runs) {
      changed(first, second);
      const a = one[first + length - 1].end, b = other[second + length - 1].end;
      parts.push({ same: true, one: [low, a], other: [left, b] });
      low = a;
      left = b;
      at = first + length;
      place = second + length;
    }
    changed(one.length, other.length);
    parts.push({ same: true, one: [low, to], other: [left, end] });
    const merged = parts.filter((part) => part.one[0] < part.one[1] || part.other[0] < part.other[1]);
    return {
      parts: merged,
      same: runs.reduce((sum, run) => sum + run[2], 0),
      gone: parts.reduce((sum, part) => sum + (part.gone ?? 0), 0),
      come: parts.reduce((sum, part) => sum + (part.come ?? 0), 0),
    };
  };

  const sentences = (text) => {
    const whole = text.trim();
    if (!whole) return 0;
    if (!Intl.Segmenter) return whole.split(/[.!?。！？।؟۔]+\s+|\n+/).filter((each) => words(each).length).length;
    const segments = new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(whole);
    return [...segments].filter((each) => words(each.segment).length).length;
  };

  // Elements: el("p.kind", {title: "…"}, "text", child, …).
  const el = (name, ...rest) => {
    const [tag, ...classes] = name.split(".");
    const node = document.createElement(tag);
    if (classes.length) node.className = classes.join(" ");
    for (const each of rest.flat(3)) {
      if (each === null || each === undefined || each === false) continue;
      if (each instanceof Node || typeof each === "string") node.append(each);
      else if (typeof each === "number") node.append(String(each));
      else for (const [key, value] of Object.entries(each)) {
        if (value === null || value === undefined || value === false) continue;
        if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
        else if (key === "text") node.textContent = value;
        else node.setAttribute(key, value === true ? "" : value);
      }
    }
    return node;
  };

  const svg = (name, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  // A bar of shares; widths are attributes of rectangles, so that no style is written into the page.
  const bar = (shares, label) => {
    let left = 0;
    const node = svg("svg", { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", role: "img", "aria-label": label });
    node.append(svg("rect", { class: "own", x: 0, y: 0, width: 100, height: 8 }));
    for (const [kind, share] of shares) {
      const width = Math.max(0, Math.min(100 * share, 100 - left));
      if (width > 0) node.append(svg("rect", { class: kind, x: left.toFixed(2), y: 0, width: width.toFixed(2), height: 8 }));
      left += width;
    }
    return node;
  };

  const percent = (share) => {
    if (share > 0 && share < 0.01) return "under 1 %";
    return `${share >= 1 ? 100 : Math.min(Math.round(100 * share), 99)} %`;
  };
  const number = (value) => value.toLocaleString("en");
  const count = (value, noun, many) => `${number(value)} ${value === 1 ? noun : many ?? `${noun}s`}`;

  Object.assign(globalThis.desk, { words, fold, plain, agreement, compare, sentences, el, svg, bar, percent, number, count });
})();
