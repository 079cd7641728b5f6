# tries: fetches a page
# must: earn nothing
import urllib.request
try:
    print("FETCHED", urllib.request.urlopen("http://127.0.0.1:PORT/", timeout=2).read())
except OSError as error:
    print(error)
