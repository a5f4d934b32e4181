"""Two articles, and the terms on which a scan or an index would compare them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.cli.inputs import open_inputs, read_pair
from dedup.cli.options import BackgroundOption, SettingOptions
from dedup.cli.reading_options import ReadingOptions
from dedup.errors import InputError, SettingsError
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.background.tables import Background
    from dedup.explain.dropped import DroppedPassages
    from dedup.results import Overlap

#: The note on two files that are compared by themselves.
WITHOUT_CORPUS = "without a corpus no phrase is common and no line is repeated; a scan of many may differ"
#: Minimum number of words for a passage to be listed, although a scan requires more.
_LOWER_WORDS = 5


@dataclass(frozen=True, slots=True)
class PairInContext:
    """Two articles, and the terms on which they are compared.

    Attributes
    ----------
    articles : tuple of Article
        In the order in which they were named.
    settings : Settings
    background : Background or None
    in_corpus : bool
        Whether a corpus, an index or a file supplied the background.
    """

    articles: tuple[Article, Article]
    settings: Settings
    background: Background | None
    in_corpus: bool


def pair_in_context(
    a: str,
    b: str,
    inputs: Sequence[str],
    reading: ReadingOptions,
    settings: SettingOptions,
    background: BackgroundOption,
) -> PairInContext:
    """Return the two articles with the background of the inputs and, for an index, its settings.

    Raises
    ------
    InputError
        An article does not exist.
    SettingsError
        A setting or a background is given for an index that has others.
    """
    chosen = settings.settings()
    if len(inputs) == 1 and _is_index(Path(inputs[0])):
        return _in_index(a, b, Path(inputs[0]), chosen, background)
    articles = read_pair(a, b, inputs, reading)
    known = background.load()
    if known is None and inputs:
        from dedup.detector import learn_background

        known = learn_background(open_inputs(inputs, reading), chosen)
    return PairInContext(articles, chosen, known, known is not None)


def _is_index(folder: Path) -> bool:
    from dedup.index.store.catalogue import FILE

    return (folder / FILE).is_file()


def _in_index(a: str, b: str, folder: Path, chosen: Settings, background: BackgroundOption) -> PairInContext:
    from dedup.index import Index

    if background.background is not None:
        raise SettingsError("--background has no meaning with an index, which keeps its own; leave it out")
    with Index.open(folder, None if chosen == Settings() else chosen) as index:
        found = []
        for name in (a, b):
            try:
                found.append(index.article(name))
            except KeyError:
                raise InputError(f"the index has no article {name!r}", file=str(folder)) from None
        return PairInContext((found[0], found[1]), index.settings, index.background, True)


def below_floors(
    a: Article, b: Article, settings: Settings, overlap: Overlap | None
) -> list[DroppedPassages]:
    """Return what two articles share that is too little for a scan, most words first."""
    from dedup.explain.dropped import dropped_passages

    plain = replace(settings, furniture=False)
    return [
        each
        for each in dropped_passages(a, b, plain, overlap)
        if each.passages.words >= _LOWER_WORDS and each.passages.relation != "furniture"
    ]
