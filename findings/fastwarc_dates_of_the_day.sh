#!/usr/bin/env bash
# Expected: FastWARC's record_date reads each WARC-Date that WARC 1.1 allows: also a year, a month or a day alone.
# Happens (FastWARC 2.0.1): it is None for these, as for a record without a date; to the minute and finer it is right.
# Why it matters here: digitised collections date their records so, and sorting by record_date would lose or misplace
# them; here an article's time is what the page tells of itself (dedup/reading/page_metadata.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastwarc==2.0.1
"$folder/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

from fastwarc.warc import ArchiveIterator

RECORD = (
    "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: http://wire.example/pier\r\nWARC-Date: %s\r\n"
    "WARC-Record-ID: <urn:uuid:0d5f4a3e-6c1b-4f0e-9a52-2b7f10c3d4e5>\r\nContent-Type: text/plain\r\n"
    "Content-Length: 17\r\n\r\nThe pier closes.\n\r\n\r\n"
)
dates = ("1924", "1924-03", "1924-03-05", "1924-03-05T10:00Z", "1924-03-05T10:00:00.5Z")
seen = {}
for date in dates:
    for record in ArchiveIterator(io.BytesIO((RECORD % date).encode())):
        seen[date] = record.record_date and record.record_date.isoformat()
print("FastWARC", version("fastwarc"), seen)
assert list(seen.values()) == [None, None, None, "1924-03-05T10:00:00+00:00", "1924-03-05T10:00:00.500000+00:00"]
PY
