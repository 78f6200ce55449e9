"""Problems to and from disk: our own format, GENIUS XML, GeniusWeb JSON and NegoLog JSON."""

from bargain.files.load import load, packaged_names, save
from bargain.files.notices import FileFormatWarning

__all__ = ["FileFormatWarning", "load", "packaged_names", "save"]
