"""The words a message may be made of, besides the terms it states.

A list of what is allowed, not of what is not: a word that nobody thought of could be a promise, a
condition or a hint. Words that add, bound or explain are left out on purpose.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HARMLESS = _words(
    """
    a accordingly am an and are arrangement arrangements as at aware be because been being both
    bring by came can candid choice choices choose colleague colleagues combination combinations
    come comfortable consider consideration considered considering constructive conversation could
    day dear delighted details discuss discussion discussions do either email evening
    everyone excited explore fair feel find follow following follows for forward
    gentlemen get give glad grateful happy have having he hear hello
    help helpful her here here's hereby hers hi him his hope hopeful how i i'd i'll i'm i've idea
    in interest interested into is it it's its itself join kind kindly know ladies lay let let's
    like look looking madam mail make may me meet meeting meets message might mine morning my
    names negotiation negotiations nice now of offer offered offering offers on our ours
    out outline outlined package packages parties party pick please pleased pleasure possible
    prepared present proposal proposals propose proposed proposes proposing put ready receive
    regarding regards respond sake say see seems send set share she should side sincerely sir so
    suggest suggested suggesting suggestion suggestions suit suitable table talk
    talking talks team terms thank thanks that that's the their them there there's these they
    they're thing think this those thoughtful thoughts through time to today together too truly
    trust understand us version versions very view warm we we'd we'll we're we've welcome well
    what what's whether which whichever who will wish with work would you you'd
    you'll you're you've your yours yourself
    """
)
"""Greetings, courtesies and the verbs of offering."""

PHRASES = (
    ("good", "morning"),
    ("good", "evening"),
    ("good", "day"),
    ("how", "about"),
    ("what", "about"),
    ("best", "regards"),
    ("best", "wishes"),
    ("one", "of", "the", "following"),
    ("one", "of", "these"),
    ("either", "one"),
    ("which", "one"),
    ("whichever", "one"),
)
"""Harmless only together."""

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
    "accept accepts accepted accepting agree agreed agrees agreeing deal yes done settled"
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
    agreement agree accept continue possible together common ground away further unfortunately
    sorry regret decided longer ways future again
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
