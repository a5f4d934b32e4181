# ruff: noqa: E501 - markup reads better unbroken
"""Pages of a web archive to overlaps: how many a second, and the share of each stage.

Run it as ``python benchmarks/speed/web_archive.py [PAGES]``. The pages are invented: 240 words of an article,
of which a third is shared with another page, in some 80 kB of menus, teasers and scripts, as sites send them.
"""

from __future__ import annotations

import gzip
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from dedup.detector import find_overlaps
from dedup.reading import Reading, read_batches
from dedup.reading.options import ReaderOptions
from dedup.reading.page_text import article_of_page
from dedup.reading.page_workers import Page, cores
from dedup.reading.streams import ByteSource

#: A prime, so that the pages of one wire are at several sites.
_SITES = 199


def write_archive(path: Path, pages: int, seed: int = 0) -> None:
    """Write `pages` responses, each in a gzip member of its own, as crawlers do."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(3, 9))) for _ in range(4000)]
    wires = [_prose(chance, words, 80) for _ in range(max(1, pages // 3))]
    with path.open("wb") as out:
        for number in range(pages):
            body = _page(chance, words, wires[number % len(wires)], number).encode()
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                "WARC/1.0\r\nWARC-Type: response\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
                f"WARC-Date: 2026-01-31T00:00:00Z\r\nWARC-Target-URI: https://site{number % _SITES}.example/{number}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            out.write(gzip.compress(head.encode() + http + b"\r\n\r\n", 6))


def _prose(chance: random.Random, words: list[str], count: int) -> str:
    parts = []
    while count > 0:
        size = min(count, chance.randint(8, 18))
        parts.append(" ".join(chance.choices(words, k=size)).capitalize() + ".")
        count -= size
    return " ".join(parts)


def _linked(number: int) -> str:
    return (
        f'{{"@context":"https://schema.org","@type":"NewsArticle","headline":"Story {number}",'
        f'"datePublished":"2026-01-{number % 28 + 1:02}T10:00:00Z","publisher":{{"name":"Site {number % _SITES}"}}}}'
    )


def _page(chance: random.Random, words: list[str], wire: str, number: int) -> str:
    own = [_prose(chance, words, 80) for _ in range(2)]
    menu = "".join(f'<li class="menu-item"><a href="/c/{w}">{w}</a></li>' for w in words[:120])
    teasers = "".join(
        f'<div class="card"><a href="/s/{n}"><img src="/i/{n}.jpg" alt=""><h3>{_prose(chance, words, 6)}</h3></a></div>'
        for n in range(60)
    )
    state = ",".join(f'{{"id":{n},"t":"{words[n % 4000]}","u":"/x/{n}"}}' for n in range(1200))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Story {number}</title>'
        f'<meta property="og:site_name" content="Site {number % _SITES}">'
        f'<script type="application/ld+json">{_linked(number)}</script><style>{".a{margin:0}" * 300}</style></head><body>'
        f'<nav><ul>{menu}</ul></nav><main><article><h1>Story {number}</h1><div class="entry-content">'
        f"<p>{own[0]}</p><p>{wire}</p><p>{own[1]}</p></div></article></main>"
        f'<aside class="sidebar">{teasers}</aside><footer>{menu}</footer><script>var s=[{state}]</script></body></html>'
    )


def main(pages: int, turns: int = 3) -> None:
    """Print the rate, and the processor time of each stage with its share: medians of some turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pages.warc.gz")
        write_archive(path, pages)
        _run(path)  # compile, and fill the cache of pages
        costs = [_run(path) for _ in range(turns)]
        wall, spent, articles, overlaps = map(median, zip(*costs, strict=True))
        reading = median(_processor(lambda: _read(path)) for _ in range(turns))
        unpacked, extracted = map(median, zip(*(_alone(path) for _ in range(turns)), strict=True))
    print(
        f"{pages / wall:,.0f} pages/s to {overlaps:,.0f} overlaps of {articles:,.0f} articles; {cores()} cores"
    )
    print("stage                              processor ms a page   share")
    for name, seconds in (
        ("unpack and parse records", unpacked),
        ("page to article", extracted),
        ("pipes, checks, columns", reading - unpacked - extracted),
        ("overlaps", spent - reading),
        ("all", spent),
    ):
        print(f"{name:34} {1000 * seconds / pages:19.2f}  {seconds / spent:6.0%}")


def _read(path: Path) -> Reading:
    reading = read_batches([path], options=ReaderOptions(html="fast"))
    for _ in reading:
        pass
    return reading


def _run(path: Path) -> tuple[float, float, int, int]:
    """Seconds on the wall and of processors, articles, overlaps."""
    begin, found = time.perf_counter(), []
    spent = _processor(
        lambda: found.append(find_overlaps(read_batches([path], options=ReaderOptions(html="fast"))))
    )
    return time.perf_counter() - begin, spent, found[0].summary.articles, len(found[0].overlaps)


def _processor(work: Callable[[], object]) -> float:
    """Seconds of processors that the work takes, in this process and in those that it starts."""
    begin = os.times()
    work()
    end = os.times()
    return sum(end[:4]) - sum(begin[:4])


def _alone(path: Path) -> tuple[float, float]:
    from dedup.reading.archives import Archives
    from dedup.reading.fields import FieldMapping, Selector
    from dedup.reading.formats import HowToRead
    from dedup.reading.input_file import InputFile
    from dedup.reading.warc_files import page_of, records_of

    file = InputFile(str(path), path, "warc", "gzip")
    how = HowToRead(ByteSource("utf-8", None, lambda count: None, Archives()), Selector(FieldMapping()))
    found: list[Page] = []
    unpacked = _processor(lambda: found.extend(filter(None, map(page_of, records_of(file, how)))))
    extracted = _processor(
        lambda: [article_of_page(page.content, page.url, page.charset, fast=True) for page in found]
    )
    return unpacked, extracted


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
