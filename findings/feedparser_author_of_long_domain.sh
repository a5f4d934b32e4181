#!/usr/bin/env bash
# Expected: of <author>desk@wire.example (Ann Doe)</author>, the form that RSS 2.0 describes, feedparser gives the
# address and the name, whatever top-level domain the address has.
# Happens (feedparser 6.0.14): an address ends after four letters of its last part, as if there were no .agency, .media
# or .london; what is left of it goes into the name: "ple (Ann Doe".
# Why it matters here: bylines and credits that are compared as names would be of nobody; dedup/reading/feeds.py leaves
# the author of an item alone and looks for credits in the article's own lines.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14
"$folder/venv/bin/python" - <<'PY'
import feedparser

FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wire</title>'
    "<link>https://wire.example/</link><description>News</description><item><title>Pier</title>"
    "<author>%s (Ann Doe)</author></item></channel></rss>"
)
seen = [
    dict(feedparser.parse(FEED % address).entries[0].author_detail)
    for address in ("desk@wire.test", "desk@wire.example")
]
print("feedparser", feedparser.__version__, *seen, sep="\n")
assert seen == [
    {"name": "Ann Doe", "email": "desk@wire.test"},
    {"name": "ple (Ann Doe", "email": "desk@wire.exam"},
]
PY
