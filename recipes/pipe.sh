#!/bin/sh
# A shell pipe: new articles only, each with its verdict. Run it again after any failure.
#     recipes/pipe.sh INDEX < articles.jsonl > new.jsonl
# With a compressed input: zstdcat articles.jsonl.zst | recipes/pipe.sh INDEX | …
set -eu
[ -d "$1" ] || dedup index create "$1" --quiet
exec dedup filter --index "$1" --policy drop --batch 1000 --quiet
