# tries: leaves links in its folder that point to the files of the grader
# must: earn nothing
import os
for name, target in (("timestamp.txt", "/etc/passwd"), ("first.ipynb", "COURSE/grading/gradebook.db"), ("data", "/")):
    if os.path.lexists(name):
        os.remove(name)
    os.symlink(target, name)
