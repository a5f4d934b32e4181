"""Set-up of the kernels' compiler, and the intrinsics that kernels share."""
