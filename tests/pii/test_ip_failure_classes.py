"""IP addresses where other finders fail: each class of false finds and of misses, in both directions."""

from __future__ import annotations

import pytest

from tests.pii.failure_classes import Classes, each_text, found_and_marked, one_sided

FALSE_FINDS: Classes = {
    "version of a package or a product": (
        "version 3.14.0.2",
        "<version>8.0.1.3</version>",
        "nest-core~=2.0.1.4",
        'dotnet add package Tern --version "4.2.0.1"',
        "Released 2.7.18.1 (see CHANGELOG)",
        "https://dl.palereed.org/nest/4.1.2.0/nest.js",
        "tern_3.1.0.4_amd64.deb",
        "the server of version 2 is ⟦IP_ADDRESS|52.29.7.14⟧",
        "GET http://⟦IP_ADDRESS|52.29.7.14⟧/version",
        "v2 listens on ⟦IP_ADDRESS|10.3.0.9⟧:8080",
    ),
    "browser string": (
        "Mozilla/5.0 (X11; Linux x86_64) Chrome/117.0.5938.92 Safari/537.36",
        "Edg/118.0.2088.46 OPR/104.0.4944.54",
        "Version/12.18 Presto/2.12.388 Tern/9.80.1.2",
        '⟦IP_ADDRESS|52.29.7.14⟧ - - "GET /" 200 "Mozilla/5.0 Chrome/117.0.5938.92"',
        '"Chrome/117.0.5938.92" client: ⟦IP_ADDRESS|52.29.7.14⟧',
        "X-Forwarded-For: ⟦IP_ADDRESS|52.29.7.14⟧, User-Agent: Edg/118.0.2088.46",
    ),
    "number of a section": (
        "IEEE Std 802.11-2020 9.4.2.36",
        "as section 6.3.1.2 says",
        '<a href="#section-7.1.2.4">',
        "§ 4.2.1.7 and Figure 5.1.2.3",
        "1.2.3.4. Scope of the nest",
        "Section 4: connect to the host ⟦IP_ADDRESS|52.29.7.14⟧",
        "nameserver ⟦IP_ADDRESS|52.29.7.14⟧  # see section 6.3.1.2",
        "- ⟦IP_ADDRESS|52.29.7.14⟧",
    ),
    "object identifier": (
        "1.3.6.1.4.1.9.2.1.58",
        "X509v3 2.5.29.17",
        "sha256WithRSAEncryption 1.2.840.113549.1.1.11",
        "attributeTypes: ( 0.9.2342.19200300.100.1.3 NAME 'mail' )",
        "snmpget -c nest ⟦IP_ADDRESS|52.29.7.14⟧ 1.3.6.1.2.1.1.5.0",
        "trap2sink ⟦IP_ADDRESS|10.3.0.9⟧ .1.3.6.1.6.3",
        "2.5.29.17: IP Address:⟦IP_ADDRESS|52.29.7.14⟧",
    ),
    "revision of CVS": (
        "$Id: nest.c,v 1.4.2.7 2004/02/11 10:00:00 mara Exp $",
        "revision 1.2.2.1",
        "$Revision: 1.1.2.3 $",
        "/nest.c/1.9.2.1/Wed Feb 11 10:00:00 2004//",
        "$Id: hosts,v 1.4.2.7 2004/02/11 $\n⟦IP_ADDRESS|52.29.7.14⟧ nest\n",
        "cvs -d :pserver:mara@⟦IP_ADDRESS|52.29.7.14⟧:/srv/cvs co nest",
        "/* $Revision: 1.9 $ runs on host ⟦IP_ADDRESS|52.29.7.14⟧ */",
    ),
    "digits of a drawing": (
        '<path d="M10.2.4.8l3.1.7.2z"/>',
        "c1.1.5.9 2.2.4.1s.6.3.1.8z",
        "a.5.5.0.0.1.5.5",
        '<svg data-source="⟦IP_ADDRESS|52.29.7.14⟧"><path d="M3.1.4.1z"/>',
        "<text>⟦IP_ADDRESS|52.29.7.14⟧</text>",
        '<image href="http://⟦IP_ADDRESS|10.3.0.9⟧/m.svg"/>',
    ),
    "scope, type and selector": (
        "std::map<tern::Id, ::nest::Bed> m;",
        "merge :: Ord a => [a] -> [a] -> [a]",
        "li::before { content: '::' }",
        "Topic :: Internet :: Name Service (DNS)",
        "Bad::Cafe::Fade::run(); use dead::beef;",
        "SELECT a::int, '7'::text",
        'std::string address = "⟦IP_ADDRESS|2a02:c207::beef⟧";',
        "ping6 ⟦IP_ADDRESS|2a02:c207:9::7⟧ :: IO ()",
        'bind("⟦IP_ADDRESS|::1⟧"); tern::run();',
    ),
    "slice and range of revisions": (
        "x[::2], y[1::3], z[::-1]",
        "hg log -r 2085::2093",
        "hg.revs=::1",
        "git log ::7",
        "hg pull http://[⟦IP_ADDRESS|2a02:c207::7⟧]/nest\nhg log -r 311::340",
        "listen [⟦IP_ADDRESS|::1⟧]:80",
        "route add ⟦IP_ADDRESS|2001:db8::⟧/32",
    ),
    "hardware address, time and fingerprint": (
        "eui64 08:00:2b:01:02:03:04:05",
        "ether 52:54:00:ab:cd:ef",
        "00:01:02:03 elapsed, ends 12:34:56",
        "MD5:5e:3f:a1:22:9c:0b:47:d0:11:fe:32:aa:bb:90:cd:ef",
        "⟦IP_ADDRESS|fe80::5054:ff:feab:cdef⟧ dev eth0 lladdr 52:54:00:ab:cd:ef",
        "12:34:56 ⟦IP_ADDRESS|2a02:c207:9::7⟧ up",
        "⟦IP_ADDRESS|1:2:3:4:5:6:7:8⟧ has groups of one digit",
    ),
    "digits of other scripts": (
        "٥٢.٢٩.٧.١٤",
        "host ५२.२९.७.१४",
        "ip ５２.２９.７.１４",
        "52.29.7.١٤",
        "٥٢.٢٩.٧.١٤ = ⟦IP_ADDRESS|52.29.7.14⟧",
        "عنوان ⟦IP_ADDRESS|52.29.7.14⟧ هنا",
        "主机⟦IP_ADDRESS|52.29.7.14⟧。",
    ),
    "mask and number out of range": (
        "netmask 255.255.252.0",
        "999.1.1.1 and 256.0.0.1",
        "ffff:ffff:ffff::",
        "1.2.3.4.5.6",
        "inet ⟦IP_ADDRESS|10.3.0.9⟧ netmask 255.255.252.0 broadcast ⟦IP_ADDRESS|10.3.3.255⟧",
        "route ⟦IP_ADDRESS|10.3.0.0⟧ mask 255.255.0.0",
        "not 256.0.0.1 but ⟦IP_ADDRESS|52.29.7.14⟧",
    ),
}

