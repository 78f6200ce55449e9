"""An outcome: a value for every issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from bargain.model.issues import Value

K = TypeVar("K")
V = TypeVar("V")


class FrozenMapping(Mapping[K, V]):
    """A mapping that cannot change: equal to any mapping with the same items, hashable."""

    __slots__ = ("_items",)
    _items: dict[K, V]

    def __init__(self, items: Mapping[K, V]) -> None:
        object.__setattr__(self, "_items", dict(items))

    def __getitem__(self, key: K) -> V:
        """Return the value at a key."""
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        """Iterate over the keys in order."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._items)

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse: it does not change."""
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by value."""
        return type(self), (self._items,)

    def __hash__(self) -> int:
        """Equal mappings hash alike, whatever the order of their keys."""
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        """Show the type and the items."""
        return f"{type(self).__name__}({self._items!r})"


class Outcome(FrozenMapping[str, Value]):
    """An immutable mapping from issue names to values, in the order of the space's issues.

    Equal to any mapping with the same items, so it can be compared with a plain dict.

    Examples
    --------
    >>> deal = Outcome({"price": 95.0, "warranty": "2y"})
    >>> deal["warranty"], deal == {"price": 95.0, "warranty": "2y"}
    ('2y', True)
    """

    __slots__ = ()
