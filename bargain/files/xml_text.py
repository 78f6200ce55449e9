"""GENIUS XML to elements: safely, and as leniently as its own program reads it.

Its files contain raw ampersands, attributes without a space between them, Windows-1252 bytes and
comments before the declaration. Each is repaired, with a warning. Document type definitions and
entities are refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from bargain.errors import FileFormatError, shown
from bargain.files.notices import warn_about
from bargain.files.text import read_bytes

XML_LIMIT = 16_000_000
"""Most bytes that are read from one XML file."""

_ENCODINGS = ("utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252")
_DECLARATION = re.compile(r"<\?xml\b[^>]*?\?>")
_ENCODING = re.compile(rb"""<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_RAW_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_JOINED_ATTRIBUTES = re.compile(r"""(=\s*(?:"[^"<]*"|'[^'<]*'))(?=[A-Za-z_])""")


def read_xml(path: Path) -> Element:
    """Return the root element of an XML file.

    Raises
    ------
    FileFormatError
        Naming line and column of what is not XML even after the repairs.
    """
    text = _without_declaration(read_xml_text(path), path)
    try:
        return _parsed(text, path)
    except ParseError:
        repaired, repairs = _repaired(text)
    try:
        root = _parsed(repaired, path)
    except ParseError as error:
        line, column = error.position
        message = " ".join(str(error).split(": line ")[0].split())
        raise FileFormatError(
            f"{path}: line {line}, column {column + 1}: expected XML, got {message}"
        ) from None
    warn_about(path, f"not well-formed XML, read with {' and '.join(repairs)}")
    return root


def read_xml_text(path: Path) -> str:
    """Return the text of an XML file in the encoding it declares, by default UTF-8.

    Undeclared bytes that are not UTF-8 are read as Windows-1252, with a warning.
    """
    data = read_bytes(path, limit=XML_LIMIT)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16", path)
    declared = _ENCODING.search(data, 0, 1000)
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding not in _ENCODINGS:
        raise FileFormatError(f"{path}: expected an encoding that is known, got {encoding}")
    if encoding not in ("utf-8", "utf8"):
        return _decoded(data, encoding, path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _decoded(data, "cp1252", path)
        warn_about(path, f"not UTF-8 at offset {error.start}, read as Windows-1252")
        return text


def _decoded(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{path}: expected {encoding} text, got byte 0x{data[error.start]:02x} at offset "
            f"{error.start}"
        ) from None


def _without_declaration(text: str, path: Path) -> str:
    """Blank out the XML declaration: the text is decoded, and it may stand in the wrong place."""
    declaration = _DECLARATION.search(text)
    if declaration is None:
        return text
    start, end = declaration.span()
    before = re.sub(r"<!--.*?-->", "", text[:start], flags=re.DOTALL)
    if before.strip():
        return text
    if start > 0:
        warn_about(path, "a comment or blank line before the XML declaration, skipped")
    # as long as before, so that columns in errors are those of the file
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def _parsed(text: str, path: Path) -> Element:
    parser: Any = XMLParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(text)
        root: Element = parser.close()
    except DefusedXmlException as error:
        kind = type(error).__name__.removesuffix("Forbidden")
        words = {"DTD": "document type definition", "Entities": "entities"}.get(kind, "references")
        raise FileFormatError(f"{path}: expected plain XML, got a {words}") from None
    return root


def _repaired(text: str) -> tuple[str, list[str]]:
    repairs = []
    text, count = _RAW_AMPERSAND.subn("&amp;", text)
    if count:
        repairs.append(f"{count} raw & taken as &amp;")
    text, count = _JOINED_ATTRIBUTES.subn(r"\1 ", text)
    if count:
        repairs.append(f"{count} missing spaces between attributes")
    return text, repairs


def attribute(element: Element, name: str, where: str) -> str:
    """Return an attribute that must be there."""
    value = element.get(name)
    if value is None:
        raise FileFormatError(f"{where}: expected attribute {name}, got {shown(element.attrib)}")
    return value


def number(element: Element, name: str, where: str) -> float:
    """Return an attribute that must be a finite number."""
    text = attribute(element, name, where)
    try:
        value = float(text) if "_" not in text else float("nan")
    except ValueError:
        value = float("nan")
    # false for NaN too
    if not abs(value) < float("inf"):
        raise FileFormatError(f"{where}: {name}: expected a finite number, got {shown(text)}")
    return value


def whole(element: Element, name: str, where: str) -> int:
    """Return an attribute that must be a whole number."""
    value = number(element, name, where)
    if not value.is_integer():
        raise FileFormatError(f"{where}: {name}: expected a whole number, got {value!r}")
    return int(value)
