"""The recipes for frames, datasets and schedulers, with the real libraries where these are installed."""

from __future__ import annotations

import gzip
import importlib
import json
import os
import pickle
import random
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest
from press_articles import corpus, sentence
from pyarrow import parquet

from dedup.article import Article
from dedup.errors import DuplicateIdError
from dedup.index import Filter, Index, Judged
from dedup.reading import to_batches

RECIPES = Path(__file__).parents[2] / "recipes"
COLUMNS = ("verdict", "follows", "coverage", "similarity", "story")
ARTICLES = corpus(9, 40)
FIELDS = ("id", "source", "text", "published")
ROWS = [{name: getattr(article, name) for name in FIELDS} for article in ARTICLES]

Row = tuple[Any, ...]


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Import a recipe as its user does: from its folder."""
    monkeypatch.syspath_prepend(str(RECIPES))
    return importlib.import_module


def judged(folder: Path, articles: list[Article], policy: str = "annotate") -> list[Judged]:
    with Index.create(folder) as index:
        chosen = Filter(index, policy=policy)
        return [each for batch in to_batches(articles) for each in chosen.judge(batch)]


@pytest.fixture
def expected(tmp_path: Path) -> list[Row]:
    """Return the filter's verdicts on the articles, without a recipe in between."""
    said = [each.verdict for each in judged(tmp_path / "expected", ARTICLES)]
    assert {each.verdict for each in said} == {"original", "copy", "excerpt", "partial"}
    return [tuple(getattr(each, name) for name in COLUMNS) for each in said]


class Frames:
    """One library: makes its frame from rows, runs its recipe, and reads the new columns."""

    def __init__(self, library: str, recipe: ModuleType) -> None:
        self.recipe = recipe
        self._library = pytest.importorskip(library)

    def made(self, rows: list[dict[str, Any]]) -> Any:
        if self._library.__name__ == "datasets":
            return self._library.Dataset.from_list(rows)
        return self._library.DataFrame(rows)

    def judge(self, given: list[dict[str, Any]], folder: Path, **options: Any) -> list[Row]:
        return self.rows(self.recipe.judge(self.made(given), folder, **options))

    def rows(self, frame: Any) -> list[Row]:
        if self._library.__name__ == "pandas":
            frame = frame.astype(dict.fromkeys(("verdict", "follows", "story"), object))
            frame = frame.where(frame.notna(), None)
            return list(frame[list(COLUMNS)].itertuples(index=False, name=None))
        if self._library.__name__ == "polars":
            return list(frame.select(COLUMNS).rows())
        return [tuple(row[name] for name in COLUMNS) for row in frame]


@pytest.fixture(
    params=[("pandas", "pandas_frame"), ("polars", "polars_frame"), ("datasets", "hugging_face_map")],
    ids=lambda pair: pair[0],
)
def frames(request: pytest.FixtureRequest, recipe: Callable[[str], ModuleType]) -> Frames:
    library, name = request.param
    pytest.importorskip(library)
    return Frames(library, recipe(name))


def test_a_frame_gets_the_verdicts_of_the_filter(tmp_path: Path, frames: Frames, expected: list[Row]) -> None:
    assert frames.judge(ROWS, tmp_path / "seen") == expected


def test_a_frame_that_comes_again_gets_the_same_verdicts(
    tmp_path: Path, frames: Frames, expected: list[Row]
) -> None:
    first = frames.judge(ROWS, tmp_path / "seen")
    again = frames.judge(ROWS[::-1], tmp_path / "seen", rows=7)
    assert again[::-1] == first == expected


def test_a_frame_is_compared_with_those_before_it(tmp_path: Path, frames: Frames) -> None:
    text = ARTICLES[0].text
    assert frames.judge([{"id": "a", "text": text}], tmp_path / "seen") == [
        ("original", None, 0.0, 0.0, None)
    ]
    rows = [{"id": "b", "text": ARTICLES[1].text}, {"id": "c", "text": text}]
    assert frames.judge(rows, tmp_path / "seen", rows=1) == [
        ("original", None, 0.0, 0.0, None),
        ("copy", "a", 1.0, 1.0, "a"),
    ]


@pytest.mark.parametrize("nothing", ["", None])
def test_an_article_without_a_source_is_one_of_its_own(
    tmp_path: Path, frames: Frames, nothing: str | None
) -> None:
    texts = [each.text for each in (ARTICLES[0], ARTICLES[0], ARTICLES[1], ARTICLES[1])]
    given = zip(range(4), (nothing, nothing, "A", "A"), texts, strict=True)
    rows = [{"id": number, "source": source, "text": text} for number, source, text in given]
    said = frames.judge(rows, tmp_path / "seen")
    assert [row[:2] for row in said] == [
        ("original", None),
        ("copy", "0"),
        ("original", None),
        ("original", None),
    ]
    with Index.open(tmp_path / "seen") as index:
        assert [index.article(str(number)).source for number in range(4)] == ["0", "1", "A", "A"]


