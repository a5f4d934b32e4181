"""Tokens that are kept while an index is open, and the events that must discard them."""

from __future__ import annotations

import errno
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from press_articles import corpus

from dedup.article import Article
from dedup.detector import find_overlaps, learn_background
from dedup.errors import DuplicateIdError, IndexStoreError
from dedup.index import Index
from dedup.index.store import arrays, token_shelf
from dedup.index.store.token_shelf import TokenShelf
from dedup.index.verbs import writing
from dedup.text.tokens import Tokens, tokenise

ARTICLES = corpus(7, 30)
BACKGROUND = learn_background(ARTICLES)
NUMBERS = st.lists(st.integers(0, 5000), unique=True, max_size=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(NUMBERS, max_size=4))
def test_what_was_put_there_comes_back(parts: list[list[int]]) -> None:
    shelf, expected = TokenShelf(), dict[int, list[int]]()
    for part in parts:
        new = [number for number in dict.fromkeys(part) if number not in expected]
        texts = [" ".join(["word"] * (number % 5) + [f"n{number}"]) for number in new]
        tokens = tokenise(texts)
        shelf.put(np.array(new, np.int64), [str(number) for number in new], tokens)
        expected |= {number: hashes.tolist() for number, hashes in zip(new, tokens, strict=True)}
        shelf.release()
    numbers = np.array(sorted(expected), np.int64)
    rows = shelf.rows(numbers)
    assert [hashes.tolist() for hashes in shelf.tokens(rows)] == [expected[number] for number in numbers]
    assert [shelf.id(row) for row in rows] == [str(number) for number in numbers]
    absent = np.array([number for number in range(5002) if number not in expected])
    assert np.all(shelf.rows(absent) == -1)


def test_no_room_for_temporary_files_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(IndexStoreError, match="TMPDIR"):
        TokenShelf().put(np.array([1]), ["a"], tokenise(["one two"]))


def test_what_is_more_than_was_mapped_at_first_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_shelf, "_LEAST_ROOM", 64)
    shelf, expected = TokenShelf(), []
    early = None
    for number in range(40):
        tokens = tokenise([" ".join(f"w{number}x{k}" for k in range(number))])
        shelf.put(np.array([number]), [str(number)], tokens)
        expected += tokens.hashes.tolist()
        if number == 3:
            early = shelf.hashes
    assert shelf.hashes.tolist() == expected
    assert early is not None
    assert early.tolist() == expected[: len(early)], "what was read before stays as it was"


@pytest.mark.parametrize("failing", [1, 2], ids=["hashes", "flags"])
def test_a_put_that_failed_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failing: int
) -> None:
    files: list[Full] = []

    class Full(FileIO):
        """A file on a disk that is full for a while."""

        def write(self, data: Any) -> int:
            if full and files.index(self) + 1 == failing:
                super().write(data[: len(data) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
            return int(super().write(data))

    def opened(**options: Any) -> Full:
        files.append(Full(str(tmp_path / f"tokens-{len(files)}"), "w+"))
        return files[-1]

    monkeypatch.setattr("tempfile.TemporaryFile", opened)
    shelf, full = TokenShelf(), False
    one, two = tokenise(["one two three"]), tokenise(["four five six seven"])
    shelf.put(np.array([1]), ["a"], one)
    full = True
    with pytest.raises(IndexStoreError, match="No space left on device"):
        shelf.put(np.array([2]), ["b"], tokenise(["eight nine ten eleven twelve"]))
    full = False
    shelf.put(np.array([2]), ["b"], two)
    found = shelf.tokens(shelf.rows(np.array([1, 2])))
    assert [hashes.tolist() for hashes in found] == [one.hashes.tolist(), two.hashes.tolist()]
    assert found.flags.tolist() == [*one.flags.tolist(), *two.flags.tolist()]


def test_pages_that_are_let_go_at_every_step_are_read_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(arrays, "_CROWDED", 0)
    with Index.create(tmp_path / "index", background=BACKGROUND) as index:
        index.add(ARTICLES[:20])
        index.add(ARTICLES[20:])
        assert list(index.report().overlaps) == list(find_overlaps(ARTICLES, background=BACKGROUND).overlaps)


def test_empty_articles_take_no_room() -> None:
    none = np.zeros(0, np.uint32)
    shelf = TokenShelf()
    shelf.put(np.array([3]), ["a"], Tokens(none, none.astype(np.uint8), np.array([0, 0]), none, none))
    assert shelf.tokens(np.array([0])).offsets.tolist() == [0, 0]


def test_an_add_that_failed_leaves_no_tokens_for_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(writing, "STEP", 5)
    taken = Article(id=ARTICLES[0].id, source="another", text="Something else entirely.")
    with Index.create(tmp_path / "index", background=BACKGROUND) as index:
        index.add(ARTICLES[:3])
        with pytest.raises(DuplicateIdError):
            index.add([*reversed(ARTICLES[3:20]), taken])
        index.add(ARTICLES[3:])
        expected = find_overlaps(ARTICLES, background=BACKGROUND)
        assert list(index.report().overlaps) == list(expected.overlaps)
        assert len(expected.overlaps) > 5


def test_another_background_makes_them_go(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add(ARTICLES[:6])
        index.add(ARTICLES[6:10])
        index.add(ARTICLES[10:])
        index.refresh()
        assert list(index.report().overlaps) == list(find_overlaps(ARTICLES).overlaps)


def test_the_report_of_an_add_is_put_together_when_it_is_read(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index", background=BACKGROUND) as index:
        index.add(ARTICLES[:20])
        report = index.add(ARTICLES[20:])
        index.remove([article.id for article in ARTICLES[:20]])
        index.compact()
        found = {(each.a, each.b) for each in report.overlaps}
    new = {article.id for article in ARTICLES[20:]}
    scanned = find_overlaps(ARTICLES, background=BACKGROUND).overlaps
    assert found == {(each.a, each.b) for each in scanned if new & {each.a, each.b}}
    assert report.summary.articles == len(new)
    with pytest.raises(AttributeError):
        report.nothing_of_the_kind  # noqa: B018 - asking is the test
