"""A command as it was given, to be given again."""

from __future__ import annotations

import shlex
from collections.abc import Collection

import typer


def command_said(context: typer.Context, *, leave_out: Collection[str]) -> str:
    """Return the command with its arguments and all options that are not left as they are.

    Parameters
    ----------
    context : typer.Context
    leave_out : collection of str
        Names of parameters that don't belong to it.
    """
    words = ["bargain", str(context.info_name)]
    for parameter in context.command.params:
        name = str(parameter.name)
        source = context.get_parameter_source(name)
        # by name: typer brings a click of its own
        if name in leave_out or source is None or source.name != "COMMANDLINE":
            continue
        value = context.params[name]
        values = list(value) if isinstance(value, list | tuple) else [value]
        if parameter.param_type_name == "argument":
            words += [str(one) for one in values]
            continue
        option = max(parameter.opts, key=len)
        for one in values:
            words += [option] if one is True else [option, str(one)]
    return shlex.join(words)
