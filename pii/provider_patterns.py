"""Tabulate the shapes of provider keys.

What detect-secrets has in linear form is borrowed from there; this table adds the literals that spare a
search. The other shapes are written after the providers' public descriptions of their formats. Every
expression is anchored at a literal and bounded.
"""

from __future__ import annotations

#: Literals of which one occurs in every match: a text without them is not searched. None: no such literal
#: exists.
BORROWED_NEEDLES: dict[str, tuple[str, ...] | None] = {
    "artifactory-api-key": ("AKC",),
    "artifactory-password": ("AP",),
    "aws-access-key-id": ("AKIA", "ASIA", "ABIA", "ACCA", "A3T"),
    "azure-storage-key": ("AccountKey=",),
    "discord-bot-token": None,
    "github-token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    "gitlab-agent-token": ("glagent-",),
    "gitlab-incoming-mail-token": ("glimt-",),
    "gitlab-job-token": ("glcbt-",),
    "gitlab-oauth-secret": ("gloas-",),
    "gitlab-runner-registration-token": ("GR1348941",),
    "gitlab-trigger-token": ("glptt-",),
    "gitlab-token": ("glpat-", "gldt-", "glft-", "glsoat-", "glrt-"),
    "mailchimp-api-key": ("-us",),
    "pypi-test-token": ("pypi-",),
    "pypi-token": ("pypi-",),
    "sendgrid-api-key": ("SG.",),
    "slack-token": None,
    "slack-webhook": ("/services/", "/SERVICES/"),
    "softlayer-api-url": None,
    "square-oauth-secret": ("sq0csp-",),
    "stripe-key": ("k_live_",),
    "telegram-bot-token": None,
    "twilio-account-sid": ("AC",),
    "twilio-api-key": ("SK",),
}

_A = "[A-Za-z0-9]"
_B = "[A-Za-z0-9_-]"

