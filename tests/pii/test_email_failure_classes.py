"""E-mail addresses where other finders fail: each class of false finds and of misses, in both directions."""

from __future__ import annotations

import pytest

from tests.pii.failure_classes import Classes, each_text, found_and_marked, one_sided

FALSE_FINDS: Classes = {
    "user of a repository's host": (
        "git remote set-url origin git@gitlab.com:tern/nest.git",
        'url = "git@bitbucket.org:tern/nest"',
        "pip install git+ssh://git@github.com/tern/nest.git",
        "git push git@heroku.com:quiet-dune-2210.git main",
        "hg clone ssh://hg@hg.palereed.org/nest",
        "rsync -a mara@files.palereed.org:srv/nest/ .",
        "git config user.email ⟦EMAIL|mara@palereed.org⟧",
        'git commit --author="Mara <⟦EMAIL|mara@palereed.org⟧>"',
        "⟦EMAIL|mara@palereed.org⟧: please look at git@github.com:tern/nest.git",
    ),
    "user part of a URL": (
        "https://deploy@ci.palereed.org/job/nest",
        "sftp://mara@files.palereed.org:2222/out",
        "https://build:⟦PASSWORD|t1dal-wr3n⟧@tern.scm.palereed.org/nest",
        "amqp://nest@queue.palereed.org/%2F",
        "https://palereed.org/subscribe?cc=⟦EMAIL|mara@palereed.org⟧",
        "https://palereed.org/unsubscribe/⟦EMAIL|mara@palereed.org⟧",
        "see https://palereed.org, or write to ⟦EMAIL|mara@palereed.org⟧",
    ),
    "name of an SSH algorithm": (
        "Ciphers rijndael-cbc@lysator.liu.se,aes128-gcm@openssh.com",
        "MACs umac-128-etm@openssh.com",
        "server_host_key: ecdsa-sha2-nistp256-cert-v01@openssh.com",
        "kex: sntrup761x25519-sha512@openssh.com compression: zlib@openssh.com",
        "SSH2_MSG_GLOBAL_REQUEST hostkeys-00@openssh.com",
        "# patch by ⟦EMAIL|m.lindt@libssh.org⟧",
        "cipher list: ask ⟦EMAIL|cipher-desk@palereed.org⟧",
        "⟦EMAIL|zlib@palereed.org⟧",
    ),
    "brand with an at sign": (
        "// Почта@Mail.Ru",
        '<a href="/">Игры@Mail.Ru</a>',
        "Новости@Mail.Ru — партнёр проекта",
        "пишите на ⟦EMAIL|igry@mail.ru⟧",
        "пишите на ⟦EMAIL|новости@пример.рф⟧",
        "# ⟦EMAIL|zoë@palereed.org⟧",
    ),
    "path of an archived message": (
        "/nest-dev@lists.palereed.org/msg00417.html",
        "https://archive.palereed.org/nest-dev@lists.palereed.org/0042.html",
        "[1]: http://mail.palereed.org/nest-users@lists.palereed.org/msg1.htm",
        "/var/vmail/⟦EMAIL|mara@palereed.org⟧/cur/1.eml",
        "backups/⟦EMAIL|mara@palereed.org⟧.tar.gz",
        "Archive of ⟦EMAIL|nest-dev@lists.palereed.org⟧: msg00417.html",
    ),
    "domain that ends in digits": (
        "npm ERR! notarget tern-nest@4.17.1",
        "uses: tern/setup-nest@v4.1",
        "nest@10.2.0.1",
        "left-nest@1.3.0.tgz",
        'background: url("tern@3x.png")',
        "by ⟦EMAIL|mara@3dnest.io⟧",
        "by ⟦EMAIL|ops@v2.palereed.org⟧",
        "by ⟦EMAIL|a1@7and9.de⟧, tern@1.2.3",
    ),
    "call or decorator": (
        "@tern.command()",
        "nest@app.route('/users')",
        "x = weights@inputs.mean(axis=0)",
        "@media screen and (min-width:40em)",
        "notify('⟦EMAIL|mara@palereed.org⟧')",
        "call(⟦EMAIL|mara@palereed.org⟧)",
        "@nest.owner('⟦EMAIL|mara@palereed.org⟧')",
    ),
}

