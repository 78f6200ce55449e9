"""Empirical games from files: payoff tables, and what tournaments write."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from io import StringIO
from math import isfinite
from typing import Any

import numpy as np

from bargain.errors import FileFormatError, InvalidArgumentError, shown
from bargain.files.plain import mapping, member
from bargain.files.syntax import parse_json
from bargain.files.text import read_text
from bargain.search.bimatrix import Reals
from bargain.search.game import EmpiricalGame
from bargain.search.profiles import UNLIMITED

Row = tuple[int, dict[str, str]]

ONE_PAYOFF = ("row", "column", "payoff")
TWO_PAYOFFS = ("row", "column", "row_payoff", "column_payoff")
WORTH = ("utilities_0", "utilities_1", "discounted_utilities_0", "discounted_utilities_1")
SESSIONS = ("problem", "weight", "policy_0", "policy_1", "shares_0", "shares_1")


def read_game(path: str | os.PathLike[str]) -> EmpiricalGame:
    """Read a game from a .csv or .json file (see `EmpiricalGame.load`).

    Raises
    ------
    FileFormatError
        Naming the place.
    """
    where = os.fspath(path)
    ending = os.path.splitext(where)[1].lower()
    if ending not in (".csv", ".json"):
        raise FileFormatError.at(where, "a .csv or .json file", ending)
    text = read_text(where)
    try:
        return _from_json(text, where) if ending == ".json" else _from_csv(text, where)
    except InvalidArgumentError as error:
        raise FileFormatError(f"{where}: {error}") from None


def plain_game(game: EmpiricalGame) -> dict[str, Any]:
    """Return a game as plain values, None for limits that are infinite."""
    return {
        "names": list(game.names[0]) if game.symmetric else [list(n) for n in game.names],
        "roles": list(game.roles),
        "payoffs": game.payoffs.tolist(),
        "standard_errors": _listed(game.standard_errors),
        "samples": _listed(game.samples),
        "limits": [end if isfinite(end) else None for end in game.limits],
    }


def _listed(array: Reals | None) -> Any:
    """Return numbers as nested lists, None for None."""
    return None if array is None else array.tolist()


def _from_json(text: str, where: str) -> EmpiricalGame:
    data = mapping(parse_json(text, where), where)
    payoffs = member(data, "payoffs", where)
    if "policies" in data:
        # of a tournament
        if member(data, "opponents", where) != data["policies"]:
            raise FileFormatError.at(
                where, "policies that met each other", "a pool, whose payoffs are not in this file"
            )
        errors = data.get("payoff_errors")
        if isinstance(errors, list) and any(
            isinstance(row, list) and None in row for row in errors
        ):
            # of one problem
            errors = None
        limits = _limits(data.get("share_limits"), where)
        return EmpiricalGame(payoffs, data["policies"], errors, limits=limits)
    names, limits = data.get("names"), _limits(data.get("limits"), where)
    options: Any = {"roles": data.get("roles", ("row", "column")), "limits": limits}
    if data.get("samples") is not None:
        return EmpiricalGame.from_samples(data["samples"], names, **options)
    return EmpiricalGame(payoffs, names, data.get("standard_errors"), **options)


def _limits(given: Any, where: str) -> tuple[float, float]:
    """Return what payoffs can be at least and at most, None for no end."""
    if given is None:
        return UNLIMITED
    if not isinstance(given, list) or len(given) != 2:
        raise FileFormatError.at(f"{where}: limits", "the least and the largest payoff", given)
    least, most = (
        end if here is None else here for here, end in zip(given, UNLIMITED, strict=True)
    )
    return least, most


def _from_csv(text: str, where: str) -> EmpiricalGame:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise FileFormatError(f"{where}: line {reader.line_num}: {error}") from None
    if len(lines) < 2:
        raise FileFormatError.at(where, "a line of names and lines of payoffs", text)
    head = [cell.strip() for cell in lines[0][1]]
    for number, row in lines[1:]:
        if len(row) != len(head):
            raise FileFormatError.at(f"{where}: line {number}", f"{len(head)} cells", len(row))
    if {"row", "column"} <= set(head) or {"policy_0", "policy_1"} <= set(head):
        if len(set(head)) < len(head):
            raise FileFormatError.at(f"{where}: line 1", "every name once", head)
        rows = [(n, dict(zip(head, map(str.strip, row), strict=True))) for n, row in lines[1:]]
        if "policy_0" in head:
            return _sessions(rows, head, where)
        return _pairs(rows, head, where)
    return _square(head[1:], lines[1:], where)


def _square(names: list[str], lines: Sequence[tuple[int, list[str]]], where: str) -> EmpiricalGame:
    """Read a table with a policy a row and the same policies as columns."""
    rows = [row[0].strip() for _, row in lines]
    if rows != names:
        raise FileFormatError.at(
            where,
            "the policies of the columns in the rows, in the same order; for two roles, a list "
            f"with the columns {', '.join(TWO_PAYOFFS)}",
            rows,
        )
    payoffs = [[_number(cell, where, n) for cell in row[1:]] for n, row in lines]
    return EmpiricalGame(payoffs, names)


def _pairs(rows: Sequence[Row], head: Sequence[str], where: str) -> EmpiricalGame:
    """Read a list with a pair of policies a row."""
    symmetric = "payoff" in head
    fields = ONE_PAYOFF[2:] if symmetric else TWO_PAYOFFS[2:]
    errors = tuple(name.replace("payoff", "standard_error") for name in fields)
    _need(head, ("row", "column", *fields), where)
    names = tuple(list(dict.fromkeys(row[side] for _, row in rows)) for side in ("row", "column"))
    if symmetric:
        names = (names[0], names[0])
    places = tuple({name: i for i, name in enumerate(side)} for side in names)
    found = np.full((2, len(names[0]), len(names[1]), len(fields)), np.nan)
    for number, row in rows:
        if row["column"] not in places[1]:
            raise FileFormatError.at(
                f"{where}: line {number}", "a column that is also a row", row["column"]
            )
        i, j = places[0][row["row"]], places[1][row["column"]]
        if not np.isnan(found[0, i, j, 0]):
            pair = f"{row['row']}, {row['column']} again"
            raise FileFormatError.at(f"{where}: line {number}", "every pair once", pair)
        found[0, i, j] = [_number(row[name], where, number) for name in fields]
        if set(errors) <= set(head):
            found[1, i, j] = [_number(row[name], where, number) for name in errors]
    _all_met(found[0, ..., 0], names, where)
    payoffs, noise = found[..., 0] if symmetric else found
    return EmpiricalGame(
        payoffs, names[0] if symmetric else names, None if np.isnan(noise).any() else noise
    )


def _sessions(rows: Sequence[Row], head: Sequence[str], where: str) -> EmpiricalGame:
    """Read the sessions of a tournament: mean shares in each problem."""
    _need(head, SESSIONS, where)
    if "policy_2" in head:
        raise FileFormatError(
            f"{where}: expected sessions of two parties, got sessions of more; leave such problems "
            "out of the tournament"
        )
    names = list(dict.fromkeys(row[seat] for _, row in rows for seat in ("policy_0", "policy_1")))
    problems = list(dict.fromkeys(row["problem"] for _, row in rows))
    places, at = ({name: i for i, name in enumerate(side)} for side in (names, problems))
    sums = np.zeros((2, len(problems), len(names), len(names)))
    for number, row in rows:
        weight = _number(row["weight"], where, number)
        i, j, k = places[row["policy_0"]], places[row["policy_1"]], at[row["problem"]]
        for own, other, share in ((i, j, "shares_0"), (j, i, "shares_1")):
            sums[0, k, own, other] += weight * _number(row[share], where, number)
            sums[1, k, own, other] += weight
    with np.errstate(invalid="ignore"):
        samples = sums[0] / sums[1]
    _all_met(samples.sum(axis=0), (names, names), where)
    # where no session lost anything by waiting, waiting costs nothing, and shares are from 0 to 1
    patient = set(WORTH) <= set(head) and all(
        row[name] == row[f"discounted_{name}"] for _, row in rows for name in WORTH[:2]
    )
    return EmpiricalGame.from_samples(samples, names, limits=(0.0, 1.0) if patient else UNLIMITED)


def _need(head: Sequence[str], names: Sequence[str], where: str) -> None:
    for name in names:
        if name not in head:
            raise FileFormatError.at(f"{where}: line 1", f"a column {name}", ", ".join(head))


def _all_met(payoffs: Any, names: Sequence[Sequence[str]], where: str) -> None:
    missing = np.argwhere(np.isnan(payoffs))
    if len(missing):
        i, j = missing[0]
        raise FileFormatError(
            f"{where}: expected payoffs of every pair, also of a policy with itself if all meet "
            f"all, got none of {shown(names[0][i])} and {shown(names[1][j])}"
        )


def _number(text: str, where: str, line: int) -> float:
    try:
        number = float(text)
    except ValueError:
        number = np.nan
    if not isfinite(number):
        raise FileFormatError.at(f"{where}: line {line}", "a finite number", text)
    return number
