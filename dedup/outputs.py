"""Output files that are written beside their target and renamed into place; see `dedup.runtime.outputs`."""

from dedup.runtime.outputs import written_beside

__all__ = ["written_beside"]
