// The data block as objects: numbers become articles and pairs that point at each other.
"use strict";
(() => {
  const model = (data) => {
    const articles = data.articles.map((raw) => {
      let text = raw.text;
      if (text === null && raw.excerpts) {
        // Only the passages are here: the rest of the text is as many blanks, so that places stay places.
        let made = "";
        for (const [start, excerpt] of raw.excerpts) if (start >= made.length) made += " ".repeat(start - made.length) + excerpt;
        text = made;
      }
      return { ...raw, text, whole: raw.text !== null, sourceName: data.outlets[raw.source], pairs: [] };
    });
    const pairs = data.pairs.map((raw, index) => {
      const pair = {
        ...raw, index, a: articles[raw.a], b: articles[raw.b],
        passages: raw.passages.map((each, n) => ({
          number: n + 1, a: [each[0], each[1]], b: [each[2], each[3]], relation: each[4], words: each[5], quoted: each[6], moved: Boolean(each[7]), scores: each.slice(8, 11),
        })),
      };
      pair.a.pairs.push(pair);
      pair.b.pairs.push(pair);
      return pair;
    });
    return { articles, pairs, byId: new Map(articles.map((each) => [each.id, each])) };
  };

  // What others have of an article, most words first.
  const partners = (article) => article.pairs.map((pair) => {
    const own = pair.a === article ? "a" : "b";
    const later = pair.earlier === null ? null : pair.earlier === own;
    const D = globalThis.desk, direction = later === null ? null : D.readingWords[later ? "later" : "earlier"];
    return {
      pair, article: own === "a" ? pair.b : pair.a, words: pair.words,
      direction: direction && pair.gap !== null ? D.said("gap_direction", { gap: D.gapText(pair.gap), direction }) : direction,
      passages: pair.passages.map((each) => [...each[own], each.relation, each.words]).sort((one, other) => one[0] - other[0]),
    };
  }).sort((one, other) => other.words - one.words);

  // A spreadsheet must not take a cell for a formula.
  const cell = (value) => {
    const text = value === null || value === undefined ? "" : Array.isArray(value) ? value.join("; ") : String(value);
    const safe = typeof value !== "number" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  // Light and dark: the system's choice until the reader makes one.
  const schemes = (button, said) => {
    const html = document.documentElement;
    const dark = () => html.style.colorScheme === "dark" || (!html.style.colorScheme && matchMedia("(prefers-color-scheme: dark)").matches);
    const label = () => { button.textContent = dark() ? said.light : said.dark; };
    button.addEventListener("click", () => { html.style.colorScheme = dark() ? "light" : "dark"; label(); });
    label();
  };

  Object.assign(globalThis.desk, { model, partners, cell, schemes });
})();
