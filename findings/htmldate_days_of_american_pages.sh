#!/usr/bin/env bash
# Expected: htmldate reads "03/05/2024" on a page that calls itself American English (lang="en-US") as 5 March.
# Happens (htmldate 1.11.0): the first number is the day, whatever the language, if it can be one: 5 March becomes
# 3 May, while "03/25/2024" on the next page of the same site is 25 March.
# Why it matters here: the first twelve days of each month are scattered over the year, the others are right, and no
# single page shows it; which number is the day is told by all dates of an outlet (dedup/reading/dates/deciding.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check htmldate==1.11.0
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from htmldate import find_date

PAGE = '<html lang="en-US"><head><title>Pier</title><meta name="date" content="{}"></head><body></body></html>'
LINE = '<html lang="en-US"><head><title>Pier</title></head><body><span class="date">{}</span></body></html>'
seen = {day: [find_date(page.format(day)) for page in (PAGE, LINE)] for day in ("03/05/2024", "03/25/2024")}
print("htmldate", version("htmldate"), seen)
assert seen == {"03/05/2024": ["2024-05-03"] * 2, "03/25/2024": ["2024-03-25"] * 2}
PY
