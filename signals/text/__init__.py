"""From redacted text to the tokens everything else compares: clean, simplify, drop set phrases, segment."""

from signals.text.cleaning import clean, plain
from signals.text.segmenting import segment

__all__ = ["clean", "plain", "segment"]
