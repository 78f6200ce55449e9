"""What two policies reach at the table: policies, acceptance conditions, sessions."""

from bargain.play.acceptance import Acceptance, AcceptNext
from bargain.play.offers import Offer
from bargain.play.policy import Plan, Policy
from bargain.play.policy_file import load_policy, policy_from_dict, policy_to_dict, save_policy
from bargain.play.presets import policy_from_name
from bargain.play.protocol import alternating_offers
from bargain.play.session import Session, round_times
from bargain.play.time_dependent import TimeDependent
from bargain.play.view import PartyView

__all__ = [
    "AcceptNext",
    "Acceptance",
    "Offer",
    "PartyView",
    "Plan",
    "Policy",
    "Session",
    "TimeDependent",
    "alternating_offers",
    "load_policy",
    "policy_from_dict",
    "policy_from_name",
    "policy_to_dict",
    "round_times",
    "save_policy",
]
