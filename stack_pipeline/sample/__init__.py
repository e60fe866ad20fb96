"""Write the bundled sample: two dozen small Git repositories in which every rule has something to decide.

All content is made by this package. Each file carries the fate that it must have with the sample's own
recipe, so that the sample is at once a demonstration and the golden test of the whole pipeline.
"""

from stack_pipeline.sample.planted import HARMLESS, PLANTED, Planted
from stack_pipeline.sample.writing import (
    UNPUBLISHED_NAMES,
    SampleListing,
    expected_fates,
    expected_repository_fates,
    repositories,
    write_sample,
)

__all__ = [
    "HARMLESS",
    "PLANTED",
    "UNPUBLISHED_NAMES",
    "Planted",
    "SampleListing",
    "expected_fates",
    "expected_repository_fates",
    "repositories",
    "write_sample",
]
