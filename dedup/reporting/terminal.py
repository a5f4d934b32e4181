"""The result for people at a terminal: who has whose copy, the stories, the pairs, the counts.

Lines are laid out here instead of by a table: ids are never wrapped, words never cut, and no line ends in
blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from dedup.article import Article
from dedup.reporting.comparison import render_comparison
from dedup.reporting.ordering import leading_articles, leading_overlaps, leading_stories
from dedup.reporting.printable import printable
from dedup.reporting.short_ids import ShortIds
from dedup.reporting.styles import RELATION_STYLES
from dedup.reporting.times import Times
from dedup.reporting.wording import (
    FORMULAS,
    count,
    credit_state,
    gap,
    headline,
    more,
    numbers,
    percent,
    verdict,
)
from dedup.results import ArticleSummary, Overlap, Report, Story

__all__ = ["LIMIT", "render", "render_comparison"]

#: Maximum number of articles, of stories and of pairs shown; the rest is counted.
LIMIT = 20
#: Minimum width in columns for pairs on one line each; below it, a pair takes three lines.
WIDE = 140
_COLUMNS = ("#", "Kind", "Agency", "Earlier", "Later", "Gap", ">Words", ">of earlier", ">of later", "Credit")
_CREDIT_STYLES = {"credited": "green", "named": "yellow", "not_found": "bold red"}
_CREDIT_WORDS = {"credited": "credited", "named": "named, not credited", "not_found": "no credit found"}


def render(
    report: Report,
    console: Console,
    *,
    limit: int | None = LIMIT,
    full_ids: bool = False,
    times: Times = Times(),  # noqa: B008 - frozen
) -> None:
    """Print a report for people.

    Notes come first, because they may change the meaning of the rest. They are followed by the articles with
    shared text, each with its sentence; then the pairs, those with most shared words first; then the stories
    and the counts.

    Parameters
    ----------
    report : Report
    console : rich.console.Console
        Its width determines the layout. ``NO_COLOR`` in the environment is honoured, and an encoding without
        the signs that lines use gets ASCII instead.
    limit : int or None
        Maximum number of articles, of stories and of pairs shown; the rest is counted. None shows all.
    full_ids : bool
        Whether ids are printed in full, to be copied, instead of as their shortest unique prefix.
    times : Times
        The time zone for display.
    """
    ids = ShortIds((each.id for each in report.articles), full=full_ids)
    page = _Page(report, console, ids, times)
    for note in report.notes:
        page.wrapped(Text.assemble(("Note: ", "bold"), printable(note)), 6)
    if report.notes:
        page.line(Text())
    if report.summary.overlaps:
        page.articles(limit)
        page.pairs(limit)
        page.stories(limit)
        meaning = dict(FORMULAS)
        page.wrapped(Text(f"Share: {meaning['coverage']}. {times.note}", "dim"), 0)
    else:
        page.line(Text("No shared text was found."))
    summary = report.summary
    run = f" Settings {summary.settings}, dedup {summary.version}."
    page.wrapped(Text.assemble((numbers(summary), "bold"), (run, "dim")), 0)


@dataclass(frozen=True)
class _Page:
    """Prints the parts of one report."""

    report: Report
    console: Console
    ids: ShortIds
    times: Times

    def line(self, text: Text) -> None:
        """Print one line; text beyond the console's width is cut between words."""
        text = _cut(text, self.console.width)
        text.rstrip()
        shown = for_encoding(text, self.console.encoding)
        self.console.print(shown, no_wrap=True, crop=False, overflow="ignore")

    def wrapped(self, text: Text, indent: int) -> None:
        """Print text in lines that break between words, with all but the first indented."""
        room = max(20, self.console.width - indent)
        lines = text.wrap(self.console, room)
        for number, each in enumerate(lines):
            self.line(Text(" " * indent if number else "") + each)

    def articles(self, limit: int | None) -> None:
        """Print each article with shared text: its share, outlet and headline, and the sentence below."""
        shown, total = leading_articles(self.report, limit)
        self.line(Text("Articles", "bold underline"))
        for each in shown:
            article = self.report.article(each.id)
            share = Text(f"{percent(each.copied or each.quoted):>10}  ", "bold")
            when = f"  {self._day(article)}" if article.published else ""
            title = Text(f"{when}  {printable(headline(article))}")
            self.line(share + self._who(each.id, each.source) + title)
            self._indented(self._sentence(each), 12)
        self._rest(total - len(shown), "article with shared text", "articles with shared text")

    def pairs(self, limit: int | None) -> None:
        """Print the pairs: one line each if the width allows, else three."""
        shown, total = leading_overlaps(self.report, limit)
        self.line(Text("Pairs", "bold underline"))
        if self.console.width >= WIDE:
            self._wide_pairs(shown)
        else:
            for number, each in enumerate(shown, 1):
                self._narrow_pair(number, each)
        self._rest(total - len(shown), "pair")

    def stories(self, limit: int | None) -> None:
        """Print each story: the headline of its likely origin, and figures of who ran it."""
        shown, total = leading_stories(self.report, limit)
        if not shown:
            return
        self.line(Text("Stories (articles that share the text of one event)", "bold underline"))
        for story in shown:
            self.line(Text(printable(self._title_of(story))))
            self._indented(self._about(story), 4)
        self._rest(total - len(shown), "story", "stories")

    def _narrow_pair(self, number: int, overlap: Overlap) -> None:
        lead = f"{number:>3}  "
        parts: list[tuple[str, str]] = [(overlap.relation, RELATION_STYLES[overlap.relation])]
        if overlap.agency or overlap.syndicated:
            parts.append((printable(overlap.agency or "syndicated"), "blue"))
        parts += [
            (f"{overlap.words:,} words alike", ""),
            (f"{percent(overlap.coverage_a)} of A, {percent(overlap.coverage_b)} of B", ""),
        ]
        self.wrapped(Text(lead) + Text(" · ").join(Text(*each) for each in parts), len(lead))
        for letter, side, when in self._sides(overlap):
            article = self.report.article(side[0])
            who = Text(f"     {letter}  ") + Text(set_cell_size(when, 13), "dim") + self._who(*side)
            self.line(who + Text(f"  {printable(headline(article))}"))

    def _wide_pairs(self, overlaps: list[Overlap]) -> None:
        rows = [self._cells(number, each) for number, each in enumerate(overlaps, 1)]
        sizes = [
            max([cell_len(name.lstrip(">")), *(cell_len(row[at].plain) for row in rows)])
            for at, name in enumerate(_COLUMNS)
        ]
        # The two outlets share the remaining width, and are cut between words with an ellipsis if necessary.
        over = sum(sizes) + 2 * (len(sizes) - 1) - self.console.width
        for at in (3, 4):
            sizes[at] -= max(0, -(-over // 2))
        heads = [Text(name.lstrip(">"), "dim") for name in _COLUMNS]
        for row in [heads, *rows]:
            cells = []
            for whole, size, name in zip(row, sizes, _COLUMNS, strict=True):
                cell = _cut(whole, size)
                blank = " " * (size - cell_len(cell.plain))
                cells.append(Text(blank) + cell if name.startswith(">") else cell + Text(blank))
            self.line(Text("  ").join(cells))

    def _cells(self, number: int, overlap: Overlap) -> list[Text]:
        earlier, seconds = overlap.earlier, overlap.gap_seconds
        turned = earlier == "b"
        sides = [(overlap.a, overlap.a_source), (overlap.b, overlap.b_source)]
        shares = [percent(overlap.coverage_a), percent(overlap.coverage_b)]
        if turned:
            sides.reverse()
            shares.reverse()
        return [
            Text(str(number), "dim"),
            Text(overlap.relation, RELATION_STYLES[overlap.relation]),
            Text(printable(overlap.agency or ""), "blue"),
            self._who(*sides[0]),
            self._who(*sides[1]),
            Text(gap(seconds) if earlier else "first not known", "" if earlier else "dim"),
            Text(f"{overlap.words:,}"),
            Text(shares[0]),
            Text(shares[1]),
            Text(self._credit([id_ for id_, _ in sides], overlap)),
        ]

    def _credit(self, ids: list[str], overlap: Overlap) -> str:
        """Say which of the two, the earlier first, credit the text that they share."""
        if not overlap.agency:
            return ""
        there = [self._states.get(id_) == "credited" for id_ in ids]
        return "both" if all(there) else "earlier" if there[0] else "later" if there[1] else "not found"

    @cached_property
    def _states(self) -> dict[str, str | None]:
        return {each.id: credit_state(each) for each in self.report.articles if each.copied}

    def _sides(self, overlap: Overlap) -> Iterator[tuple[str, tuple[str, str], str]]:
        """Yield both articles with a note on their times: the day, and how much later the later one was."""
        earlier, seconds = overlap.earlier, overlap.gap_seconds
        for letter, id_, source in (("A", overlap.a, overlap.a_source), ("B", overlap.b, overlap.b_source)):
            when = self._day(self.report.article(id_))
            if earlier and letter.lower() != earlier and seconds is not None:
                when = f"+{gap(seconds)}"
            yield letter, (id_, source), when

    def _who(self, id_: str, source: str) -> Text:
        if id_ == source:
            return Text(printable(source), "bold")
        return Text.assemble((printable(source), "bold"), "  ", (printable(self.ids[id_]), "dim"))

    def _sentence(self, summary: ArticleSummary) -> Text:
        said = summary.sentence or verdict(self.report, summary)
        first = self.report.article(summary.earliest) if summary.earliest else None
        text = Text(printable(self.times.sentence(said, first)))
        if state := credit_state(summary):
            text.highlight_words([_CREDIT_WORDS[state], "No credit found"], _CREDIT_STYLES[state])
        return text

    def _day(self, article: Article) -> str:
        if article.published is None:
            return "no date"
        return self.times.day(article.published, article.published_precision)

    def _title_of(self, story: Story) -> str:
        return headline(self.report.article(story.origin or story.articles[0]))

    def _about(self, story: Story) -> Text:
        when = story.first_published
        first = f", first {self.times.day(when, story.first_precision)}" if when else ""
        text = f"{count(len(story.articles), 'article')}, {count(story.sources, 'outlet')}{first}"
        if story.origin:
            origin = self.report.article(story.origin)
            name = f"{origin.source} ({self.ids[origin.id]})" if origin.source != origin.id else origin.source
            text += f"; likely origin {name}: {story.origin_reason}"
        elif agency := getattr(story, "origin_agency", None):
            text += f"; origin {agency}, not in this collection"
        return Text(printable(text))

    def _indented(self, text: Text, indent: int) -> None:
        for each in text.wrap(self.console, max(20, self.console.width - indent)):
            self.line(Text(" " * indent) + each)

    def _rest(self, left: int, noun: str, many: str | None = None) -> None:
        if words := more(left, noun, many):
            self.line(Text(f"… {words}", "italic"))
        self.line(Text())


def for_encoding(text: Text, encoding: str) -> Text:
    """Convert the text to what an encoding has: ASCII for the signs of this module, escapes for the rest."""
    try:
        text.plain.encode(encoding)
    except UnicodeEncodeError:
        plain = text.plain.translate(_PLAIN_SIGNS)
        return Text(plain.encode(encoding, "backslashreplace").decode(encoding))
    return text


_PLAIN_SIGNS = str.maketrans(
    {"…": "...", "·": "-", "–": "-", "—": "-", "→": "->", "÷": "/", "×": "x", "─": "-", "’": "'"}
)


def _cut(text: Text, width: int) -> Text:
    """Return the text in at most `width` columns, cut between words with an ellipsis if necessary."""
    if cell_len(text.plain) <= width:
        return text
    kept = text.copy()
    kept.truncate(max(1, width - 2))
    if text.plain[len(kept.plain)] != " " and " " in kept.plain.strip():
        kept.right_crop(len(kept.plain) - kept.plain.rstrip().rfind(" "))
    kept.rstrip()
    return kept + Text(" …")
