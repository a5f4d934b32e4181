#!/usr/bin/env bash
# Expected: verify_payload_digest() of a sound record is true, whether or not FastWARC is asked to decode the payload.
# Happens (FastWARC 2.0.1, warcio 1.8.1): a chunked response whose digest warcio wrote passes as it is stored; with
# auto_decode="all" the digest is taken of the decoded payload, and the very same record fails.
# Why it matters here: pages are read decoded, so this method would call sound pages damaged; the reader of web archives
# (dedup/reading/warc_files.py) judges a page by whether it decodes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastwarc==2.0.1 warcio==1.8.1
"$folder/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

from fastwarc.warc import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

stream = io.BytesIO()
writer = WARCWriter(stream, gzip=False)
headers = StatusAndHeaders(
    "200 OK", [("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked")], protocol="HTTP/1.1"
)
payload = io.BytesIO(b"5\r\nRain \r\n6\r\nfalls.\r\n0\r\n\r\n")
writer.write_record(
    writer.create_warc_record("http://wire.example/rain", "response", payload=payload, http_headers=headers)
)
verdicts = {}
for decode in ("none", "all"):
    for record in ArchiveIterator(io.BytesIO(stream.getvalue()), auto_decode=decode):
        verdicts[decode] = record.verify_payload_digest(True)
print("FastWARC", version("fastwarc"), "warcio", version("warcio"), "by auto_decode:", verdicts)
assert verdicts == {"none": True, "all": False}
PY
