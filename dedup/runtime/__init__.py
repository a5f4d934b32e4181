"""What a run stands on: scratch space, output files, threads, progress."""
