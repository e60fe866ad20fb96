"""Match opt-out rules against repositories, paths and blobs."""
