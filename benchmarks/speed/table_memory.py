"""The memory of a run over a table that is in memory, beside that of a run over the same articles in a file.

``python benchmarks/speed/table_memory.py ARTICLES.jsonl --articles 350000`` takes about a gigabyte of texts.
A table that is not copied costs its own size: the peak is at most that of the file's run and 1.3 times the
table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

import pyarrow as pa

RUN = """
import json, sys
import pyarrow as pa
from dedup import find_overlaps, read_batches
from dedup.runtime.measures import peak_memory
if sys.argv[1] == "table":
    with pa.ipc.open_file(sys.argv[2]) as reader:  # not mapped: its bytes are the process's own
        given = reader.read_all()
    size = given.nbytes
else:
    given, size = read_batches([sys.argv[2]]), 0
report = find_overlaps(given)
print(json.dumps({"table": size, "peak": peak_memory(), "overlaps": report.summary.overlaps}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--articles", type=int, default=350_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "articles.arrow"
        schema = pa.schema([("id", pa.string()), ("source", pa.string()), ("text", pa.string())])
        with (
            given.source.open("rb") as lines,
            pa.OSFile(str(path), "wb") as out,
            pa.ipc.new_file(out, schema) as writer,
        ):
            while rows := [json.loads(line) for line in islice(lines, min(10_000, given.articles))]:
                given.articles -= len(rows)
                columns = {name: [row[name] for row in rows] for name in schema.names}
                writer.write(pa.record_batch(columns, schema))
        found = {}
        for how in ("file", "table"):
            line = [sys.executable, "-c", RUN, how, str(path)]
            found[how] = json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
    table, of_file, of_table = found["table"]["table"], found["file"]["peak"], found["table"]["peak"]
    for name, size in (("table", table), ("peak of the file's run", of_file), ("of the table's", of_table)):
        print(f"{name}: {size / 1e6:,.0f} MB")
    print(f"the table's run holds {(of_table - of_file) / table:.2f} times the table more")
    assert found["file"]["overlaps"] == found["table"]["overlaps"]


if __name__ == "__main__":
    main()
