"""Find and redact personal data and secrets in source code."""
