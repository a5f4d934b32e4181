#!/usr/bin/env bash
# Expected: "10:00 GMT+0530" is half past four in the morning UTC, as "10:00 +0530" is; JavaScript prints dates so.
# Happens (dateutil 2.9.0): behind the name of a zone the sign is turned round, as in the TZ variable of POSIX: GMT+0530
# gives -05:30, UTC+02:00 gives -02:00, EST-0500 gives +05:00.
# Why it matters here: times of one site would be off by twice its distance from Greenwich, here eleven hours, so that
# the copy comes before the original; dedup/reading/dates/zones.py reads the sign as it is meant.
set -euo pipefail
export TZ=UTC
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-dateutil==2.9.0.post0
"$folder/venv/bin/python" - <<'PY'
import dateutil
import dateutil.parser

day = "Tue Mar 05 2024 10:00:00 "
seen = {
    zone: dateutil.parser.parse(day + zone).strftime("%z")
    for zone in ("+0530", "GMT+0530", "GMT+0530 (IST)", "UTC+2", "UTC+02:00", "EST-0500")
}
print("dateutil", dateutil.__version__, seen)
assert list(seen.values()) == ["+0530", "-0530", "-0530", "-0200", "-0200", "+0500"]
PY
