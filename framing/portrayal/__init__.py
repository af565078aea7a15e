"""What can be read off the text: which parties a unit names."""

from __future__ import annotations

from framing.portrayal.parties import mentions

__all__ = ["mentions"]
