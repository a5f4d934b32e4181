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

RECIPES = Path(__file__).parents[1] / "recipes"
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
