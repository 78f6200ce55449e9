"""What an agent should do now: the anchor and its advice."""

from bargain.anchor.advice import Advice, advice_schema
from bargain.anchor.anchor import Anchor
from bargain.anchor.attacks import ATTACKS, Attack, AttackResult, redteam
from bargain.anchor.blur import Blur
from bargain.anchor.clock import Clock
from bargain.anchor.guard import Guard
from bargain.anchor.history import Preference, Remark, history_from_json
from bargain.anchor.limits import Limits

__all__ = [
    "ATTACKS",
    "Advice",
    "Anchor",
    "Attack",
    "AttackResult",
    "Blur",
    "Clock",
    "Guard",
    "Limits",
    "Preference",
    "Remark",
    "advice_schema",
    "history_from_json",
    "redteam",
]
