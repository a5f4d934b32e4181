"""The recipes work as they are written."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from press_articles import corpus

from dedup.index import Index

RECIPES = Path(__file__).parents[2] / "recipes"
ARTICLES = corpus(9, 40)


def _recipe(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(name, RECIPES / f"{name}.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    records = ({"id": each.id, "source": each.source, "text": each.text} for each in ARTICLES)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_the_scrapy_pipeline_drops_a_copy(tmp_path: Path) -> None:
    recipe = _recipe("scrapy_pipeline")
    Index.create(tmp_path / "seen").close()
    pipeline = recipe.SeenBefore.from_crawler(
        SimpleNamespace(settings={"DEDUP_INDEX": str(tmp_path / "seen")})
    )
    pipeline.open_spider(None)
    first = {"url": "http://a/1", "source": "A", "text": ARTICLES[0].text}
    assert pipeline.process_item(first, None) is first
    with pytest.raises(recipe.DropItem, match="copy of http://a/1"):
        pipeline.process_item({"url": "http://b/1", "source": "B", "text": ARTICLES[0].text}, None)
    pipeline.close_spider(None)


CRAWL = """
import sys
from pathlib import Path
from scrapy import Spider
from scrapy.crawler import CrawlerProcess

class Pages(Spider):
    name = "pages"
    start_urls = [Path(page).as_uri() for page in sys.argv[2:]]

    def parse(self, response):
        yield {"url": response.url, "text": response.text}

process = CrawlerProcess({
    "ITEM_PIPELINES": {"scrapy_pipeline.SeenBefore": 300},
    "DEDUP_INDEX": sys.argv[1],
    "FEEDS": {sys.argv[1] + ".jsonl": {"format": "jsonlines"}},
    "CONCURRENT_REQUESTS": 1,
    "TELNETCONSOLE_ENABLED": False,
})
process.crawl(Pages)
process.start()
"""


def test_a_crawl_keeps_one_of_two_copies(tmp_path: Path) -> None:
    pytest.importorskip("scrapy")
    Index.create(tmp_path / "seen").close()
    pages = [tmp_path / f"{name}.txt" for name in "abc"]
    for page, article in zip(pages, (ARTICLES[0], ARTICLES[0], ARTICLES[1]), strict=True):
        page.write_text(article.text)
    paths = os.pathsep.join([str(RECIPES), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", CRAWL, tmp_path / "seen", *pages],
        env={**os.environ, "PYTHONPATH": paths},
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    lines = (tmp_path / "seen.jsonl").read_text().splitlines()
    kept = {json.loads(line)["url"] for line in lines}
    copies = {page.as_uri() for page in pages[:2]}
    assert pages[2].as_uri() in kept
    assert len(kept & copies) == 1
    assert f"Dropped: copy of {(kept & copies).pop()}" in done.stderr
    assert "ScrapyDeprecationWarning" not in done.stderr


def test_the_shell_pipe_passes_what_is_new(tmp_path: Path, lines: Path) -> None:
    program = tmp_path / "bin" / "dedup"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n')
    program.chmod(0o755)
    surroundings = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    outputs = [
        subprocess.run(
            [RECIPES / "pipe.sh", tmp_path / "index"],
            input=lines.read_text(),
            env=surroundings,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    assert outputs[0] == outputs[1]
    assert 0 < len(outputs[0].splitlines()) < len(ARTICLES)
