"""Aligned passages to overlaps: places, coverage and relations."""
