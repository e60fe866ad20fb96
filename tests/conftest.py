"""Settings of the property tests: no deadlines, so that a slow machine fails no test.

`HYPOTHESIS_PROFILE=ci` draws the same cases each time.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("local", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "local"))
