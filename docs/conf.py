"""Sphinx configuration. Before a build, it copies the notebooks and lists the public names."""

import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode, document, math, math_block
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

DOCS = Path(__file__).parent
ROOT = DOCS.parent

project = "bargain"
author = copyright = "The bargain developers"
# From the source: the metadata of an editable installation keeps the version it was made with.
pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
version = release = pyproject["project"]["version"]

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# A cache keyed on the notebook alone would not notice that bargain has changed.
nb_execution_mode = "force"
nb_execution_timeout = 300
# A cell that fails is a warning with its traceback, which -W makes an error; raising at once
# would leave the traceback in a file.
nb_execution_show_tb = True
# A kernel takes the backend of its environment, and one that draws nothing would leave no figures.
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
# What a notebook saves must not end up among the sources.
nb_execution_in_temp = True
nb_merge_streams = True
# Tables in what a cell shows, which plain CommonMark does not know.
nb_render_markdown_format = "myst"

autosummary_generate = True
autodoc_typehints = "signature"
numpydoc_show_class_members = False

# MathML needs no script from the net; every current browser draws it.
html_math_renderer = "mathml"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_title = f"bargain {version}"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

STAGES = {
    "model": "Model",
    "files": "Files",
    "solve": "Solve",
    "play": "Play",
    "search": "Search",
    "anchor": "Anchor",
    "adapters": "Adapters",
    "errors": "Errors",
}
# In its modules: what results hold and extensions are made of.
PARTS = {
    "play": (
        "play.acceptance.Acceptance",
        "play.LibraryPolicy",
        "play.models.IssueValues",
        "play.models.LearningModel",
    ),
    "search": (
        "search.Performance",
        "search.Encounter",
        "search.Baseline",
        "search.History",
        "search.Step",
        "search.Equilibria",
        "search.CorrelatedEquilibrium",
        "search.Dominated",
        "search.ReplicatorPath",
        "search.Basin",
    ),
    "anchor": (
        "anchor.advice.PublicAdvice",
        "anchor.advice.PrivateAdvice",
        "anchor.advice.Package",
        "anchor.advice.Term",
        "anchor.advice.Fact",
        "anchor.advice.Question",
        "anchor.advice.OpponentEstimate",
        "anchor.advice.Claimed",
        "anchor.message.MessageFinding",
        "anchor.explain.RoundCost",
        "anchor.lint_report.LintFinding",
        "anchor.sensitivity.Sensitivity",
        "anchor.elicit.Contradiction",
        "anchor.blur.BlurredOffer",
        "anchor.blur.blurred_offer",
    ),
    "adapters": (
        "adapters.negmas.SAOTimeBased",
        "adapters.negmas.SAOTitForTat",
        "adapters.negmas.sao_times",
        "adapters.negmas.to_negmas",
        "adapters.negmas.from_negmas",
        "adapters.negmas.ListedUtility",
        "adapters.negmas.Guest",
        "adapters.negmas.PolicyNegotiator",
        "adapters.negmas.AnchorNegotiator",
        "server.mcp_server",
        "server.serve",
    ),
}


def copy_notebooks() -> None:
    """Copy notebooks/ under docs/, where MyST-NB wants it; one that has not changed stays."""
    target = DOCS / "tutorials" / "_notebooks"
    target.mkdir(exist_ok=True)
    # Links are written as seen from notebooks/, so that they work there too.
    wanted = {
        path.name: path.read_text("utf-8").replace("](../docs/", "](../../")
        for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    for copy in target.iterdir():
        if copy.name not in wanted:
            copy.unlink()
    for name, text in wanted.items():
        write_if_changed(target / name, text)


def list_public_names(config: Config) -> None:
    """Write reference/api.rst: every name of `bargain.__all__`, by the stage that defines it."""
    import bargain

    groups: dict[str, list[str]] = defaultdict(list)
    taken: set[str] = set()
    for name in bargain.__all__:
        if name.startswith("__"):
            continue
        stage, *_ = [*getattr(getattr(bargain, name), "__module__", "").split(".")[1:], "other"]
        groups[stage if stage in STAGES else "other"].append(name)
        # `Tournament` and `tournament` are one file on a disk that ignores case.
        if name.lower() in taken:
            config.autosummary_filename_map[f"bargain.{name}"] = f"bargain.{name}-{len(taken)}"
        taken.add(name.lower())

    lines = ["Public names", "============", "", "What ``bargain`` has, by stage.", ""]
    for stage, title in {**STAGES, "other": "Other"}.items():
        if stage not in groups and stage not in PARTS:
            continue
        lines += [title, "-" * len(title), ""]
        if stage in groups:
            lines += summary(groups[stage])
        if stage in PARTS:
            lines += ["In its modules:", "", *summary(PARTS[stage])]
    write_if_changed(DOCS / "reference" / "api.rst", "\n".join(lines))
    pages = {*(f"bargain.{name}" for name in (*bargain.__all__, *chain(*PARTS.values())))}
    clear_pages(pages | set(config.autosummary_filename_map.values()))


def clear_pages(wanted: set[str]) -> None:
    """Remove generated pages of names that are gone, which would be read and found unlisted."""
    for page in (DOCS / "reference" / "api").glob("*.rst"):
        if page.stem not in wanted:
            page.unlink()


def summary(names: Iterable[str]) -> list[str]:
    """Return a table of names, each with a page of its own."""
    lines = [".. currentmodule:: bargain", "", ".. autosummary::", "   :toctree: api"]
    return [*lines, "   :nosignatures:", "", *(f"   {name}" for name in names), ""]


def write_if_changed(path: Path, text: str) -> None:
    """Write a source file, unless it says so already: Sphinx reads again what is newer."""
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def write_math(translator: HTML5Translator, node: math | math_block) -> None:
    """Write a formula as MathML."""
    as_block = isinstance(node, math_block)
    formula = tex2mathml(node.astext(), as_block=as_block)
    translator.body.append(f'<div class="formula">{formula}</div>' if as_block else formula)
    raise SkipNode


def keep_magnitudes(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Let |r| in a docstring be the magnitude of r, not a reference."""
    lines[:] = [re.sub(r"\|(\w+)\|", r"\\|\1\\|", line) for line in lines]


def shorten_sidebar(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: document | None
) -> None:
    """Leave the pages of names out of the sidebar: "Public names" lists them by stage.

    Some two hundred on each of as many pages took half of the time in which pages are written.
    """
    toctree = context["toctree"]
    context["toctree"] = lambda **options: toctree(**{**options, "maxdepth": 2})


def deal_pages(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Spread pages that are executed over all batches that processes read.

    Sphinx reads up to ten neighbours of the sorted names in a batch: all notebooks, for example.
    """
    batches = max(len(names) // 10, 1)
    names[:] = [name for k in range(batches) for name in sorted(names)[k::batches]]


def prepare(app: Sphinx, config: Config) -> None:
    copy_notebooks()
    list_public_names(config)


def setup(app: Sphinx) -> None:
    # Before Sphinx looks for source files.
    app.connect("config-inited", prepare)
    app.connect("env-before-read-docs", deal_pages)
    app.connect("autodoc-process-docstring", keep_magnitudes)
    # Before the theme, which makes the sidebar at 500.
    app.connect("html-page-context", shorten_sidebar, priority=400)
    app.add_html_math_renderer("mathml", (write_math, None), (write_math, None))
