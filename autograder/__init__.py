"""The machinery of the course: runs, releases, grades and renders its notebooks."""
