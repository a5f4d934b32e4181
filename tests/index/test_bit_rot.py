"""Bytes that change on the disk are detected before they are trusted, and never made permanent."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.decisions.record import Decision
from dedup.errors import DedupError, IndexStoreError
from dedup.index import Filter, Index
from dedup.index.store import block_sums
from dedup.index.store.block_sums import BLOCK, BlockSums, CheckedBlocks, gaps
from dedup.index.store.files import FileRecord
from dedup.index.store.merging import merge
from dedup.index.store.overlap_blocks import _PASSAGE
from dedup.index.verbs import verification
from dedup.index.verbs.verification import verify
from dedup.reading.batches import to_batches

WIRE = (
    "The old drawbridge over the Alder will stay open to ships on Sundays, the town council said after a "
    "vote that lasted until midnight, and nobody may cross it then but the keeper and her two dogs. "
)


def article(number: int) -> Article:
    own = " ".join(f"alder{number}w{word}" for word in range(60))
    text = f"{own}. {WIRE if number % 2 else ''}It rained on day {number}."
    return Article(id=f"x{number}", source=f"s{number % 3}", text=text, title=f"Day {number}")


def decided(name: str) -> Decision:
    now = datetime(2026, 3, 5, 10, tzinfo=UTC)
    return Decision(id=name, at=now, by="mk", kind="not_copy", a="x1", b="x3", note="fine")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of two segments, which tests copy and do not change."""
    folder = tmp_path_factory.mktemp("made") / "index"
    with Index.create(folder, threads=1) as index:
        index.add([article(number) for number in range(8)])
        index.add([article(number) for number in range(8, 12)])
    return folder


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    shutil.copytree(made, folder, copy_function=shutil.copy2)
    return folder


@pytest.fixture(params=["whole", "by block"])
def compared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are verified as a whole, large ones block by block; the small files here as both."""
    if request.param == "by block":
        monkeypatch.setattr(block_sums, "_FEW_BLOCKS", 0)
        monkeypatch.setattr(block_sums, "_MANY", 0)


def change(path: Path, at: int, bit: int = 0) -> None:
    """Flip a bit and keep the file's times, as a failing disk does."""
    stat = path.stat()
    with path.open("r+b") as stream:
        stream.seek(at)
        (byte,) = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte ^ 1 << bit]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def answers(folder: Path) -> list[object]:
    """Return an index's answers to all kinds of questions."""
    said: list[object] = []
    with Index.open(folder, threads=1) as index:
        draft = Article(id="draft", source="s9", text=WIRE)
        said += [(found.b, found.words, found.relation) for found in index.query(draft)]
        said += [index.article(f"x{number}") for number in range(12)]
        report = index.report()
        said += [(found.a, found.b, [passage.a for passage in found.passages]) for found in report.overlaps]
        said += [(one.id, one.title, one.copied) for one in report.articles]
        said += [row for batch in index.articles() for row in batch.to_pylist()]
    return said


def test_a_merge_never_makes_damage_permanent(copied: Path) -> None:
    (file,) = [path for path in copied.rglob("articles.arrow") if b"alder5w0" in path.read_bytes()]
    change(file, file.read_bytes().find(b"alder5w0"))
    assert not verify(copied).sound
    for work in (Index.compact, Index.refresh, lambda index: index.remove(["x1"]) and index.compact()):
        with Index.open(copied, threads=1) as index, pytest.raises(IndexStoreError, match=r"articles\.arrow"):
            work(index)
        assert not verify(copied).sound
    with (
        Index.open(copied, threads=1) as index,
        pytest.raises(IndexStoreError, match="as it was written"),
    ):
        index.article("x5")


def segment_bytes(folder: Path) -> list[tuple[Path, int]]:
    files = sorted(path for path in (folder / "segments").rglob("*") if path.is_file())
    return [(file, at) for file in files for at in range(file.stat().st_size)]


