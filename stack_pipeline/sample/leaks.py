"""A repository that leaks: secrets and personal data in files, paths, a branch, a tag and a licence line."""

from __future__ import annotations

from stack_pipeline.sample import planted as p
from stack_pipeline.sample.business_code import sql_module
from stack_pipeline.sample.notices import license_file
from stack_pipeline.sample.python_code import record_module
from stack_pipeline.sample.repository import File, SampleRepository, source_file
from stack_pipeline.sample.vocabulary import things


def leaking_repository() -> SampleRepository:
    """Return the repository; it has the most stars, so its LICENSE stands for the others of its kind."""
    things_ = things()
    return SampleRepository(
        full_name="copperfield/deploy-kit",
        id=101,
        owner_id=901,
        note="invented secrets and personal data in every place",
        stars=12400,
        forks=310,
        default_branch=f"hotfix/for-{p.JONAS}",
        tags=(f"v1-{p.GITHUB_TOKEN_IN_TAG}", "v2"),
        license_spdx_id="MIT",
        files=(
            source_file("LICENSE", license_file("MIT", holder=f"Mara Lindqvist <{p.MARA}>")),
            source_file("README.md", _README),
            source_file("deploy/settings.py", _settings()),
            source_file("deploy/seed_lot.py", record_module(things_[14])),
            source_file("config/services.yaml", _services()),
            source_file("scripts/backup.sh", _backup()),
            source_file("client/client.go", _client()),
            source_file("web/payment.js", _payment()),
            source_file("keys/deploy.pem", _private_key()),
            source_file("analysis/visits.json", _visits()),
            source_file("schema/loans.sql", sql_module(things_[7])),
            *_telling_paths(),
        ),
    )


def _telling_paths() -> tuple[File, ...]:
    return (
        source_file(
            f"people/{p.JO}.md",
            "# On call\n\nWeek 14 and every second weekend in summer; ask at the desk first.\n",
        ),
        source_file(
            f"notes/{p.AWS_KEY_ID_IN_PATH}.md",
            "# Rotation\n\nThis pair was replaced in March, see the runbook.\n",
        ),
    )


_README = """# deploy-kit

Scripts that bring the harbour's services to the test machines and back up what they hold.

    python -m deploy.settings --check
    sh scripts/backup.sh nightly

Services listen on 127.0.0.1 while they are tested; the office network is 10.20.0.5 and up, with the mask
255.255.255.0.
"""


def _settings() -> str:
    return f'''"""Settings of the test machines."""

import os

REGION = "eu-north-1"
AWS_ACCESS_KEY_ID = os.environ.get("AWS_ACCESS_KEY_ID", "{p.AWS_KEY_ID}")
AWS_SECRET_ACCESS_KEY = "{p.AWS_SECRET}"

DATABASE = {{
    "host": "192.168.1.10",
    "name": "harbour",
    "user": "berths",
    "password": "{p.DATABASE_PASSWORD}",
}}

# If the console refuses {p.DATABASE_PASSWORD}, wait ten minutes and try again.
RETRIES = 3


def bucket(environment: str) -> str:
    """Name the bucket in which an environment keeps its releases."""
    return f"harbour-releases-{{environment}}-{{REGION}}"


def database_url() -> str:
    """Return the address of the database without its password."""
    return f"postgresql://{{DATABASE['user']}}@{{DATABASE['host']}}/{{DATABASE['name']}}"
'''


def _services() -> str:
    return f"""# One entry for each service; the proxy reads this file at start.
services:
  tides:
    address: {p.PUBLIC_IPV4[0]}
    port: 8443
    health: /ready
  berths:
    address: {p.PUBLIC_IPV4[1]}
    port: 8080
    health: /ready
  metrics:
    address: 127.0.0.1
    port: 9090
notify:
  slack_token: "{p.SLACK_TOKEN}"
  channel: "#harbour"
release:
  github_token: "{p.GITHUB_TOKEN}"
  keep: 12
"""


def _backup() -> str:
    return f"""#!/bin/sh
# Backs up the berth database. Questions to {p.PILAR}, not to the duty phone.
set -eu

target="/var/backups/berths-$(date +%Y%m%d).dump"
pg_dump "postgres://report:{p.URL_PASSWORD}@db.internal:5432/berths" > "$target"
gzip -9 "$target"

if [ "${{1:-}}" = nightly ]; then
    find /var/backups -name 'berths-*.dump.gz' -mtime +30 -delete
    echo "kept $(ls /var/backups | wc -l) dumps" | mail -s "berth backup" {p.PILAR}
fi
"""


def _client() -> str:
    return f"""package client

import (
\t"fmt"
\t"net/http"
\t"time"
)

// The mirrors answer on the second address when the first is drained.
var mirrors = []string{{"[{p.PUBLIC_IPV6[0]}]:8443", "[{p.PUBLIC_IPV6[1]}]:8443", "[::1]:8443"}}

const apiToken = "{p.API_TOKEN}"

// Tide asks each mirror in turn for the height of the tide.
func Tide(station string) (*http.Response, error) {{
\tclient := http.Client{{Timeout: 5 * time.Second}}
\tfor _, mirror := range mirrors {{
\t\trequest, err := http.NewRequest("GET", "https://"+mirror+"/tide/"+station, nil)
\t\tif err != nil {{
\t\t\treturn nil, err
\t\t}}
\t\trequest.Header.Set("Authorization", "Bearer "+apiToken)
\t\tif response, err := client.Do(request); err == nil {{
\t\t\treturn response, nil
\t\t}}
\t}}
\treturn nil, fmt.Errorf("no mirror knows the tide at %s", station)
}}
"""


def _payment() -> str:
    return f"""// Takes payment for a berth and remembers the receipt in the session.
import {{ createHmac }} from 'node:crypto';

const stripeKey = '{p.STRIPE_KEY}';
const sessionSecret = '{p.SESSION_SECRET}';

export function signReceipt(receipt) {{
  const body = JSON.stringify({{ berth: receipt.berth, cents: receipt.cents, paid: receipt.paid }});
  return createHmac('sha256', sessionSecret).update(body).digest('hex');
}}

export async function charge(berth, cents) {{
  if (!Number.isInteger(cents) || cents <= 0) throw new RangeError(`cannot charge ${{cents}} cents`);
  const answer = await fetch('https://payments.internal/v1/charges', {{
    method: 'POST',
    headers: {{ authorization: `Bearer ${{stripeKey}}` }},
    body: new URLSearchParams({{ amount: String(cents), currency: 'sek', description: `berth ${{berth}}` }}),
  }});
  return answer.json();
}}
"""


def _private_key() -> str:
    kind = "RSA PRIVATE" + " KEY"
    return "\n".join([f"-----BEGIN {kind}-----", *p.PRIVATE_KEY_LINES, f"-----END {kind}-----", ""])


def _visits() -> str:
    return f"""{{
  "day": "2023-05-14",
  "visits": [
    {{"page": "/berths", "from": "{p.PUBLIC_IPV4[2]}", "status": 200, "ms": 41}},
    {{"page": "/tides", "from": "{p.PUBLIC_IPV4[3]}", "status": 304, "ms": 12}},
    {{"page": "/berths/7", "from": "{p.PUBLIC_IPV4[2]}", "status": 404, "ms": 8}},
    {{"page": "/", "from": "127.0.0.1", "status": 200, "ms": 3}}
  ]
}}
"""
