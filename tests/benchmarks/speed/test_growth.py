"""Growth is fitted and shown."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from importlib.util import find_spec

import growth
import growth_page
import pytest
from measuring import Cost, run


def rows(kind: str, slope: float, threads: int = 1) -> list[dict]:
    costs = [
        (n, Cost(n**slope / 1000, 2 * n**slope / 1000, 10**8 + n, 3 * n)) for n in (1000, 10_000, 100_000)
    ]
    return [growth.row_of(kind, n, threads, cost) for n, cost in costs]


def test_exponent_of_a_power():
    assert growth.exponent([10, 100, 1000], [7 * n**1.25 for n in (10, 100, 1000)]) == pytest.approx(1.25)
    assert growth.exponent([10], [1]) is None
    assert growth.exponent([10, 10], [1, 2]) is None


def test_small_corpora_do_not_count_in_the_fit():
    measured = rows("news", 1.1) + rows("identical texts", 1.0)
    measured[0]["wall"] *= 100  # starting up
    news, identical = growth.fits(measured, least=10_000)
    assert news["sizes"] == [10_000, 100_000]
    assert news["wall_exponent"] == pytest.approx(1.1)
    assert identical["sizes"] == [1000, 10_000, 100_000]
    assert identical["cpu_exponent"] == pytest.approx(1.0)


def test_corpora_are_written_once(tmp_path):
    first = growth.corpus_of(tmp_path, 30, "identical texts")
    texts = {json.loads(line)["text"] for line in first.read_text("utf-8").splitlines()}
    assert len(texts) == 1
    written = first.stat().st_mtime_ns
    assert growth.corpus_of(tmp_path, 30, "identical texts").stat().st_mtime_ns == written
    copied = growth.corpus_of(tmp_path, 30, "one story copied")
    assert copied != first


def test_scratch_is_measured_while_it_is_there(tmp_path):
    script = (
        "import tempfile, time, pathlib\n"
        "with tempfile.TemporaryDirectory() as d:\n"
        "    pathlib.Path(d, 'x').write_bytes(bytes(3_000_000)); time.sleep(0.5)\n"
    )
    cost = run([sys.executable, "-c", script], threads=1, scratch=tmp_path)
    assert 3_000_000 <= cost.disk < 4_000_000
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_the_page_holds_plots_and_figures():
    measured = rows("news", 1.0) + rows("one <sentence>", 1.0, threads=2)
    record = {
        "machine": {"processor": "A & B"},
        "versions": {"dedup": "1"},
        "command": "dedup scan",
        "runs": 3,
        "rows": measured,
        "fits": growth.fits(measured, 1000),
    }
    page = growth_page.page(record)
    assert page.count("<svg") == page.count("</svg>") == len(growth_page.PLOTS)
    assert "A &amp; B" in page
    assert "one <sentence>" not in page
    assert "<td>100,000</td>" in page
    svg = growth_page.plot(measured, "wall", "Wall time", 1.0, True)
    drawn = ElementTree.fromstring(svg)
    assert any("2 threads" in (item.text or "") for item in drawn.iter())
    assert growth_page.plot(measured, "wall", "Wall time", 1.0, True) == svg
