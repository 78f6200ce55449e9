"""What all pictures share.

Colours are those of Okabe and Ito, which colour-blind readers can tell apart; what matters is also
told apart by its marker or line style. Legends stand beside the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
)


def new_axes(*, width: float = 8.0, height: float = 5.0) -> Axes:
    """Return the axes of a new figure, sizes in inches."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def whole_numbers(ax: Axes) -> None:
    """Let the horizontal axis count in whole numbers."""
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def legend_beside(ax: Axes) -> None:
    """Put the legend beside the data, and a grid behind it."""
    ax.grid(visible=True, color="0.92", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, borderaxespad=0.0)


def heat_map(
    values: NDArray[np.float64],
    errors: NDArray[np.float64],
    *,
    names: tuple[Sequence[str], Sequence[str]],
    axis_labels: tuple[str, str],
    limits: tuple[float, float] | None = None,
    label: str,
    title: str,
    ax: Axes | None,
) -> Axes:
    """Draw a matrix as colours, with its numbers and their standard errors.

    Parameters
    ----------
    values, errors : ndarray, shape (n, m)
        NaN is left white, with a dash; an error of NaN is not written. Beyond 12 columns errors are
        left out, beyond 25 numbers too.
    names : pair of sequence of str
        Of rows and columns.
    axis_labels : pair of str
        Of rows and columns.
    limits : pair of float, optional
        What the colours reach from and to, at least.
    label, title : str
        Of the colour bar, and of the whole.
    """
    import matplotlib as mpl

    n_rows, n_columns = values.shape
    if ax is None:
        cell = (0.8, 0.55) if n_columns <= 12 else (0.45, 0.3) if n_columns <= 25 else (0.2, 0.2)
        width, height = cell[0] * max(n_columns, 4), cell[1] * max(n_rows, 3)
        ax = new_axes(width=3.6 + width, height=2.0 + height)
    known = values[~np.isnan(values)]
    low, high = float(known.min()), float(known.max())
    if limits is not None:
        low, high = min(limits[0], low), max(limits[1], high)
    # even in brightness, also to colour-blind readers
    map_ = mpl.colormaps["cividis"].with_extremes(bad="white")
    image = ax.imshow(values, cmap=map_, vmin=low, vmax=high, aspect="auto")
    size = "medium" if n_columns <= 12 else "x-small"
    for (row, column), value in np.ndenumerate(values if n_columns <= 25 else values[:0]):
        if np.isnan(value):
            text, colour = "\u2013", "black"
        else:
            text = f"{value:z.2f}" if max(abs(low), abs(high)) < 100 else f"{value:.3g}"
            if n_columns <= 12 and not np.isnan(errors[row, column]):
                text += f"\n\u00b1 {errors[row, column]:.2f}"
            colour = "black" if value > low + 0.47 * (high - low) else "white"
        ax.text(column, row, text, ha="center", va="center", color=colour, fontsize=size)
    columns, rows = ([fill(name, width=24) for name in part] for part in (names[1], names[0]))
    font = "medium" if n_columns <= 12 else "small" if n_columns <= 25 else "xx-small"
    turned: Any = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}
    ax.set_xticks(range(n_columns), columns, fontsize=font, **turned)
    ax.set_yticks(range(n_rows), rows, fontsize=font)
    ax.set_xlabel(axis_labels[1])
    ax.set_ylabel(axis_labels[0])
    ax.set_title(title, fontsize="medium")
    ax.figure.colorbar(image, ax=ax, label=label)
    return ax
