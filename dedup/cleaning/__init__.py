"""What is no story text: site furniture, and the credits that name an agency or a feed."""

from __future__ import annotations

from dedup.cleaning.credits import Credit, Credits, find_credit, find_credits
from dedup.cleaning.furniture import mark_furniture

__all__ = ["Credit", "Credits", "find_credit", "find_credits", "mark_furniture"]
