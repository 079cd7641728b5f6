"""Submissions that try to cheat, to spy, to break things or to use them up."""
