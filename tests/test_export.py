"""Getting grades out: the forms that Canvas and Moodle import, filled rosters, harmless cells."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder import collect, log, release
from autograder.course import Course
from autograder.errors import CourseError, MisuseError
from autograder.export import export, to_csv
from autograder.gradebook import api, gradebook
from tests.classroom import archive

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,A tiny lab (77),Notes,Final Score"
POINTS = "    Points Possible,,,,,9,,(read only)"


@pytest.fixture
def graded(course: Course) -> Course:
    """The lab released, and in its gradebook 101 with 3 and 2 points, 102 with 0 and 2, kari with nothing yet."""
    release.release(course, "tiny")
    enter(course, {"101": (3, 2), "102": (0, 2), "kari": None})
    return course


def enter(course: Course, points: Mapping[str, tuple[float, float] | None], **person: str) -> None:
    """Enter submissions into nbgrader's gradebook as its autograder does, without running anything."""
    with gradebook(course) as book:
        for student, scores in points.items():
            book.update_or_create_student(student, **person)
            for notebook in book.update_or_create_submission("tiny", student).notebooks:
                by_name = dict(zip(("sensitivity-tests", "rarest-tests"), scores or (), strict=False))
                for grade in notebook.grades:
                    grade.auto_score = by_name.get(grade.name)
                    grade.needs_manual_grade = grade.name == "trust"
        book.db.commit()


