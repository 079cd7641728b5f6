# tries: prints the environment and its credentials
# must: earn nothing
import os, subprocess
print(dict(os.environ))
print(subprocess.run(["env"], capture_output=True, text=True).stdout)
