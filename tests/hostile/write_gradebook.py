# tries: gives itself points in the gradebook
# must: earn nothing
import sqlite3
try:
    book = sqlite3.connect("COURSE/grading/gradebook.db")
    book.execute("UPDATE grade SET manual_score = 5")
    book.commit()
except sqlite3.Error as error:
    print(error)
