"""The tools of a negotiation as a server of the Model Context Protocol, over standard streams.

Needs the extra `agents`. What a call does is in `bargain.adapters.tools`; nothing here decides.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bargain.adapters.tools import call_tool
from bargain.adapters.tools.call import TOOLS
from bargain.adapters.tools.cases import Cases
from bargain.adapters.tools.results import result_schema
from bargain.errors import MissingPackageError, ToolCallError

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

INSTRUCTIONS = """\
Tools for one side of a negotiation. Call describe_case with the id you were told, then next_move \
after each offer of the other side. Do what it decides, put it into words, and check the words \
with verify_message before you send them. You do not decide, and you know no limits to tell."""


def serve(cases: Cases, *, private: bool = False) -> None:
    """Serve the tools over standard input and output until the input ends.

    Parameters
    ----------
    cases : Cases
    private : bool
        Whether results have their private part too.

    Raises
    ------
    MissingPackageError
        If the package mcp is missing or too old.
    """
    server = mcp_server(cases, private=private)
    import anyio

    anyio.run(_over_standard_streams, server)


def mcp_server(cases: Cases, *, private: bool = False) -> Server[Any]:
    """Return the server, for any transport.

    Raises
    ------
    MissingPackageError
        If the package mcp is missing or too old.
    """
    check_mcp()
    import mcp_types as types
    from anyio import to_thread
    from mcp.server.lowlevel import Server

    from bargain import __version__

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    title=tool.title,
                    description=tool.description,
                    input_schema=tool.parameters,
                    output_schema=result_schema(tool.result, private=private),
                    annotations=types.ToolAnnotations(
                        read_only_hint=not tool.is_move,
                        destructive_hint=False,
                        idempotent_hint=True,
                        open_world_hint=False,
                    ),
                )
                for tool in TOOLS
            ]
        )

    async def run_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        def run() -> dict[str, Any]:
            return call_tool(cases, params.name, params.arguments or {}, private=private)

        try:
            found = await to_thread.run_sync(run)
        except ToolCallError as error:
            said = types.TextContent(type="text", text=str(error))
            return types.CallToolResult(content=[said], is_error=True)
        told = types.TextContent(type="text", text=json.dumps(found, ensure_ascii=False))
        return types.CallToolResult(content=[told], structured_content=found)

    return Server(
        "bargain",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=run_tool,
    )


def check_mcp() -> None:
    """Raise unless the package mcp is there, in a version that this server is written for.

    Raises
    ------
    MissingPackageError
    """
    try:
        import mcp_types  # noqa: F401
        from mcp.server.stdio import stdio_server  # noqa: F401
    except ImportError as error:
        raise MissingPackageError.at(
            "serve", "the extra agents (pip install 'bargain-solver[agents]')", str(error)
        ) from None


async def _over_standard_streams(server: Server[Any]) -> None:
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
