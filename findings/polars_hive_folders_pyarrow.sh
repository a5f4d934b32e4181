#!/usr/bin/env bash
# Expected: pyarrow.parquet.read_table reads a folder that polars wrote with partition_by, one folder for each outlet.
# Happens (polars 2.1.0, pyarrow 26.0.1): polars keeps the partitioning column in the files too, as large_string;
# pyarrow makes a dictionary column of the folders' names, and refuses to merge the two.
# Why it matters here: data sets parted by outlet or day come from both; so the files are read one by one, and the
# folders' names fill only what a file leaves empty (dedup/reading/partitions.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import os

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

os.mkdir("outlets")
frame = pl.DataFrame({"source": ["Post", "Wire"], "text": ["Rain falls.", "The pier closes."]})
frame.write_parquet("outlets", partition_by="source")
print("polars", pl.__version__, "pyarrow", pa.__version__, sorted(os.listdir("outlets")))
assert pl.read_parquet("outlets/").sort("source").equals(frame)
assert pq.read_table("outlets", partitioning=None).sort_by("source").to_pylist() == frame.to_dicts()
try:
    pq.read_table("outlets")
except pa.ArrowTypeError as error:
    print("ArrowTypeError:", error)
else:
    raise SystemExit("the folder was read")
PY
