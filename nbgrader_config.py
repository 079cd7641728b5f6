"""nbgrader's settings for this course, read by `course` and by nbgrader's own commands run in this folder."""

from pathlib import Path

c = get_config()  # nbgrader defines it

c.CourseDirectory.course_id = "elmed219"
c.CourseDirectory.root = str(Path(__file__).parent / "grading")

# A notebook in a Canvas archive is called NAME[_LATE]_STUDENT_SUBMISSION_FILE[-VERSION].ipynb
c.FileNameCollectorPlugin.named_regexp = (
    r"(?:.*[/\\])?(?P<last_name>[^_/\\]+)_(?:LATE_)?(?P<student_id>\d+)_\d+_(?P<file_id>.+?)(?:-\d+)?\.ipynb$"
)
