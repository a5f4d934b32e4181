"""The settings that define a word, from the command line's record to the tokens of a run."""

from __future__ import annotations

import pytest

from dedup import Article, compare
from dedup.corpus.prepare import whole_tokens
from dedup.detector import agreeing_words
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
    text = '<p class="lead">Snow fell late.</p>'
    assert len(whole_tokens([text], Settings()).hashes) == 3
    assert len(whole_tokens([text], Settings(text_as="plain")).hashes) == 7


@pytest.mark.parametrize("setting", ["fold", "text_as"])
def test_both_are_part_of_the_fingerprint(setting: str) -> None:
    other = {"fold": "accents", "text_as": "plain"}[setting]
    assert Settings(**{setting: other}).fingerprint() != Settings().fingerprint()  # type: ignore[arg-type]
