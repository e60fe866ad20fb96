"""The shapes of providers' keys: a variable that usually holds the key, and how to make one.

The shapes are public facts, taken from the providers' own descriptions of their tokens.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.pii.cases.invented import (
    ALNUM,
    BASE32,
    BASE64,
    HEX,
    LOWER_DIGITS,
    UPPER_DIGITS,
    URL_SAFE,
    base64_of,
    drawn,
    uuid,
    with_checksum,
)

DIGITS = "123456789"
LETTERS = ALNUM[:52]

#: Service: the name of its variable, and the maker of a key from a seed.
PROVIDER_KEYS: dict[str, tuple[str, Callable[[str], str]]] = {
    "airtable": ("AIRTABLE_PAT", lambda s: f"pat{drawn(s, 14)}.{drawn(s, 64, HEX)}"),
    "alibaba": ("ALIYUN_ACCESS_KEY_ID", lambda s: f"LTAI5t{drawn(s, 18)}"),
    "anthropic": ("ANTHROPIC_API_KEY", lambda s: f"sk-ant-api03-{drawn(s, 93, URL_SAFE)}AA"),
    "aws-id": ("AWS_ACCESS_KEY_ID", lambda s: f"AKIA{drawn(s, 16, BASE32)}"),
    "aws-secret": ("AWS_SECRET_ACCESS_KEY", lambda s: drawn(s, 40, BASE64)),
    "azure-client": ("AZURE_CLIENT_SECRET", lambda s: f"{drawn(s, 3)}8Q~{drawn(s, 34, URL_SAFE)}"),
    "azure-storage": ("AZURE_STORAGE_ACCOUNT_KEY", lambda s: base64_of(s, 64)),
    "cloudflare": ("CLOUDFLARE_API_TOKEN", lambda s: drawn(s, 40, URL_SAFE)),
    "databricks": ("DATABRICKS_TOKEN", lambda s: f"dapi{drawn(s, 32, HEX)}"),
    "datadog": ("DD_API_KEY", lambda s: drawn(s, 32, HEX)),
    "digitalocean": ("DIGITALOCEAN_TOKEN", lambda s: f"dop_v1_{drawn(s, 64, HEX)}"),
    "discord": (
        "DISCORD_BOT_TOKEN",
        lambda s: f"MT{drawn(s, 24)}.G{drawn(s, 5, URL_SAFE)}.{drawn(s, 38, URL_SAFE)}",
    ),
    "docker-hub": ("DOCKERHUB_TOKEN", lambda s: f"dckr_pat_{drawn(s, 27, URL_SAFE)}"),
    "doppler": ("DOPPLER_TOKEN", lambda s: f"dp.pt.{drawn(s, 43)}"),
    "dropbox": ("DROPBOX_TOKEN", lambda s: f"sl.{drawn(s, 136, URL_SAFE)}"),
    "figma": ("FIGMA_TOKEN", lambda s: f"figd_{drawn(s, 40, URL_SAFE)}"),
    "github": ("GITHUB_TOKEN", lambda s: with_checksum(s, "ghp_")),
    "github-app": ("GH_APP_TOKEN", lambda s: with_checksum(s, "ghs_")),
    "github-fine": ("GH_PAT", lambda s: f"github_pat_11{drawn(s, 20, UPPER_DIGITS)}_{drawn(s, 59)}"),
    "gitlab": ("GITLAB_TOKEN", lambda s: f"glpat-{drawn(s, 20, URL_SAFE)}"),
    "google": ("GOOGLE_API_KEY", lambda s: f"AIzaSy{drawn(s, 33, URL_SAFE)}"),
    "google-oauth": ("GOOGLE_CLIENT_SECRET", lambda s: f"GOCSPX-{drawn(s, 28, URL_SAFE)}"),
    "grafana": ("GRAFANA_TOKEN", lambda s: f"glsa_{drawn(s, 32)}_{drawn(s, 8, HEX)}"),
    "heroku": ("HEROKU_TOKEN", lambda s: f"HRKU-{uuid(s)}"),
    "huggingface": ("HF_TOKEN", lambda s: f"hf_{drawn(s, 34, LETTERS)}"),
    "linear": ("LINEAR_API_KEY", lambda s: f"lin_api_{drawn(s, 40)}"),
    "mailchimp": ("MAILCHIMP_API_KEY", lambda s: f"{drawn(s, 32, HEX)}-us{drawn(s, 1, DIGITS)}"),
    "mailgun": ("MAILGUN_API_KEY", lambda s: f"key-{drawn(s, 32, HEX)}"),
    "newrelic": ("NEW_RELIC_API_KEY", lambda s: f"NRAK-{drawn(s, 27, UPPER_DIGITS)}"),
    "npm": ("NPM_TOKEN", lambda s: with_checksum(s, "npm_")),
    "openai": ("OPENAI_API_KEY", lambda s: f"sk-{drawn(s, 20)}T3BlbkFJ{drawn(s + '2', 20)}"),
    "postman": ("POSTMAN_API_KEY", lambda s: f"PMAK-{drawn(s, 24, HEX)}-{drawn(s + '2', 34, HEX)}"),
    "pulumi": ("PULUMI_ACCESS_TOKEN", lambda s: f"pul-{drawn(s, 40, HEX)}"),
    "pypi": ("TWINE_PASSWORD", lambda s: f"pypi-AgEIcHlwaS5vcmcC{drawn(s, 140, URL_SAFE)}"),
    "rubygems": ("GEM_HOST_API_KEY", lambda s: f"rubygems_{drawn(s, 48, HEX)}"),
    "sendgrid": ("SENDGRID_API_KEY", lambda s: f"SG.{drawn(s, 22, URL_SAFE)}.{drawn(s, 43, URL_SAFE)}"),
    "shopify": ("SHOPIFY_ACCESS_TOKEN", lambda s: f"shpat_{drawn(s, 32, HEX)}"),
    "slack": (
        "SLACK_BOT_TOKEN",
        lambda s: f"xoxb-{drawn(s, 12, DIGITS)}-{drawn(s + '2', 13, DIGITS)}-{drawn(s, 24)}",
    ),
    "slack-webhook": (
        "SLACK_WEBHOOK_URL",
        lambda s: (
            "https://hooks.slack.com/services/"
            f"T{drawn(s, 9, UPPER_DIGITS)}/B{drawn(s + '2', 9, UPPER_DIGITS)}/{drawn(s, 24)}"
        ),
    ),
    "square": ("SQUARE_ACCESS_TOKEN", lambda s: f"sq0atp-{drawn(s, 22, URL_SAFE)}"),
    "stripe": ("STRIPE_SECRET_KEY", lambda s: f"sk_live_{drawn(s, 24)}"),
    "telegram": ("TELEGRAM_TOKEN", lambda s: f"{drawn(s, 10, DIGITS)}:AA{drawn(s, 33, URL_SAFE)}"),
    "terraform": ("TFE_TOKEN", lambda s: f"{drawn(s, 14)}.atlasv1.{drawn(s, 67)}"),
    "twilio": ("TWILIO_AUTH_TOKEN", lambda s: drawn(s, 32, HEX)),
    "vault": ("VAULT_TOKEN", lambda s: f"hvs.CAES{drawn(s, 90, URL_SAFE)}"),
    "yandex": ("YC_API_KEY", lambda s: f"AQVN{drawn(s, 36, URL_SAFE)}"),
    "zendesk": ("ZENDESK_API_TOKEN", lambda s: drawn(s, 40, LOWER_DIGITS)),
}

#: Places of a key; `<NAME>` is the variable, `<VALUE>` the key.
KEY_TEMPLATES: tuple[str, ...] = (
    "export <NAME>=<VALUE>",
    'services:\n  web:\n    environment:\n      <NAME>: "<VALUE>"\n      PORT: 8080',
    '{\n  "env": {"<NAME>": "<VALUE>", "DEBUG": "0"}\n}',
    "import client\n\n<NAME> = '<VALUE>'\napi = client.Client(<NAME>)",
    "ENV NODE_ENV=production <NAME>=<VALUE>",
    '# old: <NAME>="<VALUE>"\nrun()',
    'resource "kv" "main" {\n  name  = "<NAME>"\n}\nvariable "<NAME>" { default = "<VALUE>" }',
    "const <NAME> = `<VALUE>`; // rotate before release",
)
