#!/usr/bin/env bash
# Expected: leaving `with pa.CompressedInputStream(file, "zstd")` closes the wrapper and leaves the caller's file open.
# Happens (pyarrow 26.0.1): the Python file object that was handed in is closed as well.
# Why it matters here: an archive member or standard input that is sniffed through such a wrapper cannot be read
# again afterwards, so the reader of compressed inputs keeps the wrapper open until it is done with the file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import pyarrow as pa

with pa.CompressedOutputStream("text.zst", "zstd") as stream:
    stream.write(b"one two three")
with open("text.zst", "rb") as file:
    with pa.CompressedInputStream(file, "zstd") as stream:
        text = stream.read()
    print("pyarrow", pa.__version__, text, "closed" if file.closed else "open")
    assert file.closed
PY
