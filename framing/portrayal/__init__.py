"""What can be read off the text: which parties a unit mentions."""

from __future__ import annotations

from framing.portrayal.parties import mentions, references

__all__ = ["mentions", "references"]
