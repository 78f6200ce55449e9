"""Patterns of words, against the regular expressions that they are written like."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.anchor.clauses import ALLOWED, CLAUSES, SAYING, grammar
from bargain.anchor.courtesy_kinds import KINDS
from bargain.anchor.frames import Grammar, pattern
from bargain.anchor.spoken_numbers import NUMBER_WORDS
from bargain.anchor.wording import UNITS

PATTERNS = st.recursive(
    st.sampled_from(["a", "b", "c"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda ways: f"({'|'.join(ways)})"),
        inner.map(lambda text: f"({text})?"),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.lists(st.sampled_from("abc"), min_size=1, max_size=6))
def test_a_pattern_ends_where_a_regular_expression_does(text, words):
    found = Grammar({}, {"act": [pattern(text)]}).reader(words).ends("act", 0)
    same = re.compile(text.replace(" ", ""))
    assert found == {n for n in range(1, len(words) + 1) if same.fullmatch("".join(words[:n]))}


def test_a_kind_stands_for_each_of_its_words():
    known = Grammar({"who": pattern("you|all of you")}, {"act": [pattern("thank <who>")]})
    assert known.reader(["thank", "all", "of", "you"]).ends("act", 0) == {4}
    assert known.reader(["thank", "them"]).ends("act", 0) == frozenset()


def test_a_pattern_without_its_parenthesis_is_refused():
    with pytest.raises(ValueError, match="expected balanced parentheses"):
        pattern("a b) c")


def test_every_kind_is_defined_used_and_free_of_itself():
    used = {name: set(re.findall("<([a-z_]+)>", text)) for name, text in KINDS.items()}
    told = set(re.findall("<([a-z_]+)>", " ".join(CLAUSES.values())))
    assert set().union(told, *used.values()) == set(KINDS)

    def within(name, path):
        assert name not in path, [*path, name]
        for other in used[name]:
            within(other, [*path, name])

    for name in KINDS:
        within(name, [])


def test_every_act_is_allowed_somewhere_and_no_clause_is_empty():
    assert set().union(*ALLOWED.values()) == set(CLAUSES)
    assert all(set(acts) <= ALLOWED[decision] for decision, acts in SAYING.items())
    known = grammar()
    assert not any(known._is_empty(line) for lines in known.clauses.values() for line in lines)


def test_no_clause_counts_or_names_a_day():
    """Clauses bring in no number, unit of money or time of their own; # is the number of packages.

    "One" stands for a package, "two" for the sides of the table, "a day" for a wish.
    """
    told = " ".join([*CLAUSES.values(), *KINDS.values()])
    words = set(re.findall("[a-z]+", re.sub("<[a-z_]+>", " ", told)))
    days = {"monday", "friday", "january", "june", "tomorrow", "tonight", "weekend", "overnight"}
    assert words & NUMBER_WORDS <= {"one", "two"}
    assert words & days <= {"weekend"}
    assert words & UNITS <= {"day", "week", "years", "piece"}
    assert not re.search(r"\d", told)
