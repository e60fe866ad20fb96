"""Look into a finished release: explain a file's fate, verify what can be recomputed, summarise."""
