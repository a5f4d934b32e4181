"""Remote inputs: a web server and a small stand-in for an object store, both on this machine."""

from __future__ import annotations

import gzip
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from dedup.errors import InputError
from dedup.reading import read_articles, read_batches

TEXT = (
    "The tide gauge at Hallvik has been read aloud on the radio every morning since the war, by one family."
)


def lines(*ids: str) -> bytes:
    return "".join(
        json.dumps({"id": one, "source": "Gauge", "text": f"{TEXT} {one}"}) + "\n" for one in ids
    ).encode()


def table(*ids: str) -> bytes:
    out = io.BytesIO()
    texts = [f"{TEXT} {one}" for one in ids]
    pq.write_table(pa.table({"id": [*ids], "source": ["Gauge"] * len(ids), "text": texts}), out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(f"{name}.jsonl", content)
    return out.getvalue()


FILES = {
    "news/a.jsonl": lines("a1", "a2"),
    "news/b.jsonl.gz": gzip.compress(lines("b1")),
    "news/c.parquet": table("c1", "c2"),
    "news/deep/d.zip": archive(one=lines("d1")),
    "news/picture.png": b"\x89PNG\r\n\x1a\n\0\0",
    "news/_SUCCESS": b"",
}


class Store(BaseHTTPRequestHandler):
    """Files as a web server returns them, and as an object store lists them under ``/bucket``."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self.do_GET(body=False)

    def do_GET(self, body: bool = True) -> None:
        address = urlsplit(self.path)
        asked = parse_qs(address.query)
        name = unquote(address.path).removeprefix("/bucket").lstrip("/")
        if "list-type" in asked:
            self._answer(200, self._listed(asked.get("prefix", [""])[0]), "application/xml")
        elif name not in FILES:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>" if body else b"", "application/xml")
        else:
            self._answer(200, FILES[name], "application/octet-stream", body=body)

    def _listed(self, prefix: str) -> bytes:
        contents = "".join(
            f"<Contents><Key>{key}</Key><Size>{len(data)}</Size>"
            "<LastModified>2026-01-31T00:00:00.000Z</LastModified></Contents>"
            for key, data in sorted(FILES.items())
            if key.startswith(prefix)
        )
        count = contents.count("<Key>")
        return (
            f"<ListBucketResult><Name>bucket</Name><Prefix>{prefix}</Prefix><KeyCount>{count}</KeyCount>"
            f"<IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
        ).encode()

    def _answer(self, status: int, data: bytes, kind: str, *, body: bool = True) -> None:
        asked = self.headers.get("Range")
        whole = len(data)
        if asked and status == 200:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            begin, end = int(first or 0), min(int(last or whole - 1), whole - 1)
            data, status = data[begin : end + 1], 206
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Last-Modified", "Sat, 31 Jan 2026 00:00:00 GMT")
        if status == 206:
            self.send_header("Content-Range", f"bytes {begin}-{end}/{whole}")
        self.end_headers()
        if body:
            self.wfile.write(data)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Provide the host and port of a server that runs during the test."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the part of an address after the store."""
    if not hasattr(fs, "S3FileSystem"):
        pytest.skip("this pyarrow has no S3")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "invented")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return f"?endpoint_override={server}&scheme=http&region=us-east-1"


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("a.jsonl", ["a1", "a2"]),
        ("b.jsonl.gz", ["b1"]),
        ("c.parquet", ["c1", "c2"]),
        ("deep/d.zip", ["d1"]),
    ],
)
def test_files_of_a_web_server(server: str, name: str, ids: list[str]) -> None:
    pytest.importorskip("fsspec.implementations.http")
    pytest.importorskip("aiohttp")
    assert [one.id for one in read_articles([f"http://{server}/news/{name}"])] == ids


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("a.jsonl", ["a1", "a2"]),
        ("b.jsonl.gz", ["b1"]),
        ("c.parquet", ["c1", "c2"]),
        ("deep/d.zip", ["d1"]),
        ("*.jsonl", ["a1", "a2"]),
    ],
)
def test_files_of_an_object_store(bucket: str, name: str, ids: list[str]) -> None:
    assert [one.id for one in read_articles([f"s3://bucket/news/{name}{bucket}"])] == ids


def test_a_folder_of_an_object_store_beside_files_of_this_machine(bucket: str, tmp_path: Path) -> None:
    here = tmp_path / "here.jsonl"
    here.write_bytes(lines("h1"))
    reading = read_batches([f"s3://bucket/news{bucket}", here])
    ids = [one for batch in reading for one in batch.column("id").to_pylist()]
    assert ids == ["a1", "a2", "b1", "c1", "c2", "d1", "h1"]
    assert "1 file left out because of an ending that is not read" in reading.notes
    assert here in reading.paths


def test_what_is_not_there_is_said_without_secrets(server: str, bucket: str) -> None:
    pytest.importorskip("aiohttp")
    for address in (
        f"http://me:hidden@{server}/news/none.jsonl?signature=hidden",
        f"s3://bucket/none/x.jsonl{bucket}",
    ):
        with pytest.raises(InputError) as told:
            list(read_articles([address]))
        assert "none" in str(told.value)
        assert "check the address" in str(told.value)
        assert "hidden" not in str(told.value)
        assert "endpoint" not in str(told.value)


def test_a_server_that_cannot_be_reached(tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    good = tmp_path / "good.jsonl"
    good.write_bytes(lines("g1"))
    reading = read_batches(["http://127.0.0.1:9/x.jsonl", good], on_error="skip")
    assert [one for batch in reading for one in batch.column("id").to_pylist()] == ["g1"]
    (reject,) = reading.rejects
    assert "its server does not answer" in reject.reason


def test_an_address_of_an_unknown_kind() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(InputError, match="cannot be reached: Protocol not known"):
        list(read_articles(["nowhere://x/a.jsonl"]))
