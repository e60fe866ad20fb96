"""What whole repositories hold at the place of a find and is none, and the find beside it.

The classes come from judged finds of `benchmarks.pii.wild`; every value is invented.
"""

from __future__ import annotations

import base64
import json
import string

import pytest

from tests.pii.failure_classes import Classes, each_text, found_and_marked, one_sided
from tests.pii.invented_values import ALNUM, HEX, drawn, json_web_token, pem

TOKEN = drawn(32, seed="wild")
KEY_ID = "TKIA" + drawn(16, string.ascii_uppercase + "234567", seed="wild")
SCOPE = "20210304/eu-north-1/s3/aws4_request"


def encoded(text: str) -> str:
    """Return text as base64, as Kubernetes keeps it."""
    return base64.b64encode(text.encode()).decode()


BLOCK = pem(lines=3, seed="wild")
LETTERS = drawn(30, string.ascii_lowercase, seed="wild")
DIGEST = drawn(64, HEX, seed="wild")
LINE = drawn(64, ALNUM + "+/", seed="line")
HEADER, PAYLOAD, _ = json_web_token().split(".")

SECRETS: Classes = {
    "name of words under a key": (
        '{"key": "X-Compile-Target-JDK", "value": "17"}',
        '{"key": "Created-By", "value": "Nest Builder 4.1"}',
        'key: "Ctrl+Shift+L"',
        'String KEY_ALGORITHM_DEFAULT = "HmacSHA256";',
        'SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")',
        "key: s3SecretKey\n",
        "cred: nest--tern1-cred\n",
        "key: nest--tern1-idkey\n",
        'sealedKey = "X-Tern-Server-Side-Encryption-S3-Sealed-Key"',
        f'{{"key": "⟦KEY|{TOKEN}⟧", "value": "17"}}',
        f'sealedKey = "⟦KEY|{TOKEN}⟧"',
        "key: ⟦KEY|s3Kq7RtW9zPx4LmV2b⟧\n",
    ),
    "key beside its value": (
        f'new KeyValue<>("{TOKEN}", "tern")',
        f'KeyValue("{TOKEN}", 7)',
        f'map.add(new KeyValue<String, Nest>("{TOKEN}", nest))',
        f'keyValue = "⟦KEY|{TOKEN}⟧"',
        f'new SecretKey("⟦KEY|{TOKEN}⟧")',
        f'new SecretKey<>("⟦KEY|{TOKEN}⟧")',
    ),
    "signature of a request": (
        f"Authorization: AWS4-HMAC-SHA256 Credential=user/{SCOPE}, SignedHeaders=host, Signature=…",
        f"Authorization: AWS4-HMAC-SHA256 Credential=nest/{SCOPE}",
        f'X-Amz-Credential: "user/{SCOPE}"',
        f"Authorization: AWS4-HMAC-SHA256 Credential=⟦KEY|{KEY_ID}⟧/{SCOPE}, SignedHeaders=host",
        f'query.Set("X-Amz-Credential", "⟦KEY|{KEY_ID}⟧/{SCOPE}")',
        f"?X-Amz-Credential=⟦KEY|{KEY_ID}⟧%2F20210304%2Feu-north-1%2Fs3%2Faws4_request&X-Amz-Date=1",
    ),
    "armored block in base64": (
        f"tls.key: {encoded('-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----')}\n",
        f"tls.key: {encoded('-----BEGIN CERTIFICATE-----' + LINE + '-----END CERTIFICATE-----')}\n",
        f"tls.key: {encoded('-----BEGIN PRIVATE KEY-----')}...\n",
        f"tls.key: ⟦KEY|{encoded(BLOCK)}⟧\n",
        f'private_key: "⟦KEY|{encoded(BLOCK)}⟧"',
        f"key: ⟦KEY|{encoded(TOKEN)}⟧\n",
    ),
    "range of versions": (
        'tern-tokens: "npm:^4.0.0"',
        '"@tern/visitor-keys": "npm:8.38.0"',
        'path-key: "~3.1.0-beta.2"',
        "key: python-2.6.9\n",
        f'tern-token: "⟦KEY|{TOKEN}⟧"',
        f'tern-token: "⟦KEY|{KEY_ID}⟧"',
        f"key: ⟦KEY|{TOKEN}⟧\n",
    ),
    "text, escape and pattern": (
        "AUTH = nest.Auth('密钥管理中的AccessKey', 1)",
        "get('http://palereed.org/?key=请使用自己申请的Key&col=7')",
        "`key1=value1,key2=value2,key3=grey%20heron1`",
        'key = "nest/2019/03/02/Grey-%22heron%C3%A9%22-Tern/7"',
        f"[tern via nest, key={LETTERS}] password: ",
        'Set("Sec-WebSocket-Key", "dGhlIHRlcm5zIG5vbmNlMQ==")',
        'const char *key = "^nest\\\\.(.*)\\\\.path$";',
        f'.containsKeys("{DIGEST}/layer.tar")',
        f"get('http://palereed.org/?key=⟦KEY|{TOKEN}⟧&col=7')",
        f"AUTH = nest.Auth('⟦KEY|{TOKEN}⟧', 1)",
        f"`key1=value1,key2=⟦KEY|{TOKEN}⟧`",
    ),
    "elided or crossed out": (
        f'token = "{DIGEST[:14]}..."',
        f'contains("token={DIGEST[:14]}...")',
        f"Authorization: Bearer {TOKEN[:14]}…",
        f"Authorization: Bearer {TOKEN[:20]}...",
        f"'api_key' => '{DIGEST[:20]}xxxxxxxxxx'",
        f"-----BEGIN RSA PRIVATE KEY-----\n{LINE}\n....\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n" + 3 * ("X" * 64 + "\n") + "-----END RSA PRIVATE KEY-----",
        f'token = "⟦KEY|{TOKEN}⟧"',
        f"Authorization: Bearer ⟦KEY|{TOKEN}⟧",
        f"⟦KEY|{BLOCK}⟧\n...",
    ),
    "object that is no token": (
        f'genesis: "{encoded(json.dumps({"nest_time": "2017-12-08", "eggs": [1, 2, 3], "pub_key": "x"}))}"',
        f"?json={encoded(json.dumps({'video_hash': '190bdf93f1b29735', 'style': True}))}&s=3",
        f'"{HEADER}."',
        f'decode("{HEADER}"',
        f'node: "⟦KEY|{encoded(json.dumps({"priv_key": {"type": "nest"}}, separators=(",", ":")))}⟧"',
        f'"⟦KEY|{HEADER}.{PAYLOAD}⟧"',
        f'"⟦KEY|{json_web_token()}⟧"',
    ),
    "name of a field in place of a password": (
        "curl -u name:passwd ftp://palereed.org/",
        "curl --proxy-user nest:password palereed.org",
        "https://accessKey:secretKey@replica.palereed.org",
        "dynamodb://aws_access_key_id:aws_secret_access_key@eu:80/nest",
        "curl -u name:⟦PASSWORD|t1dal-wr3n⟧ ftp://palereed.org/",
        "sshpass -p ⟦PASSWORD|my_password⟧ ssh nest",
        "https://tern:⟦PASSWORD|t1dal-wr3n⟧@replica.palereed.org",
        "https://tern:⟦PASSWORD|changeme⟧@replica.palereed.org",
    ),
    "pass that is no password": (
        'expect_quote_pass("grey heron", "tern")',
        'env_pass("nest/tern");',
        "'allPass': 'overNests',",
        'put("nest.that.should.not.pass", "feathers")',
        'firstPass = "depth7"',
        'set_pass("⟦PASSWORD|t1dal-wr3n⟧")',
        "userPass = '⟦PASSWORD|t1dal-wr3n⟧'",
        "ftp_pass: ⟦PASSWORD|t1dal-wr3n⟧\n",
    ),
    "option, field, choice and label": (
        '<a title="#opt-redis-password">`redis.password`</a> | Password of the cache',
        "colon = ['passwd', 'shadow', 'group', 'gshadow']",
        "const [password, rePassword] = ['password', 'rePassword'].map(get)",
        "(`ternPassword`, `nestSecretPwd` and others)",
        "update_password: always\n",
        "password_stacking: useFirstPass\n",
        'name: AUTH_HTPASSWD_REALM\n  value: "Nest Realm"',
        "chkpwd: bool\n",
        "pw_uid = 50001\n",
        '<a title="#password">⟦PASSWORD|t1dal-wr3n⟧</a>',
        "args = ['--password', '⟦PASSWORD|t1dal-wr3n⟧', '--verbose', 'yes']",
        "pair = ['password', '⟦PASSWORD|t1dal-wr3n⟧']",
    ),
    "reference, hash and module": (
        'bindPassword: "urn:k8s:secret:nest:bind"',
        'getSsl("password", "classpath:tern.jks")',
        'Password config = new Password("tern.NestModule1 required;");',
        "db_password: @DB_PASSWORD\n",
        f'htpasswdString: "mara:$apr1${TOKEN[:8]}${TOKEN[8:30]}"',
        "follow the login and password that are given there",
        'bindPassword: "⟦PASSWORD|t1dal-wr3n⟧"',
        "db_password: ⟦PASSWORD|@Novarook95⟧\n",
        "machine palereed.org login mara password ⟦PASSWORD|t1dal-wr3n⟧",
    ),
    "password in other words": (
        'static ROOT_PASS: &\'static str = "⟦PASSWORD|t1dal~Wr3n⟧";',
        'if (password.equals("⟦PASSWORD|t1dal_wr3n⟧")) {',
        "用户名：mara 密码：⟦PASSWORD|tern_2016⟧，再试",
        "with the password `⟦PASSWORD|t1dal-wr3n⟧`.",
        'smtpPasswd = "⟦PASSWORD|juniper.heron90⟧"',
        "[nest]\npassword = ⟦PASSWORD|123456⟧\n",
        'static ROOT_PASS: &\'static str = "";',
        "with the password `ternPassword` or `sha256`",
        'smtpPasswd = "juniper.heron"',
        "把密码改为：",
    ),
}

