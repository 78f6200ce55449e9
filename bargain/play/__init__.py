"""What policies reach at the table: policies, acceptance conditions, models, sessions."""

from bargain.play.acceptance import (
    AcceptAbove,
    AcceptAfter,
    AcceptAll,
    Acceptance,
    AcceptAny,
    AcceptBest,
    AcceptNext,
    AcceptPrevious,
    accept_combined,
)
from bargain.play.adaptive import Adaptive
from bargain.play.batch import play_sessions
from bargain.play.concession import BezierConcession, ExponentialConcession, ResourceDependent
from bargain.play.measures import (
    FirstOfferEffect,
    Measures,
    first_offer_effect,
    session_measures,
)
from bargain.play.micro import MiCRO
from bargain.play.mixture import Mixture
from bargain.play.models import (
    BayesianModel,
    Estimate,
    FrequencyModel,
    ModelScore,
    OpponentModel,
    WindowedModel,
    score_model,
)
from bargain.play.moves import MOVES, Moves, concession_moves
from bargain.play.nice_tit_for_tat import NiceTitForTat
from bargain.play.offers import Offer
from bargain.play.packaged import packaged_policies
from bargain.play.policy import Plan, Policy
from bargain.play.policy_file import load_policy, policy_from_dict, policy_to_dict, save_policy
from bargain.play.presets import policy_from_name
from bargain.play.protocol import alternating_offers
from bargain.play.random_offers import RandomOffers
from bargain.play.responsive import LibraryPolicy
from bargain.play.scripted import Scripted
from bargain.play.seeds import SessionSeed
from bargain.play.session import ENDINGS, Session, round_times
from bargain.play.sessions import Sessions
from bargain.play.standings import Standing
from bargain.play.time_dependent import TimeDependent
from bargain.play.tit_for_tat import TitForTat
from bargain.play.tournament import tournament
from bargain.play.tournament_result import Tournament
from bargain.play.trade_off import TradeOff
from bargain.play.turn import Answer, Responsive, Turn
from bargain.play.view import PartyView

__all__ = [
    "AcceptAbove",
    "AcceptAfter",
    "AcceptAll",
    "AcceptAny",
    "AcceptBest",
    "AcceptNext",
    "AcceptPrevious",
    "Adaptive",
    "Acceptance",
    "Answer",
    "BayesianModel",
    "BezierConcession",
    "ENDINGS",
    "Estimate",
    "ExponentialConcession",
    "FirstOfferEffect",
    "FrequencyModel",
    "LibraryPolicy",
    "MOVES",
    "Measures",
    "MiCRO",
    "Mixture",
    "ModelScore",
    "Moves",
    "NiceTitForTat",
    "Offer",
    "OpponentModel",
    "PartyView",
    "Plan",
    "Policy",
    "RandomOffers",
    "ResourceDependent",
    "Responsive",
    "Scripted",
    "Session",
    "SessionSeed",
    "Sessions",
    "Standing",
    "TimeDependent",
    "TitForTat",
    "Tournament",
    "TradeOff",
    "Turn",
    "WindowedModel",
    "accept_combined",
    "alternating_offers",
    "concession_moves",
    "first_offer_effect",
    "load_policy",
    "packaged_policies",
    "play_sessions",
    "policy_from_dict",
    "policy_from_name",
    "policy_to_dict",
    "round_times",
    "save_policy",
    "score_model",
    "session_measures",
    "tournament",
]