def test_a_time_without_a_zone_is_utc(tmp_path: Path, frames: Frames) -> None:
    noon = datetime(2026, 1, 31, 12)
    rows = [
        {"id": "a", "text": "One.", "published": noon},
        {"id": "b", "text": "Two.", "published": None},
    ]
    frames.judge(rows, tmp_path / "seen")
    with Index.open(tmp_path / "seen") as index:
        assert index.article("a").published == noon.replace(tzinfo=UTC)
        assert index.article("b").published is None


def test_an_id_with_another_text_is_refused(tmp_path: Path, frames: Frames) -> None:
    rows = [{"id": "a", "text": "One."}, {"id": "a", "text": "Two."}]
    with pytest.raises(DuplicateIdError, match="the id 'a' is in"):
        frames.judge(rows, tmp_path / "seen")


def test_the_script_writes_what_it_read_with_the_new_columns(
    tmp_path: Path, frames: Frames, expected: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    if frames.recipe.__name__ == "hugging_face_map":
        monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path / "cache"))
    given, made = tmp_path / "articles.parquet", tmp_path / "judged.parquet"
    parquet.write_table(pa.Table.from_pylist(ROWS), given)
    path = Path(str(frames.recipe.__file__))
    monkeypatch.setattr(sys, "argv", [str(path), str(tmp_path / "seen"), str(given), str(made)])
    runpy.run_path(str(path), run_name="__main__")
    rows = parquet.read_table(made).to_pylist()
    assert [tuple(row[name] for name in COLUMNS) for row in rows] == expected
    assert [{name: row[name] for name in FIELDS} for row in rows] == ROWS


def test_a_pandas_frame_keeps_its_rows_and_labels(
    tmp_path: Path, recipe: Callable[[str], ModuleType], expected: list[Row]
) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(ROWS, index=["same"] * len(ROWS)).assign(words=range(len(ROWS)))
    made = recipe("pandas_frame").judge(frame, tmp_path / "seen")
    pandas.testing.assert_frame_equal(made[list(frame.columns)], frame)
    assert list(made["follows"].isna()) == [row[1] is None for row in expected]


def test_a_pandas_frame_may_have_times_as_strings(
    tmp_path: Path, recipe: Callable[[str], ModuleType]
) -> None:
    pandas = pytest.importorskip("pandas")
    times = ["2026-01-31T12:00:00+05:30", "2026-01-31T12:00:00Z", None]
    frame = pandas.DataFrame({"id": list("abc"), "text": ["One.", "Two.", "Three."], "published": times})
    recipe("pandas_frame").judge(frame, tmp_path / "seen")
    with Index.open(tmp_path / "seen") as index:
        found = [index.article(name).published for name in "abc"]
    assert found == [each and datetime.fromisoformat(each) for each in times]


def test_a_dataset_may_be_streamed(
    tmp_path: Path, recipe: Callable[[str], ModuleType], expected: list[Row]
) -> None:
    datasets = pytest.importorskip("datasets")
    Index.create(tmp_path / "seen").close()
    verdicts = recipe("hugging_face_map").Verdicts(tmp_path / "seen")
    stream = datasets.Dataset.from_list(ROWS).to_iterable_dataset().map(verdicts, batched=True)
    rows = [tuple(row[name] for name in COLUMNS) for row in stream]
    verdicts.close()
    assert rows == expected


def test_what_a_dataset_maps_with_can_go_to_another_process(
    tmp_path: Path, recipe: Callable[[str], ModuleType]
) -> None:
    pytest.importorskip("datasets")
    Index.create(tmp_path / "seen").close()
    batch = {"id": ["a"], "text": [ARTICLES[0].text]}
    one = recipe("hugging_face_map").Verdicts(tmp_path / "seen")
    said = one(batch)
    other = pickle.loads(pickle.dumps(one))
    assert other(batch) == said
    one.close()
    other.close()


def _lines(articles: list[Article]) -> str:
    records = (
        {
            "id": each.id,
            "source": each.source,
            "text": each.text,
            **({"published": each.published.isoformat()} if each.published else {}),
        }
        for each in articles
    )
    return "".join(json.dumps(record) + "\n" for record in records)


def _documents(folder: Path) -> dict[str, dict[str, Any]]:
    files = [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.gz"))]
    records = [json.loads(line) for file in files for line in file.splitlines()]
    assert len({record["id"] for record in records}) == len(records)
    return {record["id"]: record["metadata"] for record in records}


@pytest.fixture
def datatrove(recipe: Callable[[str], ModuleType]) -> ModuleType:
    for needed in ("datatrove", "orjson", "regex"):
        pytest.importorskip(needed)
    return recipe("datatrove_filter")


def test_the_datatrove_filter_drops_what_the_filter_drops(tmp_path: Path, datatrove: ModuleType) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "all.jsonl").write_text(_lines(ARTICLES))
    datatrove.run(tmp_path / "seen", tmp_path / "articles", tmp_path / "kept")
    wanted = judged(tmp_path / "expected", ARTICLES, "drop")
    kept, dropped = _documents(tmp_path / "kept"), _documents(tmp_path / "kept" / "dropped")
    assert list(kept) == [a.id for a, each in zip(ARTICLES, wanted, strict=True) if each.kept]
    assert list(dropped) == [a.id for a, each in zip(ARTICLES, wanted, strict=True) if not each.kept]
    assert dropped
    for article, each in zip(ARTICLES, wanted, strict=True):
        found, said = (kept | dropped)[article.id], each.verdict
        assert found["source"] == article.source
        assert (found["verdict"], found["follows"]) == (said.verdict, said.follows)
        assert (found["coverage"], found["story"]) == (said.coverage, said.story)
        assert found.get("filter_reason") == (None if each.kept else said.verdict)
    with Index.open(tmp_path / "seen") as index:
        assert [index.article(each.id) for each in ARTICLES] == [
            Article(each.id, each.text, each.source, published=each.published) for each in ARTICLES
        ]


