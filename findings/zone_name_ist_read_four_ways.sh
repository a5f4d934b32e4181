#!/usr/bin/env bash
# Expected: "Tue, 05 Mar 2024 10:00:00 IST", as in feeds of Indian outlets, is 04:30 UTC to each parser, or no date.
# Happens (feedparser 6.0.14, fastfeedparser 0.6.5, dateparser 1.5.0, dateutil 2.9.0): three moments, no word of doubt.
# feedparser takes a name that it does not know (also CET, JST) for UTC, the next takes India, dateparser Israel
# (08:00 UTC); dateutil drops the zone with a warning.
# Why it matters here: who had a story first is told by these times; a name of several zones is therefore settled by
# what is known of the outlet, or said to be open (dedup/reading/dates/zones.py).
set -euo pipefail
export TZ=UTC
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    feedparser==6.0.14 fastfeedparser==0.6.5 dateparser==1.5.0 python-dateutil==2.9.0.post0
"$folder/venv/bin/python" - <<'PY'
import datetime
import warnings

import dateparser
import dateutil.parser
import fastfeedparser
import feedparser

FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Post</title>'
    "<link>https://post.example/</link><description>News</description><item><title>Pier</title>"
    "<link>https://post.example/pier</link><pubDate>Tue, 05 Mar 2024 10:00:00 %s</pubDate></item></channel></rss>"
)
warnings.simplefilter("ignore")


def by_feedparser(zone):
    return "%02d:%02d UTC" % feedparser.parse(FEED % zone).entries[0].published_parsed[3:5]


def by_fastfeedparser(zone):
    return in_utc(datetime.datetime.fromisoformat(fastfeedparser.parse(FEED % zone).entries[0].published))


def in_utc(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%H:%M UTC") if moment.tzinfo else "no zone"


seen = {
    zone: {
        "feedparser": by_feedparser(zone),
        "fastfeedparser": by_fastfeedparser(zone),
        "dateparser": in_utc(dateparser.parse(f"Tue, 05 Mar 2024 10:00:00 {zone}")),
        "dateutil": in_utc(dateutil.parser.parse(f"Tue, 05 Mar 2024 10:00:00 {zone}")),
    }
    for zone in ("IST", "CET", "JST")
}
print("feedparser", feedparser.__version__, "dateparser", dateparser.__version__, "dateutil", dateutil.__version__)
for zone, answers in seen.items():
    print(zone, answers)
assert list(seen["IST"].values()) == ["10:00 UTC", "04:30 UTC", "08:00 UTC", "no zone"]
assert list(seen["CET"].values()) == ["10:00 UTC", "09:00 UTC", "09:00 UTC", "no zone"]
assert list(seen["JST"].values()) == ["10:00 UTC", "01:00 UTC", "01:00 UTC", "no zone"]
PY
