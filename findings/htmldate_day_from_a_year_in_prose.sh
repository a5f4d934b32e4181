#!/usr/bin/env bash
# Expected: for a page that says nowhere when it was published, htmldate gives no date.
# Happens (htmldate 1.11.0): "In 1998 the pier was built", or a copyright line, makes it a page of 1998-01-01 or
# 2019-01-01, a whole day like any other; a law of 12 May 1999 makes it one of 1999-05-12. With extensive_search=False
# none of the three is given.
# Why it matters here: such a page would be the earliest and thus the origin of its story; a date here comes from what
# the page declares, with the precision that it has (dedup/reading/page_metadata.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check htmldate==1.11.0
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from htmldate import find_date

PAGE = "<html><head><title>Pier</title></head><body><article><p>%s</p></article><footer>%s</footer></body></html>"
pages = [
    PAGE % ("In 1998 the pier was built, the council said.", ""),
    PAGE % ("The council votes on the pier.", "\u00a9 2019 The Post"),
    PAGE % ("The law of 12 May 1999 holds, the council said.", ""),
    PAGE % ("The council votes on the pier.", ""),
]
seen = [(find_date(page), find_date(page, extensive_search=False)) for page in pages]
print("htmldate", version("htmldate"), seen)
assert [date for date, _ in seen] == ["1998-01-01", "2019-01-01", "1999-05-12", None]
PY
