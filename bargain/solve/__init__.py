"""What theory says: the Pareto frontier and the solutions of bargaining theory."""

from bargain.solve.best_offer import best_offer
from bargain.solve.best_offers import BestOffers
from bargain.solve.certificate import Certificate
from bargain.solve.conflicts import smallest_conflict
from bargain.solve.curved_issues import CurvedIssues
from bargain.solve.egalitarian import egalitarian_solution
from bargain.solve.frontier import Frontier, ideal_point, pareto_frontier
from bargain.solve.kalai_smorodinsky import kalai_smorodinsky_solution
from bargain.solve.many import solve_many
from bargain.solve.many_problems import LinearIssues
from bargain.solve.many_solutions import ManySolutions
from bargain.solve.nash import nash_solution
from bargain.solve.perles_maschler import perles_maschler_solution
from bargain.solve.raiffa import raiffa_solution
from bargain.solve.rubinstein import rubinstein_solution
from bargain.solve.solution import Solution
from bargain.solve.utilitarian import utilitarian_solution
from bargain.solve.verify.verification import Verification

__all__ = [
    "BestOffers",
    "Certificate",
    "CurvedIssues",
    "Frontier",
    "LinearIssues",
    "ManySolutions",
    "Solution",
    "Verification",
    "best_offer",
    "egalitarian_solution",
    "ideal_point",
    "kalai_smorodinsky_solution",
    "nash_solution",
    "pareto_frontier",
    "perles_maschler_solution",
    "raiffa_solution",
    "rubinstein_solution",
    "smallest_conflict",
    "solve_many",
    "utilitarian_solution",
]
