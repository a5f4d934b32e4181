"""The settings that say what a word is, from the command line's record to the tokens of a run."""

from __future__ import annotations

import pytest

from dedup import Article, compare
from dedup.detector import agreeing_words, find_overlaps
from dedup.settings import Settings

SPANISH = (
    "La comisión de jardines decidió el miércoles cerrar el estanque más antiguo durante cinco años mientras "
    "los jardineros reparan la presa que cedió en otoño, según explicó después la alcaldesa Inés Núñez."
)
PLAIN = SPANISH.translate(str.maketrans("áéíóúñ", "aeioun"))


def test_accents_left_off_are_equal_where_that_is_asked_for() -> None:
    a, b = Article(id="a", source="One", text=SPANISH), Article(id="b", source="Two", text=PLAIN)
    standard, accents = compare(a, b), compare(a, b, Settings(fold="accents"))
    assert standard is None or standard.similarity < 0.9
    assert accents is not None
    assert accents.similarity == 1.0
    (passage,) = accents.passages
    assert SPANISH[passage.a_start : passage.a_end] == SPANISH.rstrip(".")
    ((runs, _),) = agreeing_words(accents, Settings(fold="accents"))
    assert len(runs) == 1


def test_tags_count_as_words_where_texts_are_plain() -> None:
    frame = (
        '<table class="wide striped" width="90" border="1"><tr valign="top" align="left"><td>{}</td>'
        '</tr></table><div class="share buttons" data-network="letters" role="group" tabindex="3"></div>'
    )
    articles = [
        Article(id=name, source=name, text=frame.format(text))
        for name, text in (("a", "Snow fell late."), ("b", "Bread is dear."))
    ]
    assert len(find_overlaps(articles, Settings(text_as="plain")).overlaps) == 1
    assert len(find_overlaps(articles).overlaps) == 0


@pytest.mark.parametrize("setting", ["fold", "text_as"])
def test_both_are_part_of_the_fingerprint(setting: str) -> None:
    other = {"fold": "accents", "text_as": "plain"}[setting]
    assert Settings(**{setting: other}).fingerprint() != Settings().fingerprint()  # type: ignore[arg-type]
