"""Many problems from one list of arguments."""

from __future__ import annotations

import pytest

import bargain as bg
from bargain.errors import FileFormatError, InvalidArgumentError
from bargain.files.collection import load_all

DOMAIN = """<negotiation_template><utility_space><objective index="0" name="{name}">
<issue index="1" name="{issue}"><item value="a"/><item value="b"/></issue>
</objective></utility_space></negotiation_template>"""

PROFILE = """<utility_space><objective index="0" name="x"><weight index="1" value="1"/>
<issue index="1" name="{issue}"><item value="a" evaluation="{a}"/><item value="b" evaluation="2"/>
</issue></objective></utility_space>"""


def write(folder, name, issue, prefix="", domain_name=None):
    folder.mkdir(exist_ok=True)
    text = DOMAIN.format(name=domain_name or name, issue=issue)
    (folder / f"{prefix}domain.xml").write_text(text)
    for a in (1, 2):
        (folder / f"{prefix}profile{a}.xml").write_text(PROFILE.format(issue=issue, a=a))


def test_names_files_and_folders_are_one_problem_each(tmp_path):
    write(tmp_path / "one", "first", "colour")
    bg.save(bg.load("employment"), tmp_path / "job.yaml")
    found = load_all(["rental", str(tmp_path / "job.yaml"), str(tmp_path / "one")])
    assert list(found) == ["rental", "employment", "first"]
    assert found["first"].parties == ("profile1", "profile2")


@pytest.mark.parametrize("given", [["domain.xml"], ["profile2.xml"], "all"])
def test_what_lies_beside_a_genius_file_belongs_to_it(tmp_path, given):
    write(tmp_path / "one", "first", "colour")
    (tmp_path / "one" / "pareto.xml").write_text("<a_space/>")
    names = sorted(path.name for path in (tmp_path / "one").iterdir()) if given == "all" else given
    found = load_all([str(tmp_path / "one" / name) for name in names])
    assert list(found) == ["first"]
    assert found["first"].n_parties == 2


def test_several_domains_in_a_folder_are_told_apart_by_their_issues(tmp_path):
    write(tmp_path / "all", "first", "colour", "c_")
    write(tmp_path / "all", "second", "size", "s_")
    folder = tmp_path / "all"
    found = load_all(sorted(str(path) for path in folder.iterdir()))
    assert {name: problem.parties for name, problem in found.items()} == {
        "first": ("c_profile1", "c_profile2"),
        "second": ("s_profile1", "s_profile2"),
    }
    assert list(load_all([str(folder / "s_domain.xml")])) == ["second"]
    (folder / "stray.xml").write_text(PROFILE.format(issue="weight", a=1))
    with pytest.raises(FileFormatError, match=r"stray.xml: expected the issues of one of"):
        load_all([str(path) for path in folder.iterdir()])


def test_equal_names_are_told_apart_by_folder(tmp_path):
    write(tmp_path / "one", "lease", "colour")
    write(tmp_path / "two", "lease", "size")
    write(tmp_path / "three", "root", "size")
    found = load_all([str(tmp_path / name) for name in ("one", "two", "three")])
    assert list(found) == ["one/lease", "two/lease", "three"]
    with pytest.raises(FileFormatError, match="another name"):
        load_all(["rental", "rental"])


def test_a_broken_file_among_good_ones_is_named_and_not_passed_over(tmp_path):
    write(tmp_path / "one", "first", "colour")
    folder = tmp_path / "one"
    for text in ("<garbage", "", "no XML at all"):
        (folder / "zz.xml").write_text(text)
        with pytest.raises(FileFormatError, match=r"zz\.xml"):
            load_all(sorted(str(path) for path in folder.iterdir()))
        # nobody asked for it
        assert list(load_all([str(folder / "domain.xml")])) == ["first"]


def test_what_is_no_problem_is_named(tmp_path):
    (tmp_path / "other.xml").write_text("<html/>")
    with pytest.raises(FileFormatError, match=r"other.xml: expected a GENIUS domain or profile"):
        load_all([str(tmp_path / "other.xml")])
    (tmp_path / "profile.xml").write_text(PROFILE.format(issue="x", a=1))
    with pytest.raises(FileFormatError, match="expected a GENIUS domain beside it"):
        load_all([str(tmp_path / "profile.xml")])
    with pytest.raises(FileFormatError, match="expected a file to read"):
        load_all([str(tmp_path / "missing.xml")])
    with pytest.raises(InvalidArgumentError, match="problems"):
        load_all([])
