"""What every run needs: scratch space, output files, threads, progress."""
