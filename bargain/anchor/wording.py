"""Words by what they could do to terms, for what is reported of a message that does not pass.

What may stand in a message is whole clauses (see `anchor.clauses`) and, beside terms, what joins
them: a list of what is allowed, not of what is not, as a word that nobody thought of could be a
promise, a condition or a hint.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HARMLESS = _words(
    """
    a accordingly am an and appreciate appreciated appreciates are arrangement arrangements as at
    aware be because been being both by can candid careful choice choices choose colleague
    colleagues combination combinations comfortable consider consideration considered considering
    constructive conversation could counteroffer counterproposal dear delighted discuss discussion
    discussions do either everyone excited fair feel find following follows for forward gentlemen
    get give glad gladly grateful great happy have having he hear hello help helpful her here here's
    hereby hers hi him his hope hopeful how i i'd i'll i'm i've in interest interested into is it
    it's its itself join kind kindly know ladies lay let let's like look looked looking madam make
    may me meet meeting meets message mine my names negotiation negotiations nice now of offer
    offered offering offers on our ours out outline outlined package packages parties party patience
    pick please pleased pleasure position prefer prepared present prompt proposal proposals propose
    proposed proposes proposing quick ready receive regarding regards relationship respond say see
    seems she should side sincerely sir so stands still suggest suggested suggesting suggestion
    suggestions suit suitable talk talking talks team terms thank thanks that that's the their them
    there there's these they they're thing think this those thoughtful thoughts through time to
    together too truly trust understand us version versions very view warm we we'd we'll we're we've
    welcome well what what's whether which whichever who will wish with work working works would you
    you'd you'll you're you've your yourself
    """
)
"""Words that are not worth a finding of their own in a clause that is not known."""

NEGATIONS = _words(
    """
    no not never none neither nor nothing nobody cannot can't couldn't won't wouldn't don't doesn't
    didn't isn't aren't wasn't weren't haven't hasn't shouldn't mustn't without refuse reject
    decline unable impossible unwilling unfortunately
    """
)

CONDITIONS = _words(
    """
    if unless but except although though however provided providing assuming until otherwise
    maybe perhaps possibly depending conditional subject contingent when once instead rather
    besides plus additionally extra
    """
)
"""What makes an offer another one: conditions, exceptions, additions."""

BOUNDS = _words(
    """
    about above almost approximately approx around below between circa down from least
    less lower lowest max maximum min minimum more most nearly over roughly some starting
    under up upto within higher highest better worse final last ceiling cap
    """
)
"""What makes a number a bound, a range or a guess."""

PRIVATE = _words(
    """
    reservation reserve target aspiration threshold utility utilities worth worths acceptable
    acceptance estimate estimated estimates probability chance likelihood believe believed belief
    beliefs batna walkaway limit limits deadline budget floor secret confidential
    private indifferent payoff payoffs gain gains surplus nash kalai egalitarian
    """
)
"""What names a private quantity, with or without its number."""

UNITS = _words(
    """
    eur euro euros usd dollar dollars cent cents gbp pound pounds chf franc francs jpy yen cny yuan
    percent pct second seconds minute minutes hour hours days week weeks month months quarter
    quarters year years daily weekly monthly quarterly yearly annual annually per kg g t ton tons
    tonne tonnes km m mm piece pieces unit units k thousand million
    """
)
"""Units that are anybody's; those of the advice are added to them."""

ACCEPTING = _words(
    "accept accepts accepted accepting agree agreed agrees agreeing deal yes settled"
)
LEAVING = _words(
    """
    leave leaving withdraw withdrawing end ending goodbye farewell stop stopping conclude
    concluding quit walk walking
    """
)
WAITING = _words("wait waiting await awaiting reply answer response turn hear")

ENDING_ALLOWED = _words(
    """
    agreement agree accept continue possible come together common ground away further
    unfortunately sorry regret decided longer ways future again
    """
)
"""Words for a message that ends the talks, where there are no terms to bend."""

BOUNDARIES = _words(
    "or alternatively alternative alternatives option options package proposal version"
)
"""What stands between packages."""

COUNTED = _words(
    """
    option options package packages offer offers alternative alternatives proposal proposals
    version versions choice choices combination combinations suggestion suggestions
    """
)
"""What packages are called when they are counted."""

IS = _words("of at in is to be would will as on set the")
"""What may stand between the name of an issue and its value."""

BELONGS = _words("of for as on in the")
"""What may stand between a value and the name of its issue."""

BENDING = _words("of time work")
"""Harmless words that make another value of the one right before them, as in "30 days of work"."""

JOINING = _words("and or with at for on a an the")
"""What may stand between terms, and between a clause and the terms that it brings on."""
