"""Say what can be said of one file from its path and its bytes.

Whether it is text and in which encoding, its language and the slug of that language, whether it is vendored,
generated or minified, and how much of it is comment. Language rules and lists are GitHub Linguist's, vendored
as data; the code is ours. Nothing here reads a disk but for the vendored tables, and no input raises.
"""

from stack_pipeline.files.comments import comment_ratio
from stack_pipeline.files.encoding import Decoded, decode, is_binary, is_lfs_pointer
from stack_pipeline.files.generated import generated_reason, is_generated
from stack_pipeline.files.language import DetectedLanguage, detect_language
from stack_pipeline.files.linguist_data import language_names, language_type
from stack_pipeline.files.minified import is_minified, minified_reason
from stack_pipeline.files.paths import is_documentation, is_vendored, vendored_pattern
from stack_pipeline.files.slugs import UNKNOWN_SLUG, language_of_slug, language_slug
from stack_pipeline.files.version import FILE_RULES_VERSION, rules_version

__all__ = [
    "FILE_RULES_VERSION",
    "UNKNOWN_SLUG",
    "Decoded",
    "DetectedLanguage",
    "comment_ratio",
    "decode",
    "detect_language",
    "generated_reason",
    "is_binary",
    "is_documentation",
    "is_generated",
    "is_lfs_pointer",
    "is_minified",
    "is_vendored",
    "language_names",
    "language_of_slug",
    "language_slug",
    "language_type",
    "minified_reason",
    "rules_version",
    "vendored_pattern",
]
