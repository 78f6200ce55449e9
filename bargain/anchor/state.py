"""What an anchor has seen and said, as a short text that shows when a history was changed."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from bargain.anchor.history import Heard, Preferred, Said, Story
from bargain.errors import InvalidArgumentError
from bargain.model import BargainingProblem, Outcome

VERSION = "1"
_FORM = re.compile(r"1\.[0-9]{1,9}\.[0-9a-f]{64}\.[0-9a-f-]*", re.ASCII)
SHORT = 16
"""Hexadecimal digits of the digest of a package."""

MOST_SAID = 10_000
"""Most values that are looked at of something that is no outcome."""


def sealed(
    problem: BargainingProblem,
    party: int,
    story: Story,
    packages: Iterable[Outcome],
    key: bytes | None,
) -> str:
    """Return the state after a history and the packages that were advised to be offered.

    `1.<entries>.<chain>.<package>-<package>.<seal>`: the chain is the last of the digests
    h_i = SHA-256(h_{i-1}, entry i), from one of issues and party; the seal is a digest of what
    stands before it, keyed if there is a key (HMAC).
    """
    offered = "-".join(_of_package(problem, package) for package in packages)
    body = f"{VERSION}.{len(story.order)}.{_chain(problem, party, story.order)}.{offered}"
    return f"{body}.{_seal(body, key)}"


def contradiction(
    problem: BargainingProblem, party: int, story: Story, state: str | None, key: bytes | None
) -> str | None:
    """Return how a history contradicts an earlier state; None if it goes on from there.

    Raises
    ------
    InvalidArgumentError
        If the state is no text.
    """
    if state is None:
        return None
    if not isinstance(state, str):
        raise InvalidArgumentError.at("state", "the state of an earlier advice", state)
    body, _, seal = state.rpartition(".")
    genuine = hmac.compare_digest(_seal(body, key).encode(), seal.encode("utf-8", "replace"))
    # without a key anybody can make a seal, but not the rest
    if not genuine or not _FORM.fullmatch(body):
        return "the state is not one that this anchor gave"
    count, chain, offered = _parts(state)
    if count > len(story.order):
        # how these were spread over entries a state does not say
        return f"the history has {len(story.order)} offers, claims and preferences, and had {count}"
    if chain != _chain(problem, party, story.order[:count]):
        entries = story.places[count - 1] + 1 if count else 0
        if entries == 1:
            return "the first entry of the history is not what it was"
        return f"the first {entries} entries of the history are not what they were"
    said = [each for each in story.order[count:] if isinstance(each, Heard)]
    if offered and said and said[0].party == party:
        made = said[0].outcome
        if made is None or _of_package(problem, made) not in offered:
            return "the history has an own offer that was not advised"
    return None


def stands(
    problem: BargainingProblem, party: int, story: Story, state: str | None, outcome: Outcome
) -> bool:
    """Whether an outcome is one of the packages offered last.

    As the history has it, or as a state has it that the history does not contradict: the history
    has only one of the packages that were offered to choose from.
    """
    own = [each for each in story.offers if each.party == party]
    if own and own[-1].outcome == outcome:
        return True
    if state is None:
        return False
    count, _, offered = _parts(state)
    since = [each for each in story.order[count:] if isinstance(each, Heard)]
    is_latest = bool(since) and [each.party for each in since].count(party) == 1
    is_latest = is_latest and since[0].party == party
    return is_latest and _of_package(problem, outcome) in offered


def _parts(state: str) -> tuple[int, str, list[str]]:
    """Return how many entries a state has seen, their chain, and what was offered."""
    _, count, chain, offered, _ = state.split(".")
    return int(count), chain, offered.split("-") if offered else []


def _chain(problem: BargainingProblem, party: int, order: Sequence[Said]) -> str:
    start = [
        _values([i.name, i.kind, i.unit, i.values, i.low, i.high, i.step])
        for i in problem.space.issues
    ]
    digest = _digest([start, list(problem.parties), party])
    for entry in order:
        digest = _digest([digest, _plain(problem, entry)])
    return digest


def _plain(problem: BargainingProblem, entry: Said) -> Any:
    if isinstance(entry, Preferred):
        among = [list(each.values()) for each in entry.among]
        return ["preference", entry.party, _said(entry), _values(among)]
    if not isinstance(entry, Heard):
        party, remark = entry
        return ["remark", party, remark.kind, remark.text]
    at = None if entry.at is None else float(entry.at).hex()
    return ["offer", entry.party, entry.round, at, _said(entry)]


def _said(entry: Heard | Preferred) -> Any:
    """Return what was offered or preferred as plain values.

    Of what is no outcome as many as `MOST_SAID`: nothing is learned from it, and lists that hold
    each other have no end.
    """
    if entry.outcome is not None:
        return _values(list(entry.outcome.values()))
    return _values(entry.said, left=[MOST_SAID])


def _of_package(problem: BargainingProblem, package: Outcome) -> str:
    return _digest(_values(list(problem.space.validate(package).values())))[:SHORT]


def _values(given: Any, depth: int = 0, left: list[int] | None = None) -> Any:
    """Return anything as plain values that are the same in every process.

    Parameters
    ----------
    left : list of int, optional
        How many values may still be looked at; modified in place.
    """
    if left is not None:
        if left[0] <= 0:
            return ["more"]
        left[0] -= 1
    if given is None or isinstance(given, str | bool):
        return given
    if isinstance(given, int):
        return ["int", hex(given)]
    if isinstance(given, float):
        return ["float", given.hex()]
    if depth < 20 and isinstance(given, Mapping):
        keys = given if left is None else islice(given, left[0])
        items = [
            [_values(key, depth + 1, left), _values(given[key], depth + 1, left)] for key in keys
        ]
        return ["mapping", sorted(items, key=repr), *_cut(given, items)]
    if depth < 20 and isinstance(given, list | tuple):
        kept = given if left is None else given[: left[0]]
        items = [_values(each, depth + 1, left) for each in kept]
        return ["list", *items, *_cut(given, items)]
    return ["other", type(given).__name__]


def _cut(given: Sequence[Any] | Mapping[Any, Any], kept: list[Any]) -> list[Any]:
    """Return how many values there are, if not all of them are kept."""
    return [] if len(kept) == len(given) else [["more", len(given)]]


def _digest(values: Any) -> str:
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _seal(body: str, key: bytes | None) -> str:
    text = body.encode("utf-8", "replace")
    if key is None:
        return hashlib.sha256(text).hexdigest()[:SHORT]
    return hmac.new(key, text, hashlib.sha256).hexdigest()
