"""Tables on disk: schemas, Parquet, logical digests."""
