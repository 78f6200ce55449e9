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
    said = []
    found = load_all([str(path) for path in folder.iterdir()], notice=said.append)
    assert sorted(found) == ["first", "second"]
    assert len(said) == 1
    assert "stray.xml: expected the issues of one of 2 domains in its folder, got" in said[0]


def test_equal_names_are_told_apart_by_folder(tmp_path):
    write(tmp_path / "one", "lease", "colour")
    write(tmp_path / "two", "lease", "size")
    write(tmp_path / "three", "root", "size")
    found = load_all([str(tmp_path / name) for name in ("one", "two", "three")])
    assert list(found) == ["one/lease", "two/lease", "three"]
    with pytest.raises(FileFormatError, match="another name"):
        load_all(["rental", "rental"])


@pytest.mark.parametrize("text", ["<garbage", "", "no XML at all", "<pareto/>", "<!-- "])
def test_a_file_that_is_no_piece_of_a_problem_is_passed_over_by_name(tmp_path, text):
    # some of the lists of efficient outcomes that GENIUS domains come with are no XML
    write(tmp_path / "one", "first", "colour")
    folder = tmp_path / "one"
    (folder / "zz.xml").write_text(text)
    said = []
    found = load_all(sorted(str(path) for path in folder.iterdir()), notice=said.append)
    assert list(found) == ["first"]
    assert said == [f"{folder / 'zz.xml'}: expected a GENIUS domain or profile, got another file"]
    # nobody asked for it
    assert list(load_all([str(folder / "domain.xml")], notice=pytest.fail)) == ["first"]


@pytest.mark.parametrize("name", ["domain.xml", "profile2.xml"])
def test_a_broken_piece_of_a_problem_is_named_and_not_passed_over(tmp_path, name):
    write(tmp_path / "one", "first", "colour")
    broken = tmp_path / "one" / name
    broken.write_text(broken.read_text()[:-30])
    with pytest.raises(FileFormatError, match=name):
        load_all(["rental", *(str(path) for path in (tmp_path / "one").iterdir())])


def test_a_profile_of_other_issues_and_one_without_a_domain_are_passed_over(tmp_path):
    write(tmp_path / "one", "first", "colour")
    (tmp_path / "one" / "stray.xml").write_text(PROFILE.format(issue="weight", a=1))
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "lone.xml").write_text(PROFILE.format(issue="weight", a=1))
    write(tmp_path / "three", "third", "colour")
    (tmp_path / "three" / "profile1.xml").unlink()
    said = []
    found = load_all(sorted(map(str, tmp_path.glob("*/*.xml"))), notice=said.append)
    assert list(found) == ["first"]
    assert [line[len(str(tmp_path)) + 1 :] for line in said] == [
        "one/stray.xml: expected the issues of domain.xml, got others",
        "three/domain.xml: expected two profiles or more beside it, got 1",
        "two/lone.xml: expected a GENIUS domain beside it, got none",
    ]


def test_a_folder_of_folders_is_searched(tmp_path):
    write(tmp_path / "one", "first", "colour")
    (tmp_path / "one" / "pareto.xml").write_text("no XML at all")
    (tmp_path / "deeper").mkdir()
    write(tmp_path / "deeper" / "two", "second", "size")
    write(tmp_path / "three", "third", "size")
    (tmp_path / "three" / "domain.xml").write_text("<negotiation_template><")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(b"")
    (tmp_path / "round").symlink_to(tmp_path)
    bg.save(bg.load("employment"), tmp_path / "job.yaml")
    (tmp_path / "notes.json").write_text("[]")
    said = []
    found = load_all([str(tmp_path)], notice=said.append)
    assert list(found) == ["employment", "second", "first"]
    assert [line.split(":")[0][len(str(tmp_path)) + 1 :] for line in said] == [
        "notes.json",
        "three/domain.xml",
    ]
    with pytest.raises(FileFormatError, match="pictures: expected a folder with problems"):
        load_all([str(tmp_path / "pictures")])


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
