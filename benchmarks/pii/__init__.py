"""Measure the detection of personal data and secrets beside its peers, on cases of our own and on public sets."""
