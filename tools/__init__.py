"""Scripts that make the vendored data and the generated pages; run as `python -m tools.NAME`."""
