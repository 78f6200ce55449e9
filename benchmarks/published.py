"""The published negotiations that benchmarks read in place: CaSiNo, and domains with two sides.

The data is not part of the repository. Where it is missing, `folder` ends the run saying so.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import bargain as bg

DEFAULT = Path(__file__).parents[1] / ".." / "shared" / "data"
GOODS = ("Food", "Water", "Firewood")
POINTS = {"High": 5, "Medium": 4, "Low": 3}
PACKAGES = 3
"""Packages of each good that two campers share out."""

WITHOUT = 5.0
"""Points of a camper without an agreement."""

DOMAINS = (
    *(f"genius/{name}" for name in ("amsterdam", "barter_b", "camera", "energy_small_c")),
    *(f"genius/{name}" for name in ("england_zimbabwe", "fitness_c", "grocery", "kitchen")),
    *(f"genius/{name}" for name in ("lunch", "outfit_a", "rental_house_a")),
    *(f"geniusweb/{name}" for name in ("anl2022_domain00", "anl2022_domain07")),
    *(f"geniusweb/{name}" for name in ("anl2022_domain23", "fitness")),
    *(f"negolog/{name}" for name in ("domain3", "domainbalancedlowopp")),
)
"""Two parties, additive utilities, two issues or more, 60 to 15,625 outcomes."""

OTHERS = ("SOURCE.txt", "reference.json", "specials.json", "specs.json", "visualisation.pdf")
SIDES = ("party", "prof", "util", "mary", "sam")


@dataclass(frozen=True)
class Dialogue:
    """Two people who share out camp supplies.

    Attributes
    ----------
    orders : what each needs, most first
    submitted : (camper, what the first camper would get of `GOODS`), of every division that was
        formally submitted, in order
    agreed : what the first got of `GOODS`; None if they walked away
    """

    orders: tuple[tuple[str, ...], tuple[str, ...]]
    submitted: tuple[tuple[int, tuple[int, ...]], ...]
    agreed: tuple[int, ...] | None

    @property
    def problem(self) -> bg.BargainingProblem:
        """Return the problem of true values; an outcome says what the first camper gets."""
        issues = [bg.Issue.integer(good, 0, PACKAGES) for good in GOODS]
        points = [dict(zip(order, POINTS.values(), strict=True)) for order in self.orders]
        full = [{good: PACKAGES * worth for good, worth in each.items()} for each in points]
        sides = {
            "first": {good: bg.Linear(0, most) for good, most in full[0].items()},
            "second": {good: bg.Linear(most, 0) for good, most in full[1].items()},
        }
        utilities = {name: bg.AdditiveUtility(terms) for name, terms in sides.items()}
        return bg.BargainingProblem(
            issues, utilities, disagreement_point=[WITHOUT, WITHOUT], name="camp"
        )


def folder(given: str | None = None) -> Path:
    """Return the folder of the data, or end the run."""
    path = Path(given) if given else DEFAULT
    if not (path / "casino").is_dir():
        raise SystemExit(f"the published negotiations are not at {path}: name their folder")
    return path


def dialogues(data: Path) -> list[Dialogue]:
    """Read all of CaSiNo (Chawla and others, NAACL 2021), 1,030 dialogues."""
    found = []
    for part in ("train", "valid", "test"):
        for said in json.loads((data / "casino" / f"{part}.json").read_text("utf-8")):
            found.append(_dialogue(said))
    return found


def _dialogue(said: dict) -> Dialogue:
    names = sorted(said["participant_info"])
    orders, submitted = [], []
    standing = agreed = None
    for name in names:
        values = said["participant_info"][name]["value2issue"]
        orders.append(tuple(values[level] for level in POINTS))
    for turn in said["chat_logs"]:
        if turn["text"] == "Submit-Deal":
            kept = turn["task_data"]["issue2youget"]
            deal = tuple(int(kept[good]) for good in GOODS)
            camper = names.index(turn["id"])
            standing = deal if camper == 0 else tuple(PACKAGES - count for count in deal)
            submitted.append((camper, standing))
        elif turn["text"] == "Accept-Deal":
            agreed = standing
    return Dialogue((orders[0], orders[1]), tuple(submitted), agreed)


def domain(data: Path, name: str) -> bg.BargainingProblem:
    """Read one of `DOMAINS`."""
    files = sorted(path for path in (data / name).iterdir() if path.name not in OTHERS)
    # the domain first, then the sides
    files.sort(key=lambda path: _is_side(path, name))
    with warnings.catch_warnings():
        # what the files do not say in full is known, and tested elsewhere
        warnings.simplefilter("ignore")
        return bg.load(*files)


def _is_side(path: Path, name: str) -> bool:
    stem = path.stem.lower()
    if stem in (name.split("/")[1], "lunch"):
        return False
    return any(part in stem for part in SIDES) or "domain" not in stem
