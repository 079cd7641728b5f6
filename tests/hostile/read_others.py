# tries: reads the submissions of others and the gradebook
# must: earn nothing
import glob, sqlite3
for pattern in ("/*/*/submitted/*/*/*", "/*/*/*/submitted/*/*/*", "COURSE/grading/**", "../**", "../../**"):
    for path in glob.glob(pattern, recursive=True):
        print("FOUND", path)