MISSES: Classes = {
    "slashes before it": (
        "http://⟦IP_ADDRESS|52.29.7.14⟧",
        "proxy_pass http://⟦IP_ADDRESS|10.3.0.9⟧:8080/;",
        "src='//⟦IP_ADDRESS|52.29.7.14⟧/nest.js'",
        "redis://⟦IP_ADDRESS|10.3.0.9⟧:6379/0",
        "// 1.2.3 is the third",
        "//cdn.palereed.org/nest/4.1.2.0/nest.js",
        "https://palereed.org/docs/2.0.1.4/",
    ),
    "slash behind it": (
        "allow ⟦IP_ADDRESS|52.29.0.0⟧/16;",
        "⟦IP_ADDRESS|10.3.0.9⟧/etc/nest",
        "route ⟦IP_ADDRESS|2a02:c207::⟧/32 via ⟦IP_ADDRESS|fe80::1⟧",
        "releases/4.1.0.2/nest.zip",
        "tern/1.2.3.4/linux",
        "1.2.3/4",
    ),
    "brackets around it": (
        "Received: from nest ([⟦IP_ADDRESS|52.29.7.14⟧])",
        "http://[⟦IP_ADDRESS|2a02:c207::7⟧]:443/",
        "hosts = [⟦IP_ADDRESS|52.29.7.14⟧, ⟦IP_ADDRESS|52.29.7.15⟧]",
        "[1.2.3]",
        "[4.2.1.7.3]",
        "[::2]",
    ),
    "sign of equality before it": (
        "HOST=⟦IP_ADDRESS|52.29.7.14⟧",
        "ip=⟦IP_ADDRESS|52.29.7.14⟧&port=80",
        "--bind=⟦IP_ADDRESS|::1⟧",
        "address=⟦IP_ADDRESS|2a02:c207::7⟧",
        "tern==1.2.3.4",
        "VERSION=1.2.3.4",
        "nest_version='1.2.3.4'",
    ),
    "seven characters": (
        "if ip == '⟦IP_ADDRESS|1.1.1.1⟧':",
        "listen(⟦IP_ADDRESS|0.0.0.0⟧)",
        "⟦IP_ADDRESS|9.9.9.9⟧",
        "Version 1.0.0.0",
        "see 1.1.1.1.2",
        "§ 2.2.2.2",
    ),
    "numbers like a date": (
        'parse("⟦IP_ADDRESS|10.11.12.13⟧")',
        "⟦IP_ADDRESS|20.10.20.10⟧ nest",
        "ping ⟦IP_ADDRESS|19.12.31.23⟧",
        "02.03.2019",
        "2019.03.02.14",
        "backup-19.03.02.14.tar",
    ),
    "IPv6 in every form": (
        "dig AAAA -> ⟦IP_ADDRESS|2a02:c207:0000:0000:0000:0000:0000:0007⟧",
        "⟦IP_ADDRESS|2a02:c207::7⟧%eth0",
        "mapped ⟦IP_ADDRESS|::ffff:52.29.7.14⟧",
        "⟦IP_ADDRESS|64:ff9b::52.29.7.14⟧",
        "⟦IP_ADDRESS|FE80::AB8⟧",
        "::",
        "2a02::c207::7",
        "2a02c:207::7",
    ),
    "nothing but digits and dots": (
        "⟦IP_ADDRESS|52.29.7.14⟧",
        "⟦IP_ADDRESS|52.29.7.14⟧\n⟦IP_ADDRESS|52.29.7.15⟧\n",
        "⟦IP_ADDRESS|52.29.7.14⟧ ⟦IP_ADDRESS|52.29.7.14⟧",
        "52.29.7",
        "52.29.7.14.15",
        "52..29.7.14",
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
