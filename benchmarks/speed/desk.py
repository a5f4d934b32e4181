"""How fast the desk answers: a check of some 600 words, by several clients at once, beside a large index.

    python benchmarks/speed/desk.py --articles 200000 --folder build/desk [--checks 10000] [-o FILE]

makes a corpus and an index in the folder unless they are there, starts ``dedup serve``, and prints as JSON
    start       seconds from the start of the process to the first ready /healthz
    median, p99 milliseconds of a check at the clients (POST /api/check, level detail), `clients` at once
    errors      answers other than 200
    memory      MB that the server holds after a tenth of the checks, and after all
    with_adds   the same while 20,000 further articles are added through the interface
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from dedup.index import Index
from dedup.reading import read_batches

HERE = Path(__file__).parent
WORDS = 600
PORT = 8397


def main() -> None:
    given = _arguments()
    folder: Path = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    index = _index(folder, given.articles)
    drafts = _drafts(folder / "corpus" / "articles.jsonl", 400)
    process, start = _started(index)
    try:
        measured = {"articles": given.articles, "clients": given.clients, "start": start}
        measured |= _checks(drafts, given.clients, given.checks, process.pid)
        if given.adds:
            measured["with_adds"] = _beside_adds(folder, drafts, given, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    text = json.dumps(measured, indent=1)
    print(text)
    if given.output:
        given.output.write_text(text + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000, help="of the index; default 200000")
    parser.add_argument("--clients", type=int, default=8, help="at once; default 8")
    parser.add_argument("--checks", type=int, default=2_000, help="default 2000")
    parser.add_argument("--adds", type=int, default=0, help="articles added beside further checks; default 0")
    parser.add_argument("--folder", type=Path, default=Path("build/desk"), help="default build/desk")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    return parser.parse_args()


def _index(folder: Path, articles: int) -> Path:
    corpus, index = folder / "corpus", folder / f"index-{articles}"
    if not (corpus / "articles.jsonl").exists():
        made = [sys.executable, str(HERE / "corpus.py"), "--articles", str(articles), "-o", str(corpus)]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    if not index.exists():
        with Index.create(index) as opened:
            opened.add(read_batches([corpus / "articles.jsonl"]))
    return index


def _drafts(path: Path, count: int) -> list[str]:
    """Texts of some 600 words: half of each is from a stored article, half from another."""
    chosen = random.Random(7)
    texts = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if chosen.random() < 0.01:
                texts.append(json.loads(line)["text"].split(" "))
            if len(texts) == 4 * count:
                break
    drafts = []
    for first, second in zip(texts[::2], texts[1::2], strict=False):
        words = [*first[: WORDS // 2], *second]
        if len(words) >= WORDS:
            drafts.append(" ".join(words[:WORDS]))
    return drafts[:count]


def _started(index: Path) -> tuple[subprocess.Popen[bytes], float]:
    dedup = Path(sys.executable).with_name("dedup")
    began = time.perf_counter()
    line = [dedup, "serve", "--index", index, "--port", str(PORT), "--quiet", "--rate", "100000"]
    process = subprocess.Popen(line)
    with httpx.Client() as client:
        while True:
            try:
                if client.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200:
                    return process, round(time.perf_counter() - began, 2)
            except httpx.TransportError:
                if process.poll() is not None:
                    raise
            time.sleep(0.02)


def _checks(drafts: list[str], clients: int, checks: int, pid: int) -> dict[str, Any]:
    times: list[float] = []
    errors: list[int] = []
    memory: list[int] = []
    lock = threading.Lock()
    left = iter(range(checks))

    def work(_: int) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
            while True:
                with lock:
                    number = next(left, None)
                    if number is not None and number == checks // 10:
                        memory.append(_megabytes(pid))
                if number is None:
                    return
                began = time.perf_counter()
                answer = client.post("/api/check", json={"text": drafts[number % len(drafts)]})
                seconds = time.perf_counter() - began
                with lock:
                    times.append(seconds)
                    if answer.status_code != 200:
                        errors.append(answer.status_code)

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    whole = time.perf_counter() - began
    memory.append(_megabytes(pid))
    return {
        "checks": checks,
        "median": round(1000 * statistics.median(times), 1),
        "p99": round(1000 * statistics.quantiles(times, n=100)[98], 1),
        "a_second": round(checks / whole, 1),
        "errors": len(errors),
        "memory": memory,
        "load": round(os.getloadavg()[0], 1),
    }


def _beside_adds(folder: Path, drafts: list[str], given: argparse.Namespace, pid: int) -> dict[str, Any]:
    path = folder / "added.jsonl"
    if not path.exists():
        made = [sys.executable, str(HERE / "corpus.py"), "--articles", str(given.adds), "--seed", "2"]
        subprocess.run([*made, "-o", str(folder / "more")], check=True, stdout=subprocess.DEVNULL)
        lines = (folder / "more" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        text = "".join(json.dumps(each | {"id": f"more-{each['id']}"}) + "\n" for each in records)
        path.write_text(text, encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    told: list[int] = []

    def add() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=600) as client:
            for start in range(0, len(lines), 1000):
                body = "\n".join(lines[start : start + 1000])
                kind = {"Content-Type": "application/x-ndjson"}
                items = client.post("/api/articles", content=body.encode(), headers=kind).json()["items"]
                told.append(sum(each["status"] in (200, 201) for each in items))

    adding = threading.Thread(target=add)
    adding.start()
    measured = _checks(drafts, given.clients, given.checks, pid)
    adding.join()
    return measured | {"added": sum(told)}


def _megabytes(pid: int) -> int:
    """What the process holds alone: pages of mapped files, which the system takes back at need, aside."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields["RssAnon"].split()[0]) // 1024


if __name__ == "__main__":
    main()
