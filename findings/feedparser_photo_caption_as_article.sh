#!/usr/bin/env bash
# Expected: of an RSS item that has a <description> and, within its picture's <media:content>, a <media:description>,
# feedparser gives the first as the summary and the second as something of the picture.
# Happens (feedparser 6.0.14): the two are one field. If the picture comes last, entry.content, where the full text is
# looked for, is its caption; if the picture comes first, the caption is entry.summary and the teaser entry.content.
# Why it matters here: captions would be compared as articles, and the agency's photo credit would count as the text's,
# so dedup/reading/feeds.py reads an item's own elements and passes over those of the media namespace.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14
"$folder/venv/bin/python" - <<'PY'
import feedparser

TEASER = "<description>The council votes on the pier.</description>"
PICTURE = (
    '<media:content url="https://post.example/gull.jpg" medium="image">'
    "<media:description>A gull. Photo: The Wire</media:description></media:content>"
)
FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
    "<title>Post</title><link>https://post.example/</link><description>News</description>"
    "<item><title>Pier</title><link>https://post.example/pier</link>%s</item></channel></rss>"
)
seen = []
for inside in (TEASER, TEASER + PICTURE, PICTURE + TEASER):
    entry = feedparser.parse(FEED % inside).entries[0]
    seen.append((entry.summary, [each.value for each in entry.get("content", [])]))
print("feedparser", feedparser.__version__, *seen, sep="\n")
teaser, caption = "The council votes on the pier.", "A gull. Photo: The Wire"
assert seen == [(teaser, []), (teaser, [caption]), (caption, [teaser])]
PY