def assert_found_or_harmless(folder: Path, path: Path, at: int, bit: int, expected: list[object]) -> None:
    """Check that a flipped bit is an error, or changes no answer."""
    change(path, at, bit)
    try:
        assert answers(folder) == expected, f"{path.name} at {at}, bit {bit}: another answer"
    except DedupError:
        assert not verify(folder).sound
    change(path, at, bit)


@pytest.mark.usefixtures("compared")
def test_a_changed_byte_of_a_segment_never_gives_another_answer(copied: Path) -> None:
    expected = answers(copied)
    chance = random.Random(7)
    for path, at in chance.sample(segment_bytes(copied), 25):
        assert_found_or_harmless(copied, path, at, chance.randrange(8), expected)
    assert answers(copied) == expected


@pytest.mark.slow
@pytest.mark.usefixtures("compared")
def test_two_thousand_changed_bytes_of_segments(copied: Path) -> None:
    expected = answers(copied)
    chance = random.Random(11)
    for path, at in chance.sample(segment_bytes(copied), 2_000):
        assert_found_or_harmless(copied, path, at, chance.randrange(8), expected)


def test_a_changed_byte_of_the_catalogue_is_found(copied: Path) -> None:
    """Flips in rows are errors; `verify` finds those in SQLite's own pages that change an answer."""
    expected = answers(copied)
    path = copied / "catalogue.sqlite"
    chance = random.Random(5)
    for at in chance.sample(range(path.stat().st_size), 60):
        bit = chance.randrange(8)
        change(path, at, bit)
        try:
            same = answers(copied) == expected
        except (DedupError, KeyError):
            same = False
        assert same or not verify(copied).sound, f"at {at}, bit {bit}"
        for left in copied.glob("catalogue.sqlite-*"):
            left.unlink()
        change(path, at, bit)


def edited(folder: Path, edit: Callable[[np.ndarray], None], *, summed: bool) -> None:
    """Change the passages of the first row of overlaps, with or without a matching checksum."""
    from dedup.index.store.row_sums import row_sum

    with sqlite3.connect(folder / "catalogue.sqlite") as catalogue:
        first, last, pairs, blob = catalogue.execute(
            "SELECT first, last, pairs, passages FROM overlap ORDER BY first"
        ).fetchone()
        passages = np.frombuffer(blob, _PASSAGE).copy()
        edit(passages)
        values = [passages.tobytes()]
        more = ""
        if summed:
            more = ", sum = ?"
            values.append(row_sum(first, last, pairs, values[0]))
        catalogue.execute(f"UPDATE overlap SET passages = ?{more} WHERE first = ?", [*values, first])
    catalogue.close()


def backwards(passages: np.ndarray) -> None:
    passages["a_end"][0] = passages["a_start"][0] - 5


@pytest.mark.parametrize("summed", [False, True])
def test_passages_that_run_backwards_are_refused_and_found(copied: Path, summed: bool) -> None:
    edited(copied, backwards, summed=summed)
    found = verify(copied)
    assert not found.sound
    with Index.open(copied, threads=1) as index, pytest.raises(IndexStoreError):
        list(index.report().overlaps)


def beyond(passages: np.ndarray) -> None:
    passages["b_end"][0] = 1 << 30


