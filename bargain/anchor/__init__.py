"""What an agent should do now: the anchor and its advice."""

from bargain.anchor.advice import Advice, advice_schema
from bargain.anchor.anchor import Anchor
from bargain.anchor.guard import Guard
from bargain.anchor.history import history_from_json

__all__ = ["Advice", "Anchor", "Guard", "advice_schema", "history_from_json"]
