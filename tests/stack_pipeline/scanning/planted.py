"""A text full of invented values, and all of its values, to be searched for in whatever is printed."""

from __future__ import annotations

PASSWORD = "Tr0ub4dor-88x"
SHORT = "hunter2!"
ACCESS_KEY = "AKIAQX5MZWQ3LKT7VZPN"
MAIL = "bob@corp.io"
ADDRESS = "52.95.110.1"
BLOCK = "MIIEpAIBAAKCAQEAuJ2fXk3Y0bq1m8R7n4T6wZp9sVd2GhLcQxE5yNiOaPtKzFjM"

#: What must not be printed, in bytes and as JSON would write it.
VALUES = (PASSWORD, SHORT, ACCESS_KEY, MAIL, ADDRESS, BLOCK, BLOCK[4:40])

TEXT = f"""import os
password = "{PASSWORD}"; login("{PASSWORD}")
passwd = "{SHORT}"
connect("{SHORT}")

# größe: mail {MAIL} at {ADDRESS}
aws = "{ACCESS_KEY}"
one = 1
two = 2
three = 3
four = 4
five = 5
six = 6
seven = 7  # as of version 4.1.12.1
-----BEGIN RSA PRIVATE KEY-----
{BLOCK}
{BLOCK[::-1]}
-----END RSA PRIVATE KEY-----
last = 1
"""

KINDS = ["PASSWORD", "PASSWORD", "EMAIL", "IP_ADDRESS", "KEY", "KEY"]


def leaked(*outputs: str | bytes) -> list[str]:
    """Return the planted values that stand in outputs."""
    data = b"\n".join(each if isinstance(each, bytes) else each.encode() for each in outputs)
    return [value for value in VALUES if value.encode() in data]
