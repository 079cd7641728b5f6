"""Results are read as the platforms write them, and what is wrong in a file is said with its line and column."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbgrader.api import Gradebook

from autograder import log
from autograder.course import Course
from autograder.errors import CourseError, MisuseError
from autograder.exam.results import Results, of_lab, read
from autograder.gradebook import api

PLAIN = """student,question,points,max,response,options,seconds,language,variant
eva,1,1,1,a,a|b|c,31,en,A
eva,2,0.5,2,a|c,,90.5,en,A
per,1,0,1,b,a|b|c,20,no,B
per,2,,2,,,,no,B
"""
GRADES = """Last name,First name,Email address,Status,Started,Completed,Duration,Grade/10.00,Q. 1 /2.00,Q. 2 /8.00
Ås,Eva,eva@uib.no,Finished,1 June 2027  9:00 AM,1 June 2027  9:40 AM,40 mins,7.50,2.00,5.50
Berg,Per,per@uib.no,Finished,1 June 2027  9:00 AM,1 June 2027  9:30 AM,30 mins,1.00,1.00,-
Dahl,Kim,kim@uib.no,In progress,1 June 2027  9:00 AM,-,-,-,-,-
Foss,Liv,liv@uib.no,Finished,1 June 2027  9:00 AM,1 June 2027  9:30 AM,30 mins,Not yet graded,2.00,Requires grading
Overall average,,,,,,,4.25,1.50,5.50
"""
RESPONSES = """Last name,First name,Email address,Status,Started,Completed,Duration,Grade/10.00,Response 1,Right answer 1
Ås,Eva,eva@uib.no,Finished,x,x,x,7.50,the first,the first
Berg,Per,per@uib.no,Finished,x,x,x,1.00,-,the first
Foss,Liv,liv@uib.no,Finished,x,x,x,Not yet graded,"the other, really",the first
"""
MARKS = """CandidateExternalId,UserId,QuestionNo,QuestionTitle,QuestionRevisionID,QuestionId,EvaluatorUserId,Username,ManuallyGradedScore,AutoGradedScore,FinalGrade
101,9001,1,Lesion,5,77,null,null,null,1.0,
101,9001,2,Essay,6,78,136,eval001,3.5,,
102,9002,1,Lesion,5,77,null,null,null,0.0,
102,9002,2,Essay,6,78,136,eval001,2,1.0,
"""
EXERCISES = ("sensitivity", "rarest", "trust")


def write(folder: Path, text: str, name: str = "results.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding, newline="")
    return path


def parsed(folder: Path, text: str, **more: str) -> Results:
    return read(write(folder, text, **more))


def same(found: np.ndarray, wanted: list[list[float]]) -> bool:
    return np.array_equal(found, np.array(wanted), equal_nan=True)


def question(number: str, score: float | None, **more: Any) -> dict[str, Any]:
    said = {
        "questionId": int(number) + 1000,
        "questionNumber": number,
        "questionTitle": f"Title {number}",
        "maxQuestionScore": 2.0,
        "durationSeconds": 60,
        "autoScore": score,
        "manualScores": None,
        "candidateResponses": [],
    } | more
    return {f"ext_inspera_{name}": value for name, value in said.items()}


def candidate(name: str, *questions: dict[str, Any], total: float | None = None, there: bool = True) -> dict[str, Any]:
    said = {"candidateId": name, "attendance": there, "totalScore": total, "questions": list(questions)}
    return {"result": {f"ext_inspera_{key}": value for key, value in said.items()}}


def inspera(folder: Path, *candidates: dict[str, Any]) -> Path:
    said = {"ext_inspera_assessmentRunTitle": "An exam", "ext_inspera_candidates": list(candidates)}
    return write(folder, json.dumps(said, indent=1), "results.json")


def test_a_plain_table_is_read(tmp_path: Path) -> None:
    results = parsed(tmp_path, PLAIN)
    assert (results.students, results.questions) == (("eva", "per"), ("1", "2"))
    assert same(results.points, [[1, 0.5], [0, math.nan]])
    assert same(results.seconds, [[31, 90.5], [20, math.nan]])
    assert results.maxima.tolist() == [1, 2]
    assert results.responses == ((("a",), ("a", "c")), (("b",), ()))
    assert results.options == (("a", "b", "c"), ())
    assert (results.languages, results.variants) == (("en", "no"), ("A", "B"))
    assert results.totals.tolist() == [1.5, 0]
    assert results.attainable == 3
    assert results.remarks == ()


def test_what_a_table_does_not_say_is_not_known(tmp_path: Path) -> None:
    results = parsed(tmp_path, "student,question,points,max\neva,1,1,1\nper,2,1,1\n")
    assert results.responses == ((None, None), (None, None))
    assert results.languages == ("", "")
    assert same(results.points, [[1, math.nan], [math.nan, 1]])


@pytest.mark.parametrize(("separator", "encoding"), [(";", "cp1252"), ("\t", "utf-8-sig"), (";", "utf-8-sig")])
def test_tables_of_spreadsheets_are_read(tmp_path: Path, separator: str, encoding: str) -> None:
    text = "Student,Question,Points,Max\r\nPål,1,0#5,1#0\r\n\r\n".replace(",", separator).replace("#", ",")
    results = parsed(tmp_path, text, encoding=encoding)
    assert results.students == ("Pål",)
    assert results.points.tolist() == [[0.5]]


def test_questions_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    rows = "".join(f"eva,{number},1,1\n" for number in (10, 2, "2b", 1))
    assert parsed(tmp_path, f"student,question,points,max\n{rows}").questions == ("1", "2", "2b", "10")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("eva,1,1,1", "eva,1,one,1", "results.csv:2: column 'points': 'one' is not a number"),
        ("eva,1,1,1", "eva,1,2,1", "results.csv:2: column 'points': 2 points of 1"),
        ("per,1,0,1", "per,1,0,3", "results.csv:4: column 'max': '1' had 1.0 before and has 3.0 here"),
        ("per,1,0,1", "per,1,0,", "results.csv:4: column 'max': it must be a number"),
        ("per,1,0,1", "per,,0,1", "results.csv:4: column 'question': it is empty"),
        ("per,2,", "per,1,", "results.csv:5: column 'question': 'per' has question '1' in line 4 already"),
        ("90.5,en", "90.5,no", "results.csv:3: column 'language': 'eva' had en before and has no here"),
        ("20,no,B", "20,no", "results.csv:4: 8 cells in this row, 9 in the header"),
        ("per,1", '"per"x,1', "results.csv:4: this is not CSV"),
        ("seconds", "second", "there is no column 'second'. Did you mean 'seconds'"),
        ("max", "variant", "the column 'max' is missing"),
        ("student", "pupil", "no results that can be read"),
    ],
)
def test_a_mistake_in_a_table_is_said_with_line_and_column(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in PLAIN
    with pytest.raises(MisuseError) as error:
        parsed(tmp_path, PLAIN.replace(old, new, 1))
    assert said in str(error.value)


def test_a_cell_of_several_lines_does_not_shift_the_numbers_of_lines(tmp_path: Path) -> None:
    text = 'student,question,points,max,response\neva,1,1,1,"two\nlines"\n\nper,1,x,1,a\n'
    with pytest.raises(MisuseError, match=r"results\.csv:5: column 'points'"):
        parsed(tmp_path, text)


def test_what_nobody_has_points_for_is_left_out_with_a_remark(tmp_path: Path) -> None:
    text = "student,question,points,max\neva,1,1,1\neva,2,,1\neva,3,0,0\nper,1,,1\n"
    results = parsed(tmp_path, text)
    assert (results.students, results.questions) == (("eva",), ("1",))
    assert [remark for remark in results.remarks if "per" in remark]
    assert [remark for remark in results.remarks if "question 2, 3" in remark]


def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(MisuseError, match="save or download it as CSV"):
        read(tmp_path / "book.xlsx")
    with pytest.raises(MisuseError, match="can't be read: No such file"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(MisuseError, match="is empty"):
        parsed(tmp_path, "\n\n")
    with pytest.raises(MisuseError, match="there are no points in it"):
        parsed(tmp_path, "student,question,points,max\neva,1,,1\n")
    path = write(tmp_path, PLAIN)
    with pytest.raises(MisuseError, match="2 of these files have them"):
        read(path, path)


def test_languages_and_variants_come_from_a_second_table(tmp_path: Path) -> None:
    groups = write(tmp_path, "student,language,variant\neva@uib.no,en,A\nkari,no,B\n", "groups.csv")
    results = read(write(tmp_path, GRADES), groups)
    assert results.languages[results.students.index("eva@uib.no")] == "en"
    assert results.languages[results.students.index("per@uib.no")] == ""
    assert "groups.csv names students without points: kari." in results.remarks
    assert "groups.csv says nothing of liv@uib.no, per@uib.no." in results.remarks
    with pytest.raises(MisuseError, match="none of these files has them"):
        read(groups)


def test_moodles_grades_are_read(tmp_path: Path) -> None:
    results = parsed(tmp_path, GRADES)
    assert results.students == ("eva@uib.no", "per@uib.no", "liv@uib.no")
    assert results.questions == ("1", "2")
    assert results.maxima.tolist() == [2, 8]
    assert same(results.points, [[2, 5.5], [1, 0], [2, math.nan]])
    assert results.remarks == (
        "Answers that wait for points by hand: 1. They count neither as right nor as wrong.",
        "Left out, as they have no finished attempt: 1.",
    )


@pytest.mark.parametrize(("grade", "name"), [("Ocena", "Pyt. {}"), ("成績", "Q:{}"), ("Karakter", "Spørsmål {}")])
def test_moodles_grades_are_read_in_every_language(tmp_path: Path, grade: str, name: str) -> None:
    text = re.sub(r"(\d)\.(\d)", r"\1,\2", GRADES.replace(",", ";")).replace("Grade/", f"{grade}/")
    for number in (1, 2):
        text = text.replace(f"Q. {number} ", f"{name.format(number)} ")
    results = parsed(tmp_path, text)
    assert results.questions == ("1", "2")
    assert results.students == ("eva@uib.no", "per@uib.no", "liv@uib.no")
    assert same(results.points, [[2, 5.5], [1, 0], [2, math.nan]])


def test_questions_of_moodle_with_the_same_number_are_counted(tmp_path: Path) -> None:
    results = parsed(tmp_path, GRADES.replace("Q. 2 /", "Q. 1 /"))
    assert results.questions == ("1", "2")
    assert results.maxima.tolist() == [2, 8]


def test_two_attempts_of_one_student_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        MisuseError, match=r"results\.csv:3: column 'Email address': 'eva@uib\.no' stands in line 2 already"
    ):
        parsed(tmp_path, GRADES.replace("per@uib.no", "eva@uib.no"))


def test_an_id_number_goes_before_an_address_if_everybody_has_one(tmp_path: Path) -> None:
    text = GRADES.replace("Status", "ID number")
    for number in (7, 8, 9):
        text = text.replace("Finished", str(number), 1)
    assert parsed(tmp_path, text).students == ("7", "8", "9")
    assert parsed(tmp_path, text.replace(",8,", ",,")).students[0] == "eva@uib.no"


def test_without_ids_students_are_called_by_their_lines_and_not_by_their_names(tmp_path: Path) -> None:
    results = parsed(tmp_path, GRADES.replace("@uib.no", ""))
    assert results.students == ("line 2", "line 3", "line 5")
    assert "students are called by their lines" in results.remarks[-1]


def test_moodles_responses_are_added_to_its_grades(tmp_path: Path) -> None:
    responses = write(tmp_path, RESPONSES, "responses.csv")
    results = read(write(tmp_path, GRADES), responses)
    assert [row[0] for row in results.responses] == [("the first",), (), ("the other, really",)]
    assert [row[1] for row in results.responses] == [None, None, None]
    with pytest.raises(MisuseError, match="none of these files has them"):
        read(responses)
    with pytest.raises(MisuseError, match="which of 'Svar 1' and 'Right answer 1' is what was answered"):
        read(write(tmp_path, RESPONSES.replace("Response 1", "Svar 1"), "no.csv"))
    assert read(
        write(tmp_path, GRADES),
        write(
            tmp_path,
            RESPONSES.replace("Response 1", "Svar 1").replace(",Right answer 1", "").replace(",the first\n", "\n"),
            "no.csv",
        ),
    ).responses[0][0] == ("the first",)


def test_moodles_grades_without_marks_are_refused(tmp_path: Path) -> None:
    text = "\n".join(line.rsplit(",", 2)[0] for line in GRADES.splitlines())
    with pytest.raises(MisuseError, match="show marks for each question"):
        parsed(tmp_path, text)


def test_points_that_do_not_add_up_to_the_total_are_remarked(tmp_path: Path) -> None:
    results = parsed(tmp_path, GRADES.replace("7.50,2.00", "8.50,2.00"))
    assert any("platform's total: 1, such as eva@uib.no" in remark for remark in results.remarks)


def test_insperas_json_is_read(tmp_path: Path) -> None:
    ticks = [{"ext_inspera_response": "<p>Sensitivity &amp; more</p>", "ext_inspera_interactionAlternative": "2"}]
    formula = [{"ext_inspera_response": None, "ext_inspera_interactionAlternative": 3}]
    by_hand = [{"ext_inspera_manualScore": 1.0}, {"ext_inspera_manualScore": 1.5}]
    results = read(
        inspera(
            tmp_path,
            candidate(
                "101", question("2", 2, candidateResponses=formula), question("1", 0, manualScores=by_hand), total=3.25
            ),
            candidate("102", question("1", 2, candidateResponses=ticks), question("2", None)),
            candidate("103", there=False),
        )
    )
    assert (results.students, results.questions) == (("101", "102"), ("1", "2"))
    assert results.titles == ("Title 1", "Title 2")
    assert same(results.points, [[1.25, 2], [2, math.nan]])
    assert results.seconds.tolist() == [[60, 60], [60, 60]]
    assert results.responses == (((), ("option 3",)), (("Sensitivity & more",), ()))
    assert results.remarks == (
        "Answers that wait for points by hand: 1. They count neither as right nor as wrong.",
        "Answers to which graders gave different points: 1. The mean counts here.",
        "Left out, as they did not attend: 1.",
    )


def test_insperas_questions_are_known_by_title_where_numbers_differ(tmp_path: Path) -> None:
    moved = question("9", 1, questionId=1001, questionTitle="Title 1")
    results = read(
        inspera(
            tmp_path, candidate("101", question("1", 2), question("2", 0)), candidate("102", question("2", 1), moved)
        )
    )
    assert results.questions == ("Title 1", "Title 2")
    assert results.points.tolist() == [[2, 0], [1, 1]]


def test_insperas_questions_are_known_by_id_where_titles_are_alike_too(tmp_path: Path) -> None:
    alike = [question("1", 2, questionId=number, questionTitle="") for number in (77, 78)]
    assert read(inspera(tmp_path, candidate("101", *alike))).questions == ("77", "78")


def test_a_total_of_insperas_that_does_not_fit_is_remarked(tmp_path: Path) -> None:
    results = read(inspera(tmp_path, candidate("101", question("1", 2), total=3)))
    assert any("platform's total: 1, such as 101" in remark for remark in results.remarks)


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (question("1", 1, maxQuestionScore=None), "candidate 1, question 1: 'ext_inspera_maxQuestionScore' is missing"),
        (question("1", "much"), "candidate 1, question 1: 'ext_inspera_autoScore'"),  # type: ignore[arg-type]
        ({}, "candidate 1, question 1: 'ext_inspera_questionId' is missing"),
    ],
)
def test_what_insperas_json_lacks_is_said_with_its_place(tmp_path: Path, damaged: dict[str, Any], said: str) -> None:
    with pytest.raises(MisuseError) as error:
        read(inspera(tmp_path, candidate("101", damaged)))
    assert said in str(error.value)


def test_broken_json_is_said_with_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=r"results\.json:2: column 2: this is not JSON"):
        parsed(tmp_path, "{\n x", name="results.json")
    with pytest.raises(MisuseError, match="the file: 'ext_inspera_candidates' is missing"):
        parsed(tmp_path, "{}", name="results.json")
    with pytest.raises(MisuseError, match="candidate 2: '101' occurs twice"):
        read(inspera(tmp_path, *[candidate("101", question("1", 1))] * 2))


def test_insperas_marks_are_read_and_their_lack_of_maxima_is_remarked(tmp_path: Path) -> None:
    results = parsed(tmp_path, MARKS)
    assert (results.students, results.questions, results.titles) == (("101", "102"), ("1", "2"), ("Lesion", "Essay"))
    assert results.points.tolist() == [[1, 3.5], [0, 2]]
    assert results.maxima.tolist() == [1, 3.5]
    assert "does not say what a question can give" in results.remarks[-1]
    with pytest.raises(MisuseError, match=r"results\.csv:3: column 'ManuallyGradedScore': 'A' is not a number"):
        parsed(tmp_path, MARKS.replace("3.5", "A"))
    with pytest.raises(MisuseError, match="neither AutoGradedScore nor ManuallyGradedScore"):
        parsed(tmp_path, MARKS.replace("ManuallyGradedScore", "x").replace("AutoGradedScore", "y"))


def enter(book: Gradebook, student: str, points: dict[str, float]) -> None:
    """Enter points as grading does; what has none waits for a human."""
    book.add_student(student)
    for grade in book.add_submission("tiny", student).notebooks[0].grades:
        grade.auto_score = points.get(grade.name)
        grade.needs_manual_grade = grade.auto_score is None
    book.db.commit()


@pytest.mark.slow
def test_a_labs_exercises_are_read_from_the_gradebook(course: Course) -> None:
    with pytest.raises(CourseError, match="release a lab first"):
        of_lab(course, "tiny")
    with api(course).gradebook as book:
        book.add_assignment("tiny")
        book.add_notebook("first", "tiny")
        for name, maximum, kind in (
            ("sensitivity-tests", 3, "code"),
            ("rarest-tests", 2, "code"),
            ("trust", 4, "markdown"),
        ):
            book.add_grade_cell(name, "first", "tiny", max_score=maximum, cell_type=kind)
        enter(book, "103", {})
        with pytest.raises(CourseError, match="No submission of 'tiny' is graded yet: course grade tiny"):
            of_lab(course, "tiny")
        enter(book, "101", {"sensitivity-tests": 3, "rarest-tests": 1, "trust": 2})
        enter(book, "102", {"sensitivity-tests": 0, "rarest-tests": 1})
    log.Log(course).append(log.Entry("now", "tiny", "102", "fault", "hash", "key"))
    results = of_lab(course, "tiny")
    assert sorted(results.students) == ["101", "102"]
    row = {name: place for place, name in enumerate(results.students)}
    column = {name: place for place, name in enumerate(results.questions)}
    found = results.points[np.ix_([row["101"], row["102"]], [column[f"first/{name}"] for name in EXERCISES])]
    assert same(found, [[3, 1, 2], [0, 1, math.nan]])
    assert results.attainable == 9
    assert results.remarks == (
        "Answers that wait for points by hand: 1. They count neither as right nor as wrong.",
        "When last graded, 102 could not be graded in full.",
    )
    with pytest.raises(MisuseError, match="Did you mean 'tiny'"):
        of_lab(course, "tinny")