ADDRESSES: Classes = {
    "login in place of an e-mail address": (
        'ssh mara@palereed.org "make nest"',
        "ssh -i nest.pem -p 22 mara@nest.palereed.org",
        "ssh-copy-id mara@palereed.org",
        "ssh-keygen -t ed25519 -C ⟦EMAIL|mara@palereed.org⟧",
        "the key for ssh is from ⟦EMAIL|mara@palereed.org⟧",
        "MAIL FROM:%LT⟦EMAIL|mara@palereed.org⟧%GT",
    ),
    "version that begins with zero": (
        "Upgrading from 0.8.2.1 to 0.10.1.0",
        "kafka_0110: '0.11.0.3',",
        "values: 0.9.0.1, 0.10.2.2",
        "listen ⟦IP_ADDRESS|0.0.0.0⟧",
        "host = '⟦IP_ADDRESS|0.1.2.3⟧'",
        "route ⟦IP_ADDRESS|0.1.0.0⟧/16",
        "nest ⟦IP_ADDRESS|9.10.2.2⟧",
    ),
    "section of a standard in a comment": (
        "/* 7.18.2.5 Limits of greatest-width integer types */",
        "// 7.18.1.1 Exact-width integer types",
        "as C99 6.10.3.5 has it",
        "# As per [1, 4.3.4.1] TYPE is",
        "# ⟦IP_ADDRESS|10.18.2.5⟧ Nest",
        "// ⟦IP_ADDRESS|52.29.7.14⟧ Nest of terns",
        "/* ⟦IP_ADDRESS|7.18.2.5⟧ */",
    ),
    "numbers of a path": (
        "c3.25-.37,5.24.57,7.26,1,2.9.66,4.79,1,6.18,3.42.96.93,2.7,2.94.73,4-.85.99-2.79.5Z",
        "M2.24.39-.26-.79-.63-.12-.64.74-.12 2.19.69 2.34.93.83 2.32 2.98.98 3.44.77.18",
        "a1.5.5 0 0 1 .53.63 1.2.5.5-1.5.3v-.2.2.5z m1.2.3",
        '<text x="1.5" y="-2.5">⟦IP_ADDRESS|52.29.7.14⟧</text>',
        "⟦IP_ADDRESS|52.29.7.14⟧-⟦IP_ADDRESS|52.29.7.20⟧, ⟦IP_ADDRESS|52.29.8.1⟧-⟦IP_ADDRESS|52.29.8.9⟧",
        "0.12 0.34 0.56 ⟦IP_ADDRESS|52.29.7.14⟧ 1.25",
    ),
}


@pytest.mark.parametrize("marked", [*each_text(SECRETS), *each_text(ADDRESSES)])
def test_what_repositories_hold_is_left_and_the_find_beside_it_is_made(marked: str) -> None:
    found, expected = found_and_marked(marked)
    assert found == expected


def test_every_class_is_shown_in_both_directions() -> None:
    assert one_sided(SECRETS) == [] == one_sided(ADDRESSES)