MISSES: Classes = {
    "marks of Markdown": (
        "**⟦EMAIL|mara@palereed.org⟧**",
        "*⟦EMAIL|mara@palereed.org⟧*",
        "~~⟦EMAIL|mara@palereed.org⟧~~",
        "[mail](mailto:⟦EMAIL|mara@palereed.org⟧)",
        "`⟦EMAIL|mara@palereed.org⟧`|<⟦EMAIL|tove@palereed.org⟧>",
        "**@mara** and _@tove_",
        "[@mara](https://palereed.org/@mara)",
        "**args@host** ~~x@y~~",
    ),
    "mailto": (
        "mailto://⟦EMAIL|mara@palereed.org⟧",
        "MAILTO:⟦EMAIL|mara@palereed.org⟧,⟦EMAIL|tove@palereed.org⟧",
        "<a href=mailto:⟦EMAIL|mara@palereed.org⟧?cc=⟦EMAIL|tove@palereed.org⟧>",
        "mailto:?subject=Hello",
        "mailto:{{ address }}@{{ host }}",
        "mailto:@palereed.org",
    ),
    "sign of equality before it": (
        "/C=NO/CN=nest/emailAddress=⟦EMAIL|test@palereed.org⟧",
        "E=⟦EMAIL|ca@palereed.org⟧,O=Nest",
        "MAIL_FROM=⟦EMAIL|nest@palereed.org⟧\n",
        "?to=⟦EMAIL|mara@palereed.org⟧&from=⟦EMAIL|tove@palereed.org⟧",
        "emailAddress=$ENV::MAIL@",
        "MAIL_FROM=nest@\n",
        "to=@palereed.org",
    ),
    "full-width signs and text without spaces": (
        "邮箱：⟦EMAIL|mara@palereed.org⟧。",
        "メール⟦EMAIL|mara@palereed.org⟧まで",
        "（⟦EMAIL|mara@palereed.org⟧）、「⟦EMAIL|tove@palereed.org⟧」",
        "문의는 ⟦EMAIL|mara@palereed.org⟧로",
        "邮箱：无",
        "名字＠例子",
        "图标@2x.png。",
    ),
    "escape in a string before or after it": (
        '"Ask ⟦EMAIL|mara@palereed.org⟧\\n"',
        '"Ask\\n⟦EMAIL|nora@palereed.org⟧\\t(lead)\\r\\n"',
        '"\\u003c⟦EMAIL|mara@palereed.org⟧\\u003e"',
        "%3C⟦EMAIL|mara@palereed.org⟧%3E",
        '"\\n@nest\\n"',
        '"%s@%s\\n"',
        '"tern\\t@\\tnest.io"',
    ),
    "name of an intranet or a reserved one": (
        "root: ⟦EMAIL|mara@nest.local⟧",
        "⟦EMAIL|mara@mail.nest.lan⟧, ⟦EMAIL|tove@nest.internal⟧",
        "expect: ⟦EMAIL|a.b@nest.test⟧ ⟦EMAIL|c@host.tld⟧ ⟦EMAIL|d@foo.xx⟧",
        "mara@palereed.nosuch",
        "tern@items.length",
        "root@localhost",
    ),
    "domain outside of ASCII": (
        "⟦EMAIL|mara@grüne-wiese.example⟧",
        "⟦EMAIL|mara@xn--grne-wiese-9db.example⟧",
        "⟦EMAIL|μαρα@παράδειγμα.ελ⟧ <⟦EMAIL|mara@例え.jp⟧>",
        "größe@maß",
        "é@è",
        "mara@-grüne.example",
    ),
    "upper case in the domain": (
        "⟦EMAIL|Mara.Lindt@PaleReed.Org⟧",
        "⟦EMAIL|MARA@PALEREED.ORG⟧",
        "To: ⟦EMAIL|mara@Lists.PaleReed.org⟧",
        "Tern@Nest.Module",
        "@Nest.Component",
        "TERN@NEST",
    ),
    "spelled out, which is out of scope": (
        "mara at palereed dot org",
        "mara [at] palereed [dot] org",
        "mara(at)palereed.org",
        "mara at palereed dot org, that is ⟦EMAIL|mara@palereed.org⟧",
        "look at ⟦EMAIL|mara@palereed.org⟧",
        "mara AT ⟦EMAIL|tove@palereed.org⟧ DOT org",
    ),
}


@pytest.mark.parametrize("marked", each_text(FALSE_FINDS))
def test_what_is_no_address_is_left_and_an_address_beside_it_is_found(marked: str) -> None:
    found, expected = found_and_marked(marked)
    assert found == expected


@pytest.mark.parametrize("marked", each_text(MISSES))
def test_an_address_in_unusual_surroundings_is_found_and_the_surroundings_alone_are_left(marked: str) -> None:
    found, expected = found_and_marked(marked)
    assert found == expected


def test_every_class_is_shown_in_both_directions() -> None:
    assert one_sided(FALSE_FINDS) == [] == one_sided(MISSES)