def test_passages_beyond_their_article_are_refused_and_found(copied: Path) -> None:
    edited(copied, beyond, summed=True)
    assert any("passage" in problem for problem in verify(copied).problems)
    with Index.open(copied, threads=1) as index, pytest.raises(IndexStoreError):
        list(index.report().overlaps)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE article SET id = 'x77' WHERE id = 'x3'",
        "UPDATE article SET published = 5 WHERE id = 'x3'",
        "UPDATE article SET digest = x'0011223344556677' WHERE id = 'x3'",
        "DELETE FROM article WHERE id = 'x3'",
        "UPDATE source SET name = 's7' WHERE name = 's1'",
        "UPDATE source SET number = 77 WHERE name = 's1'",
        "UPDATE segment SET articles = articles + 1",
        "UPDATE verdict SET kept = 1 - kept WHERE number = 14",
        "UPDATE verdict SET policy = 'x' WHERE number = 14",
        "UPDATE decision SET record = replace(record, 'fine', 'wine')",
        "UPDATE decision SET id = 'd9'",
        "DELETE FROM decision",
        "UPDATE removed SET number = 2",
    ],
)
def test_a_changed_row_is_found(copied: Path, statement: str) -> None:
    with Index.open(copied, threads=1) as index:
        for batch in to_batches([article(12), article(13)]):
            Filter(index).judge(batch)
        index.decide([decided("d1")])
        index.remove(["x11"])
    assert verify(copied).sound
    with sqlite3.connect(copied / "catalogue.sqlite") as catalogue:
        catalogue.execute(statement)
    catalogue.close()
    assert not verify(copied).sound


def test_a_changed_decision_or_verdict_is_never_used(copied: Path) -> None:
    with Index.open(copied, threads=1) as index:
        Filter(index).judge(next(to_batches([article(22), article(23)])))
        index.decide([decided("d1"), decided("d2")])
    with sqlite3.connect(copied / "catalogue.sqlite") as catalogue:
        catalogue.execute("UPDATE verdict SET kept = 1 - kept")
        catalogue.execute("DELETE FROM decision WHERE id = 'd1'")
    catalogue.close()
    with Index.open(copied, threads=1) as index:
        with pytest.raises(IndexStoreError, match="'verdict'"):
            Filter(index).judge(next(to_batches([article(22), article(23)])))
        with pytest.raises(IndexStoreError, match="decisions"):
            index.decisions()


@given(st.binary(min_size=1, max_size=3 * BLOCK), st.data())
def test_sums_do_not_depend_on_how_bytes_came_and_find_each_flip(data: bytes, draw: st.DataObject) -> None:
    whole, parts = BlockSums(), BlockSums()
    whole.update(data)
    cut = draw.draw(st.integers(0, len(data)))
    parts.update(data[:cut])
    parts.update(pa.py_buffer(data[cut:]))
    sums = whole.digests()
    assert parts.digests().tolist() == sums.tolist()
    array = np.frombuffer(data, np.uint8).copy()
    CheckedBlocks(Path("x"), array, sums).check_all()
    at, bit = draw.draw(st.integers(0, len(data) - 1)), draw.draw(st.integers(0, 7))
    array[at] ^= 1 << bit
    with pytest.raises(IndexStoreError, match=r"x is damaged near byte"):
        CheckedBlocks(Path("x"), array, sums).check(np.array([at]), np.array([at + 1]))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9))), st.integers(0, 60))
def test_the_gaps_are_what_no_range_covers(ranges: list[tuple[int, int]], more: int) -> None:
    spans = [(start, start + size) for start, size in ranges]
    length = max([more, *(end for _, end in spans)])
    starts, ends = gaps(length, [start for start, _ in spans], [end for _, end in spans])
    free = {at for start, end in zip(starts.tolist(), ends.tolist(), strict=True) for at in range(start, end)}
    assert free == set(range(length)) - {at for start, end in spans for at in range(start, end)}


def test_verify_begins_anew_where_a_segment_is_merged_away_meanwhile(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged: list[bool] = []

    def slow(folder: Path, files: dict[str, FileRecord]) -> Iterator[str]:
        if not merged:
            merged.append(True)
            with Index.open(copied, threads=1) as index:
                index.state.catalogue.run("PRAGMA busy_timeout = 100")
                index.remove(["x0"])
                with index.writing():
                    merge(index.state, index.state.snapshot.segments, 1)
        yield from looked(folder, files)

    looked = verification._broken_files
    monkeypatch.setattr(verification, "_broken_files", slow)
    found = verify(copied)
    assert found.problems == ()
    assert (found.articles, merged) == (11, [True])
