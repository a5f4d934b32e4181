#!/usr/bin/env bash
# Expected: two readers of web archives give the same address for WARC-Target-URI: <http://wire.example/pier>, the form
# that the grammar of WARC 1.0 describes and that Wget writes.
# Happens (FastWARC 2.0.1, warcio 1.8.1): warcio takes the angle brackets away, FastWARC hands them over.
# Why it matters here: an address in brackets has no host, so the outlet would be lost, and the same page from two
# archives would have two ids; dedup/reading/warc_files.py takes them away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastwarc==2.0.1 warcio==1.8.1
"$folder/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

from fastwarc.warc import ArchiveIterator as FastWarc
from warcio.archiveiterator import ArchiveIterator as Warcio

http = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nThe northern pier closes."
head = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://wire.example/pier>\r\n"
    b"WARC-Date: 2024-03-05T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:0d5f4a3e-6c1b-4f0e-9a52-2b7f10c3d4e5>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(http)
)
archive = head + http + b"\r\n\r\n"
fast = [record.headers.get("WARC-Target-URI") for record in FastWarc(io.BytesIO(archive))]
other = [record.rec_headers.get_header("WARC-Target-URI") for record in Warcio(io.BytesIO(archive))]
print("FastWARC", version("fastwarc"), fast, "warcio", version("warcio"), other)
assert fast == ["<http://wire.example/pier>"] and other == ["http://wire.example/pier"]
PY
