#!/usr/bin/env bash
# Expected: the place that a column's "find" gives is one that its "slice" takes, as in Python.
# Happens (polars 2.1.0, pyarrow 26.0.1): in both, find (str.find, str.find_many, find_substring) counts bytes of UTF-8,
# and slice (str.slice, utf8_slice_codeunits) counts characters. On plain English the two agree.
# Why it matters here: each curly quotation mark before a passage would move it by two characters, in silence; results
# have places in characters, and kernels that find bytes count them once (dedup/text/slicing.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PY'
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

text, passage = "\u201cNo,\u201d said the mayor of N\u00f6rhaven.", "the mayor"
series, array = pl.Series([text]), pa.array([text])
places = {
    "str.find of Python": text.find(passage),
    "polars str.find": series.str.find(passage, literal=True)[0],
    "polars str.find_many": series.str.find_many([passage])[0][0],
    "pyarrow find_substring": pc.find_substring(array, passage)[0].as_py(),
}
length = len(passage)
slices = {
    "polars": series.str.slice(places["polars str.find"], length)[0],
    "pyarrow": pc.utf8_slice_codeunits(
        array, places["pyarrow find_substring"], places["pyarrow find_substring"] + length
    )[0].as_py(),
}
print("polars", pl.__version__, "pyarrow", pa.__version__, places, slices)
assert list(places.values()) == [11, 15, 15, 15]
assert set(slices.values()) == {"mayor of "}
PY
