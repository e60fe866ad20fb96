"""What other finders take for keys and passwords and is none, and the secret that looks like it."""

from __future__ import annotations

import string

import pytest

from tests.pii.failure_classes import Classes, each_text, found_and_marked, one_sided
from tests.pii.invented_values import ALNUM, HEX, drawn, pem

MD5, SHA1, SHA256 = (drawn(length, HEX, seed="digest") for length in (32, 40, 64))
BASE64 = drawn(43, ALNUM + "+/", seed="base64") + "="
BLOB = drawn(300, ALNUM + "+/", seed="blob")
UUID = f"{MD5[:8]}-{MD5[8:12]}-4{MD5[13:16]}-a{MD5[17:20]}-{MD5[20:]}"
TOKEN = drawn(32, seed="false finds")
SHORT = drawn(15, string.ascii_lowercase + string.digits, seed="fifteen")
CERTIFICATE = pem("").replace("PRIVATE KEY", "CERTIFICATE")

CLASSES: Classes = {
    "id of Git": (
        f"version: {SHA1}",
        f"commit {SHA1}\nAuthor: mara",
        f"uses: tern/setup-nest@{SHA1}",
        f'rev = "{SHA1}"  # nest',
        f"https://git.palereed.org/tern/nest/commit/{SHA1}",
        f"index {SHA1[:7]}..{SHA1[7:14]} 100644",
        f'access_token: "⟦KEY|{SHA1}⟧"',
        f"export API_KEY=⟦KEY|{SHA1}⟧\n",
        f'api_key = "⟦KEY|{SHA1}⟧"  # commit {SHA256[:40]}',
    ),
    "checksum": (
        f"'md5': '{MD5}',",
        f"{SHA256}  nest-1.4.tar.gz",
        f"--hash=sha256:{SHA256}",
        f'ETag: "{MD5}"',
        f'"checksum": "{SHA256}", "sha1": "{SHA1}"',
        f"password_md5: {MD5}",
        f"'md5': '{SHA256[:32]}', 'secret_key': '⟦KEY|{MD5}⟧'",
        f"auth_token=⟦KEY|{MD5}⟧\n",
        f'client_secret = "⟦KEY|{SHA256}⟧"',
    ),
    "integrity of a resource": (
        f'<script src="nest.js" integrity="sha384-{BASE64}" crossorigin>',
        f'"integrity": "sha512-{BASE64}"',
        f"tern v1.4.0/go.mod h1:{BASE64}",
        f'"integrity": "sha512-{BASE64}", "authToken": "⟦KEY|{TOKEN}⟧"',
        f'client_secret = "⟦KEY|{BASE64}⟧"',
        f"SECRET_KEY: ⟦KEY|{BASE64}⟧\n",
    ),
    "image and other data": (
        f'<img src="data:image/png;base64,iVBORw0KGgo{BLOB}">',
        f"src: url(data:font/woff2;base64,{BLOB})",
        f'blob = b64decode("{BLOB[:120]}"\n  "{BLOB[120:240]}")',
        f"certificate-authority-data: {BLOB}",
        f'<img src="data:image/png;base64,iVBORw0KGgo{BLOB}" data-api-key="⟦KEY|{TOKEN}⟧">',
        f'encryption_key = "⟦KEY|{BASE64}⟧"',
        f"token: '⟦KEY|{TOKEN}⟧'\nlogo: data:image/gif;base64,{BLOB}",
    ),
    "certificate": (
        CERTIFICATE,
        CERTIFICATE.replace("\n", "\\n"),
        "ca: |\n  " + CERTIFICATE.replace("\n", "\n  "),
        f"{CERTIFICATE}\n⟦KEY|{pem()}⟧\n",
        f"{CERTIFICATE}\napi_key = '⟦KEY|{TOKEN}⟧'",
        f"key: |\n  ⟦KEY|{pem().replace(chr(10), chr(10) + '  ')}⟧\ncert: |\n  {CERTIFICATE}",
    ),
    "UUID": (
        f'request_id = "{UUID}"',
        f"<ProjectGuid>{{{UUID.upper()}}}</ProjectGuid>",
        f"GET /nests/{UUID}/keys",
        f"client_secret: ⟦KEY|{UUID}⟧",
        f'api_key = "⟦KEY|{UUID}⟧"',
        f'id = "{UUID}"; token = "⟦KEY|{TOKEN}⟧"',
    ),
    "long path": (
        "GET /rest/agile/1/board/nest/sprint/Backlog/property/keys",
        'key = "projects/nest/locations/global/keyRings/tern/cryptoKeys/release"',
        '"secretPath": "app/Http/Controllers/Auth/ResetPasswordController2"',
        "s3://palereed-releases-eu-north-1/nest/1.4/nest-linux-amd64.tar.gz",
        f"aws_secret_access_key = ⟦KEY|{drawn(40, ALNUM + '+/', seed='aws')}⟧\n",
        f"path = '/rest/keys'; secret = '⟦KEY|{TOKEN}⟧'",
        f"curl https://palereed.org/v1/nests?api_key=⟦KEY|{TOKEN}⟧",
    ),
    "identifier behind a telling name": (
        "passive=attributes.PASSIVE_NO_INITIALIZE, key=settings.KEY_ROUNDS_2",
        "api_model='nest-7b-instruct-v2'",
        "secret=flags.SECRET_SANTA_DISABLED",
        "token = TokenKind::OpenParenthesis1;",
        'key="user.profile.settings"',
        "access_key = AccessKeyProviderFactoryBean()",
        "password = *settings.tern_password;",
        "token := &config.auth.token",
        "password = self->settings->password;",
        "char *passwd = conn->bits.user_passwd;",
        "secret = Config::auth_secret;",
        f'key=settings.KEY_ROUNDS_2, secret="⟦KEY|{TOKEN}⟧"',
        f"api_key='⟦KEY|{TOKEN}⟧', api_model='nest-7b-instruct-v2'",
        f"token = '⟦KEY|{TOKEN}⟧'  # TokenKind::OpenParenthesis1",
        "password = ⟦PASSWORD|nest.reed.k3yTern9⟧\n",
    ),
    "word of fifteen letters": (
        "dropbox app: characteristic, administrative",
        'dropbox_secret = "representatives"',
        "dropbox: notwithstanding acknowledgment",
        f'dropbox_secret = "⟦KEY|{SHORT}⟧"',
        f"DROPBOX_APP_SECRET=⟦KEY|{SHORT}⟧\n",
        f"'dropbox': {{'app_secret': '⟦KEY|{SHORT}⟧'}}",
    ),
    "command and name instead of a value": (
        "pwd=$(pwd)",
        'password="password"',
        "password=`cat /run/secrets/nest`",
        "PASSWORD=$1",
        'password = "<your password>"',
        "password=%(nest_password)s",
        'password="⟦PASSWORD|t1dal-wr3n⟧"',
        "pwd=$(pwd); PASSWORD=⟦PASSWORD|t1dal-wr3n⟧\n",
        'args = ["--password", "⟦PASSWORD|t1dal-wr3n⟧"]',
    ),
}


@pytest.mark.parametrize("marked", each_text(CLASSES))
def test_what_is_no_secret_is_left_and_a_secret_of_the_same_looks_is_found(marked: str) -> None:
    found, expected = found_and_marked(marked)
    assert found == expected


def test_every_class_is_shown_in_both_directions() -> None:
    assert one_sided(CLASSES) == []
