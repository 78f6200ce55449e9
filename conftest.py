"""Import packages as users do, before pytest imports their modules one by one for their examples.

Pytest would put a module in the place of the function that its package has by the same name, such
as `bargain.search.evolve`, if it were the first to import it.
"""

from importlib import import_module

for package in ("anchor", "files", "model", "play", "search", "solve"):
    import_module(f"bargain.{package}")
