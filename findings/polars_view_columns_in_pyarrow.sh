#!/usr/bin/env bash
# Expected: pa.table(frame) and frame.to_arrow() of a polars frame give the same table, which pyarrow can select from.
# Happens (polars 2.1.0, pyarrow 26.0.1): to_arrow() gives large_string; pa.table(), which asks by the C interface,
# gives string_view, and pyarrow has no kernel for take, filter, is_in or utf8_length of it.
# Why it matters here: which of the two a user called decides whether columns can be worked with at all, so strings are
# cast at the door, before any row is chosen (dedup/reading/arrow_input.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PY'
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

frame = pl.DataFrame({"text": ["Rain falls.", "The pier closes."]})
asked, given = pa.table(frame), frame.to_arrow()
tries = {
    "take": lambda table: table.take([1]),
    "filter": lambda table: table.filter(pa.array([False, True])),
    "is_in": lambda table: pc.is_in(table["text"], pa.array(["Rain falls."], table["text"].type)),
    "utf8_length": lambda table: pc.utf8_length(table["text"]),
}
refused = []
for name, work in tries.items():
    work(given)
    try:
        work(asked)
    except pa.ArrowNotImplementedError:
        refused.append(name)
types = [str(table.schema.field("text").type) for table in (asked, given)]
print("polars", pl.__version__, "pyarrow", pa.__version__, types, "refused for the first:", refused)
assert types == ["string_view", "large_string"] and refused == list(tries)
PY
