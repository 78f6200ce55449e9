"""The advices that the messages of the corpus are about."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import bargain as bg
from bargain.anchor.advice import Advice, Package, PublicAdvice, Term

RESPOND_BY = "2026-03-03T10:00:00+00:00"
# name: (problem, party, decision, packages)
CASES = {
    "tenant": ("rental", "tenant", "counter", [(3300, 1000, "June 1", "1 year")]),
    "landlord": ("rental", "landlord", "counter", [(3700, 2000, "May 15", "6 months")]),
    "tenant_menu": ("rental", "tenant", "counter", [
        (3300, 1000, "June 1", "1 year"), (3500, 500, "June 15", "6 months"),
        (3500, 1500, "July 1", "2 years")]),
    "tenant_accept": ("rental", "tenant", "accept", [(3500, 1500, "June 1", "1 year")]),
    "tenant_hold": ("rental", "tenant", "hold", []),
    "tenant_walk": ("rental", "tenant", "walk", []),
    "buyer": ("supply_contract", "buyer", "counter", [(92.5, 60.0, 3000.0, 24.0, 20.0, 3.0)]),
    "buyer_accept": ("supply_contract", "buyer", "accept", [(96.0, 45.0, 3000.0, 24.0, 20.0, 2.0)]),
    "supplier_menu": ("supply_contract", "supplier", "counter", [
        (104.0, 30.0, 4000.0, 18.0, 30.0, 1.5), (108.75, 45.0, 4000.0, 24.0, 25.0, 2.0)]),
    "buyer_walk": ("supply_contract", "buyer", "walk", []),
    "supplier": ("framework_contract", "supplier", "counter", [(108, 45, 4000, 24, "shared")]),
    "buyer_menu": ("framework_contract", "buyer", "counter", [
        (92, 60, 3000, 24, "shared"), (96, 90, 3000, 36, "supplier pays")]),
    "buyer_escalate": ("framework_contract", "buyer", "escalate", [(96, 90, 3000, 36, "shared")]),
    "firm": ("employment", "firm", "counter", [(35000, 10000, "C", "every 30 days")]),
    "consultant": ("employment", "consultant", "counter", [(40000, 15000, "D", "every 14 days")]),
    "chair_seller": ("chair", "seller", "counter", [(120.0,)]),
    "chair_accept": ("chair", "seller", "accept", [(110.0,)]),
    "lamp_buyer": ("lamp", "buyer", "counter", [(35.5,)]),
    "bill": ("bill_and_jack", "Bill", "counter", [("Bill",) * 4 + ("Jack",) * 4 + ("Bill",)]),
}  # fmt: skip


@cache
def advice_of_case(name: str) -> Advice:
    """Return an advice of a packaged problem with the decision and packages of the case."""
    problem_name, party, decision, outcomes = CASES[name]
    problem = bg.load(problem_name)
    anchor = bg.Anchor(problem, party=party, policy=bg.TimeDependent(beta=0.5), deadline=10)
    packages = tuple(
        Package(tuple(
            Term(issue.name, value, issue.unit)
            for issue, value in zip(problem.space.issues, outcome, strict=True)
        ))
        for outcome in outcomes
    )  # fmt: skip
    advice = anchor.advise()
    asked = decision == "escalate"
    public = PublicAdvice(
        "hold" if asked else decision,
        () if asked else packages,
        withdraws=packages if name == "consultant" else (),
        respond_by=RESPOND_BY if name == "landlord" else None,
    )
    me = problem.party_index(party)
    worth = tuple(float(problem.evaluate(outcome)[me]) for outcome in outcomes)
    private = dataclasses.replace(
        advice.private,
        package_values=() if asked else worth,
        pending_decision="accept" if asked else None,
        pending=packages if asked else (),
        pending_values=worth if asked else (),
    )
    return dataclasses.replace(advice, decision=decision, public=public, private=private)


def messages(name: str) -> list[tuple[str, str]]:
    """Read the messages of a file as (case, text); each begins with a line of @ and its case.

    {P1} stands for the terms of the first package, {T} for those of all, with "or" between them.
    """
    text = (Path(__file__).parent / "messages" / f"{name}.txt").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in text.removeprefix("@").split("\n@")]
    return [(case, _with_terms(said.rstrip("\n"), case)) for case, _, said in parts]


def _with_terms(said: str, case: str) -> str:
    packages = [str(package) for package in advice_of_case(case).public.packages]
    for k, package in enumerate(packages):
        said = said.replace(f"{{P{k + 1}}}", package)
    return said.replace("{T}", "; or ".join(packages) + ".")
