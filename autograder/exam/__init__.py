"""The question bank: one question a file, and what is made from it."""
