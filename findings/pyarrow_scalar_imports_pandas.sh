#!/usr/bin/env bash
# Expected: pa.array(["a"]) or pa.scalar("a"), of plain Python values with a type given, has no need of pandas.
# Happens (pyarrow 26.0.1, pandas 3.1.1): the first such call imports pandas, some hundreds of modules, wherever it is
# installed. pa.nulls and arrays made of buffers do not.
# Why it matters here: a command that never sees a frame starts slower on the machine of whoever has pandas, though no
# module of ours imports it; start-up has to be looked at in an environment with pandas.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1 pandas==3.1.1
after() {
    "$folder/venv/bin/python" -c "import sys, pyarrow as pa; before = len(sys.modules); $1
print('pandas' in sys.modules, len(sys.modules) - before)"
}
"$folder/venv/bin/python" -c 'import pandas as pd, pyarrow as pa; print("pyarrow", pa.__version__, "pandas", pd.__version__)'
seen=""
for call in 'pa.nulls(2, pa.string())' 'pa.array(["a"], pa.string())' 'pa.scalar("a", pa.string())'; do
    imported=$(after "$call")
    echo "$call: pandas imported, new modules: $imported"
    seen="$seen ${imported% *}"
done
[ "$seen" = " False True True" ]
