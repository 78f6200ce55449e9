"""bargain policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bargain.cli.app import app, reported
from bargain.cli.options import JsonOption, is_policy_file, policy_given, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from bargain.play.artefact import PolicyArtefact, Tried


@app.command()
@reported
def policies(
    name: Annotated[
        str | None,
        typer.Argument(metavar="POLICY", help="A name or a policy file; by default all names."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the policies that have a name, or show what is known of one.

    Names go wherever a command takes policies. Those that a search found say how: under which
    conditions, by which command, and how they did where they had never been.

    \b
    Example:
      bargain policies
      bargain policies buyer-short-tough
      bargain policies tenant.policy.json --json
    """
    if name is not None:
        _show(_artefact(name), as_json)
        return
    import bargain as bg
    from bargain.cli.tables import console
    from bargain.play.presets import PRESETS

    found = {one: bg.load_artefact(one) for one in bg.packaged_policies()}
    if as_json:
        made = {one: bg.PolicyArtefact(policy) for one, policy in PRESETS}
        print_json({one: kept.to_dict() for one, kept in {**made, **found}.items()})
        return
    typer.echo(f"by hand: {', '.join(one for one, _ in PRESETS)}")
    console().print(_table(found))


def _artefact(name: str) -> PolicyArtefact:
    import bargain as bg

    if is_policy_file(name) or name in bg.packaged_policies():
        return bg.load_artefact(name)
    return bg.PolicyArtefact(policy_given(name))


def _table(found: dict[str, PolicyArtefact]) -> Table:
    from bargain.cli.tables import empty_table, interval_text

    columns = ["rounds", "search", "held out", "95 % interval", "agreed", "exploited by"]
    table = empty_table(
        "found by searches: shares of what can be gained",
        [("policy", "left"), *((column, "right") for column in columns)],
    )
    for name, kept in found.items():
        known = kept.found
        if known is None:
            table.add_row(name)
            continue
        table.add_row(
            name,
            ", ".join(str(rounds) for rounds in known.deadlines),
            _share(known.train.share),
            _share(known.held_out.share),
            interval_text(known.held_out.share_interval),
            _share(known.held_out.agreement_rate),
            _exploited(kept),
        )
    return table


def _show(kept: PolicyArtefact, as_json: bool) -> None:
    if as_json:
        print_json(kept.to_dict())
        return
    from bargain.play.labels import described_by_fields

    typer.echo(described_by_fields(kept.policy))
    known = kept.found
    if known is None:
        return
    deadlines = ", ".join(str(rounds) for rounds in known.deadlines)
    typer.echo(
        f"found by {known.found_by} for {known.party}, first offer by {known.first}, deadline "
        f"{deadlines}, {known.evaluations:,} candidates, stopped: {known.stopped}"
    )
    parts = {"search": known.train, "validation": known.validation, "held out": known.held_out}
    for name, tried in parts.items():
        if tried is not None:
            typer.echo(_where(name, tried))
    if known.exploitability is not None:
        typer.echo(f"a best response gains {_exploited(kept)}")
    versions = ", ".join(f"{name} {version}" for name, version in known.versions.items())
    typer.echo(f"versions: {versions}")
    typer.echo(f"hash: {kept.hash}")
    if known.command is not None:
        typer.echo(f"to find it again: {known.command}")


def _where(name: str, tried: Tried) -> str:
    from bargain.cli.tables import interval_text

    return (
        f"{name}: share {_share(tried.share)} {interval_text(tried.share_interval)}, agreed "
        f"{_share(tried.agreement_rate)}, {len(tried.problems)} problems, "
        f"{len(tried.opponents)} opponents"
    )


def _exploited(kept: PolicyArtefact) -> str:
    known: Any = kept.found
    if known.exploitability is None:
        return ""
    at_most = known.exploitability_at_most
    if at_most is None or at_most == known.exploitability:
        return _share(known.exploitability)
    return f"{_share(known.exploitability)} to {_share(at_most)}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
