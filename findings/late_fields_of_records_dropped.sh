#!/usr/bin/env bash
# Expected: a field that only later records have is a column, or an error: read_ndjson, from_dicts, from_pylist.
# Happens (polars 2.1.0, pyarrow 26.0.1): polars looks at the first 100 records and Table.from_pylist at the first one;
# what later records have besides is dropped without a word. pyarrow's json.read_json keeps it.
# Why it matters here: in the JSON lines of a scan all overlaps come before all articles, so what only articles have
# would be gone; therefore report.to_arrow and to_polars give one table for each kind, with its whole schema.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PY'
import io
import json

import polars as pl
import pyarrow as pa
import pyarrow.json

records = [{"kind": "overlap", "a": f"post-{n}"} for n in range(200)]
records += [{"kind": "article", "id": "post-1", "credited": True}]
lines = "".join(json.dumps(each) + "\n" for each in records).encode()
columns = {
    "polars.read_ndjson": pl.read_ndjson(io.BytesIO(lines)).columns,
    "polars.from_dicts": pl.from_dicts(records).columns,
    "pyarrow.Table.from_pylist": pa.Table.from_pylist(records).column_names,
    "pyarrow.json.read_json": pyarrow.json.read_json(io.BytesIO(lines)).column_names,
}
print("polars", pl.__version__, "pyarrow", pa.__version__, columns)
assert list(columns.values()) == [["kind", "a"]] * 3 + [["kind", "a", "id", "credited"]]
PY
