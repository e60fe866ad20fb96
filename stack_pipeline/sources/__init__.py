"""Find repositories, read listings, and read Git objects that nobody vouches for."""

from stack_pipeline.sources.discover import discover
from stack_pipeline.sources.git import GitRepository, Head
from stack_pipeline.sources.listing import read_listing
from stack_pipeline.sources.paths import display_path, path_problem
from stack_pipeline.sources.plan import plan_sources
from stack_pipeline.sources.problems import RepositoryUnreadable
from stack_pipeline.sources.repository import PreviousName, Repository
from stack_pipeline.sources.trees import TreeEntry

__all__ = [
    "GitRepository",
    "Head",
    "PreviousName",
    "Repository",
    "RepositoryUnreadable",
    "TreeEntry",
    "discover",
    "display_path",
    "path_problem",
    "plan_sources",
    "read_listing",
]
