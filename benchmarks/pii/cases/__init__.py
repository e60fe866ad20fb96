"""Our own evaluation cases for personal data and secrets in source code: written by hand, and generated."""
