"""What a run found, written for people and for programs.

`write` picks the format. The writers are `dedup.reporting.json_lines`, `tables` (CSV, Parquet), `terminal`
and `html_page`; each is imported only when it is used.
"""

from dedup.reporting.formats import Format, format_of, write

__all__ = ["Format", "format_of", "write"]