def read(path: Path, separator: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


def roster(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def test_a_gradebook_of_canvas_is_filled_and_otherwise_stays(graded: Course, tmp_path: Path) -> None:
    lines = (
        HEADER,
        ",,,,,Manual Posting,,",
        POINTS,
        '"Nordmann, Ola",102,ola,ola@uib.no,H26,1,likes cats,20',
        '"Ås, Åse",55,aase,aase@uib.no,H26,4,,30',
        '"Hansen, Per",101,per,per@uib.no,H26,,,10',
    )
    source = roster(tmp_path, *lines)
    before = source.read_bytes()
    report = export(graded, tmp_path / "out.csv", "canvas", "tiny", source)
    rows = read(tmp_path / "out.csv")
    assert rows[:3] == [line.split(",") for line in lines[:3]]
    assert [row[5] for row in rows[3:]] == ["2", "4", "5"]  # 55 has no submission: what Canvas has is not removed
    assert [row[:5] + row[6:] for row in rows[3:]] == [
        ["Nordmann, Ola", "102", "ola", "ola@uib.no", "H26", "likes cats", "20"],
        ["Ås, Åse", "55", "aase", "aase@uib.no", "H26", "", "30"],
        ["Hansen, Per", "101", "per", "per@uib.no", "H26", "", "10"],
    ]
    assert source.read_bytes() == before
    assert report.rows == 3
    said = " ".join(report.remarks)
    assert "1 in the roster have no graded submission" in said
    assert "Submissions of tiny that wait for points by hand: 2" in said
    assert "Not in the roster" not in said


def test_a_roster_from_a_norwegian_excel(graded: Course, tmp_path: Path) -> None:
    lines = (
        "Student;ID;SIS Login ID;Section;tiny exam (8)",
        'Ås, Åse;"102";x;H26;"1,5"',
        "Per;;KARI;H26;",
        "Eva;;101;H26;",
    )
    for encoding in ("utf-8-sig", "cp1252"):
        source = roster(tmp_path, *lines, encoding=encoding)
        report = export(graded, tmp_path / "out.csv", "canvas", "tiny", source)
        assert (tmp_path / "out.csv").read_bytes()[:7] == b"Student"
        rows = read(tmp_path / "out.csv", ";")
        assert rows[1] == ["Ås, Åse", "102", "x", "H26", "2"]
        assert [row[4] for row in rows[2:]] == ["", "5"]  # kari is not graded, so she gets no 0
        assert not [remark for remark in report.remarks if "Not in the roster" in remark]


def test_who_is_excused_unknown_or_twice_is_said(graded: Course, tmp_path: Path) -> None:
    enter(graded, {"ola": (1, 0), "stranger": (1, 1)})
    source = roster(tmp_path, HEADER, POINTS, "Per,101,per,,,EX,,", "Ola,102,ola,,,,,")
    report = export(graded, tmp_path / "out.csv", "canvas", "tiny", source)
    assert [row[5] for row in read(tmp_path / "out.csv")[2:]] == ["EX", "2"]
    said = " ".join(report.remarks)
    assert "101 is excused" in said
    assert "102 and ola are one person" in said
    assert "Not in the roster: stranger." in said


def test_a_score_of_what_could_not_be_graded_is_said(graded: Course, tmp_path: Path) -> None:
    for student, action in {"101": "fault", "102": "grade", "gone": "fault"}.items():
        log.Log(graded).append(log.Entry(log.now(), "tiny", student, action, submission="", key=""))
    said = [remark for remark in export(graded, tmp_path / "out.csv", "moodle").remarks if "could not" in remark]
    assert said == ["101 could not be graded in full and has 5 points of tiny: see why."]


def test_a_lab_without_a_column_gets_one(graded: Course, tmp_path: Path) -> None:
    source = roster(tmp_path, "Student,ID,Section,tiny Final Score", POINTS[:19] + ",,,", "Per,101,,9")
    report = export(graded, tmp_path / "out.csv", "canvas", "tiny", source)
    rows = read(tmp_path / "out.csv")
    assert [row[3:] for row in rows] == [["tiny Final Score", "A tiny lab"], ["", "9"], ["9", "5"]]
    assert any("no column of tiny" in remark for remark in report.remarks)


def test_other_points_on_the_platform_are_said(graded: Course, tmp_path: Path) -> None:
    source = roster(tmp_path, HEADER, POINTS.replace("9", "100,0").replace(",0", ""), "Per,101,,,,,,")
    said = " ".join(export(graded, tmp_path / "out.csv", "canvas", "tiny", source).remarks)
    assert "Canvas gives 100 points for tiny, the lab 9" in said


def test_a_worksheet_of_moodle_is_filled(graded: Course, tmp_path: Path) -> None:
    lines = (
        "Identifier,Full name,Email address,ID number,Status,Grade,Maximum grade,Last modified (grade),Feedback comments",
        "Participant 101,Per,per@uib.no,,Submitted,,9.00,-,-good",
        'Participant 7,"=cmd()",kari@uib.no,102,Submitted,,9.00,-,',
        "Participant 8,Eva,eva@uib.no,,No submission,,9.00,-,",
    )
    report = export(graded, tmp_path / "out.csv", "moodle", None, roster(tmp_path, *lines, encoding="utf-8-sig"))
    rows = read(tmp_path / "out.csv")
    assert rows[0] == lines[0].split(",")
    assert [row[5] for row in rows[1:]] == ["5", "2", ""]
    assert rows[1] == ["Participant 101", "Per", "per@uib.no", "", "Submitted", "5", "9.00", "-", "-good"]
    assert rows[2][1] == "'=cmd()"
    assert not [remark for remark in report.remarks if "Moodle gives" in remark]


def test_without_a_roster(graded: Course, tmp_path: Path) -> None:
    enter(graded, {"=1+1": (1, 1), "-7": (0, 0)})
    report = export(graded, tmp_path / "canvas.csv", "canvas")
    assert read(tmp_path / "canvas.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A tiny lab"],
        ["    Points Possible", "", "", "", "", "9"],
        ["", "-7", "", "", "", "0"],
        ["", "101", "", "", "", "5"],
        ["", "102", "", "", "", "2"],
        ["", "'=1+1", "", "", "", "2"],
    ]
    assert report.rows == 4
    assert any("won't know -7, =1+1" in remark for remark in report.remarks)
    export(graded, tmp_path / "moodle.csv", "moodle", "tiny")
    assert read(tmp_path / "moodle.csv")[:3] == [["ID number", "A tiny lab"], ["-7", "0"], ["101", "5"]]


def test_formulas_in_names_are_harmless_in_every_form(graded: Course, tmp_path: Path) -> None:
    for name in ("=cmd|' /C calc'!A0", "+x", "-x", "@SUM(A1)", "\tx", '"=1+1"', "  =x"):
        enter(graded, {"101": (3, 2)}, last_name=name)
        export(graded, tmp_path / "grades.csv")
        (row,) = [row for row in read(tmp_path / "grades.csv") if row[3] == "101"]
        assert row[4] == f"'{name}"
        with (tmp_path / "roster.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["Student", "ID", "Section", "tiny"], [name, "101", "", ""]])
        export(graded, tmp_path / "out.csv", "canvas", "tiny", tmp_path / "roster.csv")
        assert read(tmp_path / "out.csv")[1] == [f"'{name}", "101", "", "5"]


def test_nbgraders_table(graded: Course, tmp_path: Path) -> None:
    enter(graded, {"101": (3, 2)}, last_name="Ås")
    assert to_csv(graded, tmp_path / "grades.csv", "tiny") == 3
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["101"]["score"]) == 5
    assert rows["101"]["last_name"] == "Ås"


def test_what_cannot_be_is_answered_with_a_sentence(graded: Course, tmp_path: Path) -> None:
    to, source = tmp_path / "out.csv", roster(tmp_path, HEADER, POINTS)
    linked = tmp_path / "link.csv"
    linked.symlink_to(source)
    with pytest.raises(MisuseError, match="is the roster itself"):
        export(graded, linked, "canvas", "tiny", source)
    with pytest.raises(MisuseError, match="A roster goes with"):
        export(graded, to, "csv", "tiny", source)
    with pytest.raises(MisuseError, match="not a grading worksheet of Moodle"):
        export(graded, to, "moodle", "tiny", source)
    with pytest.raises(MisuseError, match="not a gradebook of Canvas"):
        export(graded, to, "canvas", "tiny", roster(tmp_path, "Identifier,Grade", "Participant 1,"))
    with pytest.raises(MisuseError, match="more than one column for tiny: 'tiny 1', 'tiny 2'"):
        export(graded, to, "canvas", "tiny", roster(tmp_path, "Student,ID,Section,tiny 1,tiny 2", ",1,,,"))
    archive(tmp_path / "book.xlsx", {"1": b"\x00" * 99}, "x.xml")
    with pytest.raises(MisuseError, match="not a CSV file"):
        export(graded, to, "canvas", "tiny", tmp_path / "book.xlsx")
    with pytest.raises(MisuseError, match="not a CSV file"):
        export(graded, to, "canvas", "tiny", roster(tmp_path, ""))
    with pytest.raises(MisuseError, match="can't be read"):
        export(graded, to, "canvas", "tiny", tmp_path / "none.csv")
    with pytest.raises(MisuseError, match="Did you mean 'tiny'"):
        export(graded, to, "canvas", "tinny")
    with pytest.raises(CourseError, match="can't be written"):
        export(graded, tmp_path / "nowhere" / "out.csv", "canvas")
    assert not to.exists()


def test_an_empty_gradebook(course: Course, tmp_path: Path) -> None:
    for form in ("csv", "canvas", "moodle"):
        with pytest.raises(CourseError, match="release a lab first"):
            export(course, tmp_path / "out.csv", form)  # type: ignore[arg-type]
    release.release(course, "tiny")
    with pytest.raises(CourseError, match="Nothing is graded yet: course grade tiny"):
        export(course, tmp_path / "out.csv", "canvas", "tiny")
    assert not (tmp_path / "out.csv").exists()


def test_what_the_autograder_gave_comes_out(course: Course, tmp_path: Path) -> None:
    release.release(course, "tiny")
    untouched = (course.grading / "release" / "tiny" / "first.ipynb").read_bytes()
    collect.from_zip(course, "tiny", archive(tmp_path / "x.zip", {"101": untouched}, "first.ipynb"))
    assert api(course).autograde("tiny", "101")["success"]
    source = roster(tmp_path, HEADER, POINTS, "Per,101,per,,,,,", "Eva,5,eva,,,,,")
    export(course, tmp_path / "out.csv", "canvas", "tiny", source)
    assert [row[5] for row in read(tmp_path / "out.csv")[2:]] == ["0", ""]
