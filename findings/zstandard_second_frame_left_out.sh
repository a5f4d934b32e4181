#!/usr/bin/env bash
# Expected: the ways in which zstandard reads a stream (stream_reader, copy_stream, read_to_iter) give the same bytes.
# Happens (zstandard 0.25.0): of a file made of two frames, as `cat monday.jsonl.zst tuesday.jsonl.zst` and compressors
# that work in parallel make it, read_to_iter and decompress give the first frame and end, without an error; the other
# two give all. gzip's and bz2's readers always go on.
# Why it matters here: most of a corpus may be left out while all that is read is sound; here such files are read
# through to their last byte, frame by frame (dedup/reading/compression.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check zstandard==0.25.0
"$folder/venv/bin/python" - <<'PY'
import io

import zstandard

compress, read = zstandard.ZstdCompressor().compress, zstandard.ZstdDecompressor()
monday, tuesday = b'{"id": "monday"}\n', b'{"id": "tuesday"}\n'
stored = compress(monday) + compress(tuesday)
copied = io.BytesIO()
read.copy_stream(io.BytesIO(stored), copied)
seen = {
    "stream_reader": read.stream_reader(io.BytesIO(stored)).read(),
    "copy_stream": copied.getvalue(),
    "read_to_iter": b"".join(read.read_to_iter(io.BytesIO(stored))),
    "decompress": read.decompress(stored),
}
print("zstandard", zstandard.__version__, seen)
assert list(seen.values()) == [monday + tuesday, monday + tuesday, monday, monday]
PY
