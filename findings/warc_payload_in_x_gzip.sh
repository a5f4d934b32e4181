#!/usr/bin/env bash
# Expected: readers of web archives take Content-Encoding: x-gzip for gzip, as RFC 9110 (8.4.1.3) asks for.
# Happens (FastWARC 2.0.1, warcio 1.8.1): warcio's content_stream() hands over the compressed bytes without a word, and
# FastWARC refuses them with an error that speaks of a Transfer-Encoding; both read the very same record as "gzip".
# Why it matters here: compressed bytes that are read as a page are an article of noise; a payload that does not decode
# costs that page and nothing else (dedup/reading/warc_files.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastwarc==2.0.1 warcio==1.8.1
"$folder/venv/bin/python" - <<'PY'
import gzip
import io
from importlib.metadata import version

from fastwarc.warc import ArchiveIterator as FastWarc
from warcio.archiveiterator import ArchiveIterator as Warcio

page = b"<p>The northern pier closes.</p>"


def archive(coding):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: %s\r\n\r\n" % coding
    http += gzip.compress(page, mtime=0)
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://wire.example/pier\r\n"
        b"WARC-Date: 2024-03-05T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:0d5f4a3e-6c1b-4f0e-9a52-2b7f10c3d4e5>\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    )


def by_warcio(stream):
    return [record.content_stream().read() for record in Warcio(stream)]


def by_fastwarc(stream):
    try:
        return [record.reader.read() for record in FastWarc(stream, auto_decode="all")]
    except OSError as error:
        return str(error)


seen = {
    coding: [read(io.BytesIO(archive(coding))) for read in (by_warcio, by_fastwarc)] for coding in (b"gzip", b"x-gzip")
}
print("warcio", version("warcio"), "FastWARC", version("fastwarc"), *seen.items(), sep="\n")
assert seen[b"gzip"] == [[page], [page]]
assert seen[b"x-gzip"] == [[gzip.compress(page, mtime=0)], "Unsupported Transfer-Encoding: x-gzip"]
PY
