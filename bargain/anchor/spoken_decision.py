"""Whether all that a message says beside its terms is known, and says the decision of an advice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bargain.anchor.advice import PublicDecision
from bargain.anchor.clauses import SAYING
from bargain.anchor.spoken_clauses import Clause
from bargain.anchor.tokens import Token
from bargain.anchor.wording import BOUNDARIES, JOINING

MOST_JOINING = 3
"""Most words that join a term to what stands before it: "and at the"."""

THROUGH = frozenset(":,*_()\"'“”‘’-–—")
"""Signs that may stand between what joins terms and the term."""

BEHIND = frozenset({("suit", "you"), ("work", "for", "you"), ("it", "is")})
"""What may stand right behind a term: "would 110 USD suit you", "110 USD it is"."""


def unread(
    tokens: Sequence[Token], prose: Sequence[int], terms: Collection[int], several: bool
) -> Iterator[tuple[int, ...]]:
    """Yield the clauses in the prose of a message that only join no terms to one another.

    What a known clause is made of is not in `prose`. Of what is left a clause ends with every
    sign, line and term; it may be a few words before a term ("and a"), or what a package is called
    before its label or its terms ("option"), nothing else.

    Parameters
    ----------
    tokens
    prose : positions of tokens
    terms : positions of the tokens at which terms and labels begin and end
    several : whether there are several packages
    """
    for clause in _clauses(tokens, prose):
        words = [tokens[at].word for at in clause]
        behind = clause[-1] + 1
        while behind < len(tokens) and tokens[behind].text in THROUGH:
            behind += 1
        joins = len(words) <= MOST_JOINING and behind in terms
        if clause[0] - 1 in terms and tuple(words) in BEHIND:
            continue
        if joins and behind == clause[-1] + 1 and JOINING.issuperset(words):
            continue
        if joins and several and (JOINING | BOUNDARIES | {"either", "our"}).issuperset(words):
            continue
        yield tuple(clause)


def is_said(
    tokens: Sequence[Token],
    prose: Sequence[int],
    known: Sequence[Clause],
    decision: PublicDecision,
) -> bool:
    """Whether a message says the decision, and one thing only; a counter says it by its packages.

    Who accepts or leaves asks nothing; who holds waits for an answer or is to give one.
    """
    if decision == "counter":
        return True
    saying = SAYING[decision]
    said = {saying[clause.act] for clause in known if clause.act in saying}
    asks = decision != "hold" and any(tokens[at].text == "?" for at in prose)
    return len(said) == 1 and not asks


def _clauses(tokens: Sequence[Token], prose: Sequence[int]) -> Iterator[list[int]]:
    clause: list[int] = []
    for at in prose:
        token = tokens[at]
        breaks = token.kind == "sign" or token.opens_line or (clause and clause[-1] != at - 1)
        if breaks and clause:
            yield clause
            clause = []
        if token.kind != "sign":
            clause.append(at)
    if clause:
        yield clause
