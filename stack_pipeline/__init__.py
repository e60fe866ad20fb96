"""Turn Git repositories into a code-LLM training set that accounts for every file."""
