"""The result for people at a terminal: who has whose copy, the stories, the overlaps, the numbers."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dedup.reporting.comparison import render_comparison
from dedup.reporting.ordering import leading_articles, leading_overlaps, leading_stories
from dedup.reporting.styles import named, printable, relation
from dedup.reporting.wording import (
    CREDIT_MISSING,
    FORMULAS,
    credit_missing,
    headline,
    moment,
    more,
    numbers,
    percent,
    verdict,
)
from dedup.results import ArticleSummary, Overlap, Report, Story

__all__ = ["LIMIT", "render", "render_comparison"]

#: Articles, stories and overlaps shown, each; the rest is counted.
LIMIT = 20

#: Columns from which the wide tables have room.
WIDE = 120

_HEADLINE_ROOM = 16


def render(report: Report, console: Console, *, limit: int | None = LIMIT) -> None:
    """Print a report for people.

    First the articles with shared text, the largest share first, each with its verdict; then the stories;
    then the overlaps, those with most shared words first; then the notes and the numbers of the run.

    Parameters
    ----------
    report : Report
    console : rich.console.Console
        Its width settles which columns are shown; ``NO_COLOR`` in the environment is honoured.
    limit : int or None
        The most articles, stories and overlaps shown, each; what is cut is counted. None shows all.
    """
    if report.summary.overlaps:
        _articles(report, console, limit)
        _stories(report, console, limit)
        _overlaps(report, console, limit)
        meaning = dict(FORMULAS)
        formulas = f"Similarity: {meaning['similarity']}. Cover: {meaning['coverage']}. Times are in UTC."
        console.print(Text(formulas, "dim"))
    else:
        console.print(Text("No shared passages were found."))
    for note in report.notes:
        console.print(Text.assemble(("Note: ", "bold"), printable(note)))
    summary = report.summary
    run = f" Settings {summary.settings}, dedup {summary.version}."
    console.print(Text.assemble((numbers(summary), "bold"), (run, "dim")))


def _articles(report: Report, console: Console, limit: int | None) -> None:
    shown, total = leading_articles(report, limit)
    console.print(Text("Articles", "bold underline"))
    for each in shown:
        console.print(_article(report, each, console.width))
        console.print(Padding(_verdict(report, each), (0, 0, 0, 2), expand=False))
    _rest(console, total - len(shown), "article with shared text", "articles with shared text")


def _article(report: Report, summary: ArticleSummary, width: int) -> Text:
    line = named(summary.id, summary.source, between="  ")
    # The headline may be cut, the id never: it is what `dedup compare` is given.
    room = width - line.cell_len
    title = Text(f"  {printable(headline(report.article(summary.id)))}", "not bold italic")
    if room > _HEADLINE_ROOM:
        title.truncate(room, overflow="ellipsis")
        line.append_text(title)
    return line


def _verdict(report: Report, summary: ArticleSummary) -> Text:
    line = Text(printable(verdict(report, summary)))
    line.highlight_regex(r"^(under )?\d+ %", "bold")
    if credit_missing(summary):
        line.highlight_regex(rf"{CREDIT_MISSING}\.$", "bold red")
    return line


def _stories(report: Report, console: Console, limit: int | None) -> None:
    shown, total = leading_stories(report, limit)
    if not shown:
        return
    table = _table("Story", "Likely origin", "First", ">Articles", ">Sources")
    if console.width >= WIDE:
        table.add_column("Why", overflow="fold", ratio=3)
    for story in shown:
        table.add_row(*_story(report, story)[: len(table.columns)])
    console.print(Text("Stories", "bold underline"))
    console.print(table)
    _rest(console, total - len(shown), "story", "stories")


def _story(report: Report, story: Story) -> tuple[str | Text, ...]:
    origin = report.article(story.origin)
    return (
        Text(printable(headline(origin))),
        named(origin.id, origin.source),
        moment(story.first_published) if story.first_published else "unknown",
        f"{len(story.articles):,}",
        f"{story.sources:,}",
        Text(printable(story.origin_reason)),
    )


def _overlaps(report: Report, console: Console, limit: int | None) -> None:
    shown, total = leading_overlaps(report, limit)
    wide = console.width >= WIDE
    table = _table("A", "B", "Relation", ">Similarity" if wide else ">Sim.", ">Cover A", ">Cover B", ">Words")
    if wide:
        for name in ("Quoted", "Longest run", "Passages", "Jaccard"):
            table.add_column(name, justify="right")
    for each in shown:
        table.add_row(*_overlap(each)[: len(table.columns)])
    console.print(Text("Overlaps", "bold underline"))
    console.print(table)
    _rest(console, total - len(shown), "overlap")


def _overlap(overlap: Overlap) -> tuple[str | Text, ...]:
    return (
        named(overlap.a, overlap.a_source),
        named(overlap.b, overlap.b_source),
        relation(overlap),
        f"{overlap.similarity:.2f}",
        percent(overlap.coverage_a),
        percent(overlap.coverage_b),
        f"{overlap.words:,}",
        f"{overlap.quoted_words:,}",
        f"{overlap.longest_run:,}",
        f"{len(overlap.passages):,}",
        f"{overlap.jaccard:.2f}",
    )


def _table(*names: str) -> Table:
    """A table whose text columns fold, so that no id is cut; ``>`` before a name aligns numbers right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for name in names:
        if name.startswith(">"):
            table.add_column(name[1:], justify="right", no_wrap=True)
        else:
            wide = name in ("A", "B", "Story")
            table.add_column(name, overflow="fold", ratio=2 if wide else None)
    return table


def _rest(console: Console, left: int, noun: str, many: str | None = None) -> None:
    if words := more(left, noun, many):
        console.print(Text(f"… {words}", "italic"))
    console.print()
