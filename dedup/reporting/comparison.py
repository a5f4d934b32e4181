"""Two articles side by side on a terminal: their aligned passages, and which words agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dedup.article import Article, Span
from dedup.reporting.marking import Agreement, mark
from dedup.reporting.printable import printable
from dedup.reporting.styles import RELATION_STYLES, named
from dedup.reporting.times import Times
from dedup.reporting.wording import FORMULAS, count, headline, percent
from dedup.results import AlignedPassages, Overlap

#: Below this width in columns the two texts are shown one above the other instead of side by side.
NARROW = 60

_DIFFERS, _AGREES = "underline yellow", "bold green"

AgreeingWords = Sequence[Agreement] | Callable[[Overlap], Sequence[Agreement]]


def render_comparison(
    overlap: Overlap | None,
    a: Article,
    b: Article,
    console: Console,
    *,
    agreeing: AgreeingWords,
    times: Times = Times(),  # noqa: B008 - frozen
) -> None:
    """Print the aligned passages of two articles side by side.

    Words that agree are bold and green, words that differ underlined and yellow. Without colour
    (``NO_COLOR``, a file, a pipe) words that differ are in square brackets.

    Parameters
    ----------
    overlap : Overlap or None
        None if the two share nothing, which is then printed.
    a, b : Article
        The articles of `overlap`, in its order.
    console : rich.console.Console
    agreeing : sequence of (sequence of Span, sequence of Span), or a callable that returns it for an overlap
        For each passage, the places in ``a.text`` and in ``b.text`` of the words that agree.
    times : Times
        The time zone for display.
    """
    _articles(a, b, console, times)
    if overlap is None:
        console.print(Text("The two share no passage under these settings."))
        return
    words = agreeing(overlap) if callable(agreeing) else agreeing
    _head(overlap, console)
    for number, (passage, spans) in enumerate(zip(overlap.passages, words, strict=True), 1):
        console.print()
        console.print(_passage_line(number, passage))
        console.print(_side_by_side(passage, (a, b), spans, console))
    console.print()
    console.print(_legend(console))


def _articles(a: Article, b: Article, console: Console, times: Times) -> None:
    for letter, article in (("A", a), ("B", b)):
        console.print(Text.assemble((f"{letter}  ", "bold"), named(article.id, article.source, between="  ")))
        about = [headline(article)]
        if article.published:
            at = times.moment(article.published, article.published_precision)
            about.append(f"{at} {times.name}" if ":" in at else at)
        if article.url:
            about.append(article.url)
        # An address continues on the next line, indented, so that nothing is lost.
        text = Text("  ".join(map(printable, about)), "italic")
        for line in text.wrap(console, max(20, console.width - 3)):
            line.rstrip()
            console.print(Text("   ") + line, soft_wrap=True)
    console.print()


def _head(overlap: Overlap, console: Console) -> None:
    line = Text(overlap.relation, RELATION_STYLES[overlap.relation])
    if overlap.syndicated:
        line.append(", syndicated", "not bold blue")
    if overlap.agency:
        line.append(f", {printable(overlap.agency)}", "not bold blue")
    cover = f"{percent(overlap.coverage_a)} of A and {percent(overlap.coverage_b)} of B"
    line.append(f": {count(len(overlap.passages), 'passage')}, {cover}", "not bold default")
    console.print(line)
    console.print(
        Text(
            f"similarity {overlap.similarity:.2f}, Jaccard {overlap.jaccard:.2f}, "
            f"{count(overlap.words, 'word')} ({overlap.quoted_words:,} quoted), "
            f"longest run {overlap.longest_run:,}"
        )
    )
    for reason in overlap.reasons:
        console.print(Text(f"- {printable(reason)}"))


def _passage_line(number: int, passage: AlignedPassages) -> Text:
    return Text.assemble(
        (f"{number}  ", "bold"),
        (passage.relation, RELATION_STYLES[passage.relation]),
        f"  similarity {passage.similarity:.2f}, Jaccard {passage.jaccard:.2f}, ",
        f"cosine {passage.cosine:.2f}, ",
        f"{count(passage.words, 'word')} ({passage.quoted_words:,} quoted)",
    )


def _side_by_side(
    passage: AlignedPassages, articles: tuple[Article, Article], spans: Agreement, console: Console
) -> Table:
    titles = [
        f"{letter} {place.start}–{place.end}" for letter, place in zip("AB", _places(passage), strict=True)
    ]
    texts = [
        _marked(article.text, place, each, brackets=not _has_colour(console))
        for article, place, each in zip(articles, _places(passage), spans, strict=True)
    ]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, padding=(0, 1, 0, 0))
    if console.width < NARROW:
        table.show_header = False
        table.add_column(overflow="fold")
        for title, text in zip(titles, texts, strict=True):
            table.add_row(Text(title, "bold"))
            table.add_row(text)
    else:
        for title in titles:
            table.add_column(title, ratio=1, overflow="fold")
        table.add_row(*texts)
    return table


def _places(passage: AlignedPassages) -> tuple[Span, Span]:
    return passage.a, passage.b


def _marked(text: str, place: Span, agreeing: Sequence[Span], *, brackets: bool) -> Text:
    moved = [Span(start - place.start, end - place.start) for start, end in agreeing]
    inside = place.of(text)
    line = Text()
    for run in mark(inside, [Span(0, len(inside))], [moved]):
        words = printable(run.text)
        if run.agrees is False:
            line.append(f"[{words}]" if brackets else words, _DIFFERS)
        else:
            line.append(words, _AGREES if run.agrees else "")
    return line


def _has_colour(console: Console) -> bool:
    return console.color_system is not None and not console.no_color


def _legend(console: Console) -> Text:
    meaning = ". ".join(f"{name}: {formula}" for name, formula in FORMULAS)
    agrees, differs = ("agrees", _AGREES), ("differs", _DIFFERS)
    if not _has_colour(console):
        differs = ("[differs]", _DIFFERS)
    return Text.assemble(agrees, "  ", differs, (f"  Places are characters [start, end). {meaning}.", "dim"))
