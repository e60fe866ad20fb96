"""Look into a finished release: explain a file's fate, verify everything that can be recomputed, summarise."""