@pytest.mark.slow
def test_datatrove_tasks_share_an_index(tmp_path: Path, datatrove: ModuleType) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "0.jsonl").write_text(_lines(ARTICLES[:20]))
    (tmp_path / "articles" / "1.jsonl").write_text(_lines(ARTICLES[20:]))
    datatrove.run(tmp_path / "seen", tmp_path / "articles", tmp_path / "kept", tasks=2)
    kept, dropped = _documents(tmp_path / "kept"), _documents(tmp_path / "kept" / "dropped")
    assert sorted(kept | dropped) == [each.id for each in ARTICLES]
    assert not kept.keys() & dropped.keys()
    first = {each.id for each in ARTICLES[:20]}
    followed = {name: found["follows"] for name, found in (kept | dropped).items() if found["follows"]}
    assert any((name in first) != (other in first) for name, other in followed.items())


DAYS = ("2026-01-08", "2026-01-09")
PARTS = dict(zip(DAYS, (ARTICLES[:20], ARTICLES[20:]), strict=True))


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Provide a folder with the articles of two days, some of which on the second day repeat the first."""
    for day, articles in PARTS.items():
        (tmp_path / f"{day}.jsonl").write_text(_lines(articles))
    monkeypatch.setenv("NEWS", str(tmp_path))
    return tmp_path


def _verdicts(news: Path, day: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(news / f"{day}.verdicts.parquet").to_pylist()
    assert [row["id"] for row in rows] == [each.id for each in PARTS[day]]
    return rows


def test_the_daily_task_gives_the_same_again(news: Path, recipe: Callable[[str], ModuleType]) -> None:
    run = recipe("daily_task").run
    moments = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in DAYS]
    paths = [(news / f"{day}.jsonl", news / f"{day}.verdicts.parquet") for day in DAYS]
    counts = [run(news / "index", *path, day=day) for path, day in zip(paths, moments, strict=True)]
    first = {each.id for each in PARTS[DAYS[0]]}
    said = _verdicts(news, DAYS[1])
    assert counts[1] == Counter(row["verdict"] for row in said)
    assert any(row["follows"] in first for row in said)
    written = paths[1][1].read_bytes()
    paths[1][1].unlink()
    assert run(news / "index", *paths[1], day=moments[1]) == counts[1]
    assert paths[1][1].read_bytes() == written


def test_the_daily_task_forgets_what_is_old(tmp_path: Path, recipe: Callable[[str], ModuleType]) -> None:
    run = recipe("daily_task").run
    text = sentence(random.Random(3), 60)
    days = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]
    for name, day in zip("ab", days, strict=True):
        (tmp_path / f"{name}.jsonl").write_text(_lines([Article(name, text, published=day)]))
        counts = run(tmp_path / "index", tmp_path / f"{name}.jsonl", tmp_path / f"{name}.parquet", day=day)
        assert counts == {"original": 1}
    with Index.open(tmp_path / "index") as index:
        assert index.info().articles == 1
        assert index.article("b").text == text


def test_the_dagster_asset_judges_a_day(news: Path, recipe: Callable[[str], ModuleType]) -> None:
    dagster = pytest.importorskip("dagster")
    asset = recipe("dagster_asset").verdicts
    metadata = []
    with dagster.DagsterInstance.ephemeral() as instance:
        for day in (*DAYS, DAYS[1]):
            done = dagster.materialize([asset], partition_key=day, instance=instance)
            assert done.success
            (event,) = done.asset_materializations_for_node("verdicts")
            metadata.append({name: each.value for name, each in event.metadata.items()})
    assert [each["articles"] for each in metadata] == [20, 20, 20]
    assert metadata[2] == metadata[1] != metadata[0]
    said = _verdicts(news, DAYS[1])
    assert metadata[1] == {"articles": 20, **Counter(row["verdict"] for row in said)}
    assert {row["follows"] for row in said} & {each.id for each in PARTS[DAYS[0]]}


@pytest.mark.slow
def test_the_airflow_dag_judges_a_day(news: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("airflow")
    home = tmp_path_factory.mktemp("airflow")
    (home / "dags").mkdir()
    for name in ("airflow_dag.py", "daily_task.py"):
        shutil.copy(RECIPES / name, home / "dags")
    surroundings = {**os.environ, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    for arguments in (["db", "migrate"], ["dags", "test", "news_verdicts", DAYS[0]]):
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    assert len(_verdicts(news, DAYS[0])) == 20
