"""Tools by which a language model negotiates: function calling, and what the MCP server serves."""

from bargain.adapters.tools.call import call_tool, tool_schemas
from bargain.adapters.tools.case_fields import case_schema
from bargain.adapters.tools.case_file import AgentCase, read_case
from bargain.adapters.tools.cases import Cases, load_cases

__all__ = [
    "AgentCase",
    "Cases",
    "call_tool",
    "case_schema",
    "load_cases",
    "read_case",
    "tool_schemas",
]
