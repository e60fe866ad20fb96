"""The checks of `verify`: each recomputes one promise of a release and says what it found."""
