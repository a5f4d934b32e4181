"""Compiler set-up for the kernels, and the intrinsics that they share."""
