"""Programs that parse files, one per language: paths on standard input, per file a line `LINE SHAPE` on standard output.

LINE is the first line that does not parse, 0 if all do; SHAPE a digest of the syntax tree without names and values, or `-`.
"""
