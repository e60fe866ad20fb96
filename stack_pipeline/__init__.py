"""Turn Git repositories into a code-LLM training set that accounts for every file."""

__version__ = "0.1.0"
