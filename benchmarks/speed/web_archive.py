# ruff: noqa: E501 - markup reads better unbroken
"""Pages of a web archive to overlaps: how many a second, and the share of each stage.

Run it as ``python benchmarks/speed/web_archive.py [PAGES]``. The pages are invented: 240 words of an article,
of which a third is shared with another page, in some 80 kB of menus, teasers and scripts, as sites send them.
"""

from __future__ import annotations

import gzip
import random
import sys
import tempfile
import time
from pathlib import Path

from dedup.detector import find_overlaps
from dedup.reading import read_batches
from dedup.reading.options import ReaderOptions
from dedup.reading.page_text import article_of_page
from dedup.reading.streams import ByteSource


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
                f"WARC-Date: 2026-01-31T00:00:00Z\r\nWARC-Target-URI: https://site{number % 200}.example/{number}\r\n"
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
        f'<meta property="og:site_name" content="Site {number % 200}"><style>{".a{margin:0}" * 300}</style></head><body>'
        f'<nav><ul>{menu}</ul></nav><main><article><h1>Story {number}</h1><div class="entry-content">'
        f"<p>{own[0]}</p><p>{wire}</p><p>{own[1]}</p></div></article></main>"
        f'<aside class="sidebar">{teasers}</aside><footer>{menu}</footer><script>var s=[{state}]</script></body></html>'
    )


def main(pages: int) -> None:
    """Print the rate and the stages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pages.warc.gz")
        write_archive(path, pages)
        options = ReaderOptions(html="fast")
        list(read_batches([path], options=options))  # compile, and fill the cache of pages
        begin = time.perf_counter()
        batches = list(read_batches([path], options=options))
        read = time.perf_counter() - begin
        begin = time.perf_counter()
        report = find_overlaps(batches)
        rest = time.perf_counter() - begin
        begin = time.perf_counter()
        report_of_all = find_overlaps(read_batches([path], options=options))
        whole = time.perf_counter() - begin
        assert len(report.overlaps) == len(report_of_all.overlaps)
        articles = sum(batch.num_rows for batch in batches)
        print(f"{pages / whole:,.0f} pages/s to {len(report.overlaps):,} overlaps of {articles:,} articles")
        print("stage                        seconds   share")
        unpacked, extracted = _alone(path)
        for name, seconds in (
            ("unpack and parse records", unpacked),
            ("page to article, one core", extracted),
            ("reading, all cores", read),
            ("overlaps", rest),
        ):
            print(f"{name:28} {seconds:7.2f}  {seconds / whole:6.0%}")


def _alone(path: Path) -> tuple[float, float]:
    from dedup.reading.archives import Archives
    from dedup.reading.fields import FieldMapping, Selector
    from dedup.reading.formats import HowToRead
    from dedup.reading.inputs import InputFile
    from dedup.reading.warc_files import page_of, records_of

    file = InputFile(str(path), path, "warc", "gzip")
    how = HowToRead(ByteSource("utf-8", None, lambda count: None, Archives()), Selector(FieldMapping()))
    begin = time.perf_counter()
    found = [page for record in records_of(file, how) if (page := page_of(record)) is not None]
    unpacked = time.perf_counter() - begin
    begin = time.perf_counter()
    for page in found:
        article_of_page(page.content, page.url, page.charset, fast=True)
    return unpacked, time.perf_counter() - begin


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
