"""An index of an earlier version can be rebuilt, and a text may replace an earlier one."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dedup.article import Article
from dedup.cli.application import app
from dedup.errors import DuplicateIdError, IndexStoreError
from dedup.index import Index
from dedup.index.rebuilding import rebuild
from dedup.index.store.exchange import exchange
from dedup.index.verbs.deciding import log_records
from dedup.index.verbs.verification import verify
from dedup.settings import Settings

#: Made by version 0.1.0: `min_words` is 20, seven articles were added in two steps, the third was removed.
#: Its background is left out, because a rebuild does not need it.
STORED = Path(__file__).parent / "stored" / "index-0.1.zip"
IDS = [f"old{number}" for number in (0, 1, 3, 4, 5, 6)]
WIRE = (
    "The lock keeper of Brannfoss has written down the height of the water every evening for years, and "
    "on Friday the county archive came to fetch the books, all sixty of them, in a van that was too small."
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    with zipfile.ZipFile(STORED) as packed:
        packed.extractall(folder)
    return folder


def assert_rebuilt(folder: Path) -> None:
    assert verify(folder).sound
    with Index.open(folder, threads=1) as index:
        assert index.settings == Settings(min_words=20)
        assert [one for batch in index.articles() for one in batch.column("id").to_pylist()] == IDS
        first = index.article("old0")
        assert (first.source, first.title, first.url) == ("Outlet 0", "Evening 0", "https://o0.example/0")
        assert first.text.endswith("too small.")
        assert first.published is not None
        report = index.report()
        pairs = {(found.a, found.b) for found in report.overlaps}
        assert pairs == {
            ("old0", "old1"),
            ("old0", "old5"),
            ("old1", "old3"),
            ("old1", "old5"),
            ("old1", "old6"),
            ("old3", "old5"),
            ("old5", "old6"),
        }
        assert [story.id for story in report.stories] == ["old0"]


def test_whatever_refuses_an_old_index_names_the_way_up(old: Path) -> None:
    with pytest.raises(IndexStoreError, match="dedup index rebuild"):
        Index.open(old, threads=1)
    found = verify(old)
    assert not found.sound
    assert "dedup index rebuild" in found.problems[0]
    for verb in ("info", "compact", "export", "verify"):
        result = CliRunner().invoke(app, ["index", verb, str(old)])
        assert "dedup index rebuild" in result.output + str(result.exception), verb


def test_a_new_index_takes_the_place_of_the_old_one(old: Path) -> None:
    before = sorted(path.relative_to(old) for path in old.rglob("*") if "sqlite-" not in path.name)
    made = rebuild(old, threads=1)
    assert (made.folder, made.articles) == (old, 6)
    assert_rebuilt(old)
    assert made.former == old.with_name("archive.old")
    assert (
        sorted(path.relative_to(made.former) for path in made.former.rglob("*") if "sqlite-" not in path.name)
        == before
    )


def test_a_new_index_beside_the_old_one_goes_on_where_it_broke_off(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"

    def broken(done: int, all_: int) -> None:
        assert all_ == 6
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(old, new, threads=1, progress=broken)
    assert len(Index.open(new, threads=1).state.snapshot.numbers()) == 4
    made = rebuild(old, new, threads=1)
    assert (made.folder, made.former) == (new, None)
    assert_rebuilt(new)
    rebuild(old, new, threads=1)
    assert_rebuilt(new)


def test_what_is_damaged_or_strange_is_not_rebuilt(old: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with Index.create(other, Settings(min_words=20), threads=1) as index:
        index.add([Article(id="z", text=WIRE)])
    with pytest.raises(IndexStoreError, match="holds other articles"):
        rebuild(old, other, threads=1)
    with pytest.raises(IndexStoreError, match="is the old index"):
        rebuild(old, old, threads=1)
    file = next(old.rglob("articles.arrow"))
    data = file.read_bytes()
    file.write_bytes(data.replace(b"Brannfoss", b"Brannfozz"))
    with pytest.raises(IndexStoreError, match="has changed since it was written"):
        rebuild(old, threads=1)
    assert old.is_dir()


def test_a_current_index_keeps_its_decisions_and_ids(tmp_path: Path) -> None:
    folder = tmp_path / "current"
    with Index.create(folder, threads=1) as index:
        index.add([Article(id=name, source=name, text=WIRE + name) for name in "ab"])
        with index.writing():
            log_records(index.state.catalogue, {"d1": '{"id": "d1", "kind": "x"}'})
        index.remove(["a"])
        index.add([Article(id="a", source="a", text=WIRE + "again")])
    made = rebuild(folder, tmp_path / "new", threads=1)
    assert (made.articles, made.decisions) == (2, 1)
    with Index.open(made.folder, threads=1) as index:
        assert index.article("a").text == WIRE + "again"
        assert index.state.catalogue.one("SELECT record FROM decision") == '{"id": "d1", "kind": "x"}'


def test_an_update_takes_the_place_of_an_earlier_text(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Index.create(folder, threads=1) as index:
        index.add([Article(id=name, source=name, text=f"{WIRE} {name}") for name in "abc"])
        changed = Article(id="b", source="b", text="Nothing is as it was in Brannfoss. " * 9)
        with pytest.raises(DuplicateIdError, match="update"):
            index.add([changed])
        report = index.add([changed, Article(id="c", source="c", text=f"{WIRE} c")], on_error="update")
        assert any("took the place" in note for note in report.notes)
        assert index.article("b") == changed
        assert [(found.a, found.b) for found in index.report().overlaps] == [("a", "c")]
        assert index.info().articles == 3
    assert verify(folder).sound


def test_the_command_line_rebuilds_and_updates(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    shutil.copytree(old, tmp_path / "other")
    result = CliRunner().invoke(app, ["index", "rebuild", str(old), "-o", str(new), "--threads", "1"])
    assert result.exit_code == 0, result.output
    assert "has the 6 articles of the old index" in result.output
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"id": "old0", "source": "Outlet 0", "text": "Another evening."}\n')
    result = CliRunner().invoke(app, ["index", "add", str(new), str(lines), "--update", "--format", "jsonl"])
    assert result.exit_code == 0, result.output
    with Index.open(new, threads=1) as index:
        assert index.article("old0").text == "Another evening."


@pytest.fixture
def current(tmp_path: Path) -> Path:
    folder = tmp_path / "current"
    with Index.create(folder, threads=1) as index:
        index.add([Article(id=name, source=name, text=WIRE + name) for name in "abc"])
    return folder


def begin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebuild in place, and stop before the new index takes its place."""

    def broken(*paths: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("dedup.index.rebuilding.exchange", broken)
        with pytest.raises(KeyboardInterrupt):
            rebuild(folder, threads=1)


def test_a_rebuild_in_place_goes_on_though_the_old_index_has_changed(
    current: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(current, monkeypatch)
    with Index.open(current, threads=1) as index:
        index.remove(["a"])
        index.add([Article(id="b", source="b", text=WIRE + "another")], on_error="update")
    made = rebuild(current, threads=1)
    assert made.articles == 2
    with Index.open(current, threads=1) as index:
        assert index.article("b").text == WIRE + "another"
        assert index.verify().sound


@pytest.mark.parametrize("system", ["exchanges names", "renames twice"])
def test_an_exchange_that_breaks_off_is_ended(
    system: str, current: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if system == "renames twice":
        monkeypatch.setattr("dedup.index.store.exchange._exchanged", lambda one, two: False)
    begin(current, monkeypatch)
    new, renamed = current.with_name(".current.rebuilt"), Path.rename

    def breaks(path: Path, target: Path) -> Path:
        if path == new:
            raise KeyboardInterrupt
        return renamed(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", breaks)
        with pytest.raises(KeyboardInterrupt):
            exchange(new, current, current.with_name("current.old"))
    assert current.exists() == (system == "exchanges names")
    rebuild(current, threads=1)
    with Index.open(current, threads=1) as index:
        assert index.info().articles == 3
        assert index.verify().sound


def test_who_waited_for_the_old_index_does_not_write_into_the_new_one(current: Path) -> None:
    with Index.open(current, threads=1) as waiting:
        rebuild(current, threads=1)
        with pytest.raises(IndexStoreError, match="open it again"):
            waiting.add([Article(id="d", source="d", text=WIRE)])
        assert [overlap.a for overlap in waiting.query(Article(id="x", source="x", text=WIRE))] == [*"abc"]
    with Index.open(current, threads=1) as index:
        assert index.info().articles == 3