#: Our own patterns: name, needles, expression. Each is anchored at a literal and bounded.
OWN_PATTERNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("age-secret-key", ("AGE-SECRET-KEY-1",), r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"),
    ("airtable-token", ("pat",), rf"pat(?<!\wpat){_A}{{14}}\.[0-9a-f]{{64}}\b"),
    ("anthropic-key", ("sk-ant-",), rf"sk-ant-[a-z]{{3,8}}[0-9]{{2}}-{_B}{{80,120}}"),
    ("atlassian-token", ("ATATT3", "ATCTT3"), rf"AT[AC]TT3{_B}{{60,220}}(?:=[0-9A-F]{{8}})?"),
    ("aws-unique-id", ("AROA", "AIDA", "AGPA", "ANPA"), r"\b(?:AROA|AIDA|AGPA|ANPA)[A-Z2-7]{16,17}\b"),
    ("clojars-token", ("CLOJARS_",), rf"CLOJARS_{_A}{{60}}"),
    ("databricks-token", ("dapi",), r"\bdapi[a-h0-9]{32}(?:-[0-9])?\b"),
    ("digitalocean-token", ("dop_v1_", "doo_v1_", "dor_v1_"), r"\bdo[por]_v1_[a-f0-9]{64}\b"),
    (
        "discord-webhook",
        ("/api/webhooks/",),
        rf"https://discord(?:app)?\.com/api/webhooks/[0-9]{{17,20}}/{_B}{{60,80}}",
    ),
    ("docker-token", ("dckr_",), rf"dckr_[po]at_{_B}{{27,32}}"),
    (
        "doppler-token",
        ("dp.",),
        rf"\bdp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{{1,32}}\.)?{_A}{{40,44}}\b",
    ),
    ("dynatrace-token", ("dt0c01.",), r"dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    ("easypost-key", ("EZ",), rf"EZ(?<!\wEZ)[AT]K{_A}{{54}}\b"),
    ("facebook-token", ("EAA",), rf"\bEAA(?:CEdEose0cBA|[MC]){_A}{{80,300}}\b"),
    ("flutterwave-key", ("FLW",), r"FLW(?:PUB|SEC)K(?:_TEST)?-[a-h0-9]{32}-X"),
    ("frameio-token", ("fio-u-",), rf"fio-u-{_B}{{64}}"),
    ("github-fine-grained-token", ("github_pat_",), r"github_pat_[A-Za-z0-9_]{36,255}"),
    ("google-api-key", ("AIza",), rf"AIza{_B}{{35}}"),
    ("google-oauth-secret", ("GOCSPX-",), rf"GOCSPX-{_B}{{28}}"),
    ("google-oauth-token", ("ya29.",), rf"ya29\.{_B}{{30,400}}"),
    ("grafana-token", ("glc_", "glsa_"), rf"\bgl(?:c_{_A}{{32,400}}={{0,2}}|sa_{_A}{{32}}_[A-Fa-f0-9]{{8}})"),
    ("hashicorp-terraform-token", (".atlasv1.",), rf"\b{_A}{{14}}\.atlasv1\.[A-Za-z0-9=_-]{{60,70}}"),
    ("hashicorp-vault-token", ("hvs.", "hvb.", "hvr."), rf"\bhv[sbr]\.{_B}{{24,300}}"),
    ("huggingface-token", ("hf_", "api_org_"), r"\b(?:hf_|api_org_)[A-Za-z0-9]{34,40}\b"),
    ("linear-key", ("lin_",), rf"\blin_(?:api|oauth)_{_A}{{32,64}}\b"),
    ("mailgun-key", ("key-",), r"\bkey-[0-9a-f]{32}\b"),
    ("netlify-token", ("nfp_",), rf"\bnfp_{_A}{{36}}\b"),
    (
        "newrelic-key",
        ("NRAK-", "NRJS-", "NRII-", "NRAA-", "NRRA-"),
        rf"\bNR(?:AK|II|AA|RA)-{_B}{{27,42}}|\bNRJS-[a-f0-9]{{19}}\b",
    ),
    ("nkey-seed", ("S",), r"S(?<!\wS)[ANOUCX][A-Z2-7]{56}\b"),
    ("notion-token", ("secret_", "ntn_"), rf"\b(?:secret_{_A}{{43}}|ntn_[0-9]{{11}}{_A}{{35}})\b"),
    ("npm-token", ("npm_",), rf"npm_{_A}{{36}}"),
    ("nvidia-key", ("nvapi-",), rf"\bnvapi-{_B}{{64}}"),
    ("openai-key", ("T3BlbkFJ",), rf"{_A}{{20}}T3BlbkFJ{_A}{{20}}"),
    ("openai-project-key", ("sk-",), rf"\bsk-(?:proj|svcacct|admin|None)-{_B}{{40,200}}"),
    ("pagerduty-key", ("pdus+", "pdeu+"), r"\bpd(?:us|eu)\+[A-Za-z0-9_+-]{20}\b"),
    ("perplexity-key", ("pplx-",), rf"\bpplx-{_A}{{48}}\b"),
    (
        "plaid-token",
        ("access-",),
        r"\baccess-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    ),
    ("planetscale-key", ("pscale_",), r"\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,64}"),
    ("posthog-key", ("phx_", "phc_"), rf"\bph[xc]_{_B}{{40,48}}\b"),
    ("postman-key", ("PMAK-",), r"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b"),
    ("prefect-key", ("pnu_", "pnb_"), r"\bpn[ub]_[A-Za-z0-9]{36}\b"),
    ("pulumi-token", ("pul-",), r"\bpul-[a-f0-9]{40}\b"),
    ("readme-key", ("rdme_",), r"\brdme_[a-z0-9]{70}\b"),
    ("replicate-token", ("r8_",), rf"\br8_{_A}{{37}}\b"),
    ("rubygems-key", ("rubygems_",), r"\brubygems_[a-f0-9]{48}\b"),
    ("scalingo-token", ("tk-us-",), rf"\btk-us-{_B}{{48}}\b"),
    ("sendinblue-key", ("xkeysib-",), r"\bxkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}\b"),
    ("sentry-token", ("sntry",), r"\bsntry(?:s_eyJ[A-Za-z0-9+/=_-]{60,400}|u_[a-f0-9]{64})"),
    ("shippo-token", ("shippo_",), r"\bshippo_(?:live|test)_[a-f0-9]{40}\b"),
    (
        "shopify-token",
        ("shpat_", "shpca_", "shppa_", "shpss_", "shptka_"),
        r"\bshp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{32}\b",
    ),
    ("slack-app-token", ("xapp-",), r"\bxapp-[0-9]-[A-Z0-9]{8,14}-[0-9]{10,14}-[a-z0-9]{20,80}\b"),
    (
        "slack-legacy-token",
        ("xox",),
        rf"\bxox[abeoprs](?:\.xox[bp])?-(?:[0-9]{{1,14}}-){{1,4}}{_A}{{20,180}}\b",
    ),
    (
        "slack-workflow-webhook",
        ("/workflows/",),
        r"https://hooks\.slack\.com/workflows/[A-Za-z0-9+/_-]{40,60}",
    ),
    ("square-token", ("EAAA", "sq0atp-", "sq0csp-"), rf"\b(?:EAAA{_B}{{60}}|sq0[ac][ts]p-{_B}{{22,43}})"),
    (
        "stripe-test-key",
        ("_test_", "_live_", "_prod_", "whsec_"),
        rf"\b(?:[rs]k_(?:test|prod|live)_{_A}{{10,99}}|whsec_[A-Za-z0-9+/=]{{32,60}})",
    ),
    ("supabase-key", ("sbp_", "sb_secret_"), rf"\b(?:sbp_[a-f0-9]{{40}}|sb_secret_{_B}{{31}})\b"),
    ("tavily-key", ("tvly-",), rf"\btvly-(?:dev-)?{_A}{{28,36}}\b"),
    (
        "teams-webhook",
        ("/IncomingWebhook/",),
        r"https://[a-z0-9-]{1,63}\.webhook\.office\.com/webhookb2/[0-9a-f@-]{73}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36}",
    ),
    ("vercel-token", ("vcp_", "vci_", "vca_", "vcr_", "vck_"), rf"\bvc[piark]_{_A}{{24,60}}\b"),
    ("xai-key", ("xai-",), rf"\bxai-{_A}{{70,90}}\b"),
    (
        "yandex-key",
        ("AQVN", "t1."),
        rf"\b(?:AQVN{_B}{{35,38}}|t1\.[A-Z0-9a-z_-]{{1,200}}={{0,2}}\.{_B}{{86}}={{0,2}})",
    ),
)
