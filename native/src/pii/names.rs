//! Tell from a name whether what is assigned to it is a secret: `DB_PASSWORD`, `oauthTokenSecret`, `api-key`.
//!
//! A name is cut into words (`camelCase`, `snake_case`, `kebab-case`, `dotted.names`); tables of words decide. The
//! last word that speaks of a secret counts; a word after it may say that the value is something about the secret
//! (`token_type`, `passwordHash`), a word before it that it is no secret at all (`public_key`, `next_page_token`).

use std::collections::HashSet;
use std::sync::LazyLock;

use super::roots::Roots;

/// Longest name that is read, in bytes.
pub const MAX_NAME: usize = 80;

/// What a name says about the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// Something that a person may have chosen.
    Password,
    /// Something that a machine made, surely: `secret`, `api_key`, `access_token`.
    Secret,
    /// Something that may be a secret if it looks drawn: `key`, `auth`, `signature`.
    Perhaps,
}

/// What is known about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// No word speaks of secrets.
    Nothing,
    /// A word does, another one takes it back.
    Harmless(&'static str),
    /// The value may be a secret; whether the telling word is the last one.
    Telling(NameKind, bool),
}

/// The pieces of which one stands in every telling name, in lower case.
pub const ROOTS: &[&[u8]] = &[
    b"auth",
    b"contrase",
    b"cred",
    b"jwt",
    b"key",
    b"kennwort",
    b"motdepasse",
    b"parol",
    b"pass",
    b"psw",
    b"pswd",
    b"pwd",
    b"secret",
    b"senha",
    b"token",
    b"bearer",
    b"hmac",
    b"wachtwoord",
    b"securestring",
    b"identified by",
    b"mot de passe",
    b"masterauth",
    b"pw",
    "пароль".as_bytes(),
    "密码".as_bytes(),
    "密碼".as_bytes(),
    "パスワード".as_bytes(),
    "비밀번호".as_bytes(),
];

/// Words that name a password, whatever stands around them.
static PASSWORDS: LazyLock<Roots> = LazyLock::new(|| {
    Roots::of(
        "password passwords passwd passwort passphrase passcode passwrd pasword pwd pswd psw contrasena \
     kennwort motdepasse senha wachtwoord pw securestring requirepass masterauth bindpw rootpw пароль \
     密码 密碼 パスワード 비밀번호",
    )
});

/// Whether a value is itself a word for a password.
pub fn is_password_word(value: &[u8]) -> bool {
    PASSWORDS.has(&value.to_ascii_lowercase())
}

/// Cuts a list of words.
fn words(list: &'static str) -> HashSet<&'static [u8]> {
    list.split_ascii_whitespace().map(str::as_bytes).collect()
}

/// Words before a glued `pass`.
static PASS_STEMS: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
    words(
        "account admin app auth bind cert client db default email ftp http key keystore ldap login mail my \
     mysql pg proxy redis root server smtp sql ssh store sudo test truststore user wifi zip mqtt",
    )
});

/// Words before a `pass` that is no password: `allPass`, `should.not.pass`, `first_pass`.
const BEFORE_VERB: &[&[u8]] = &[
    b"all", b"any", b"can", b"did", b"do", b"does", b"first", b"last", b"many", b"may", b"multi", b"must",
    b"not", b"one", b"render", b"second", b"should", b"single", b"third", b"to", b"two", b"will",
];

/// Words that name a machine-made secret.
static SECRETS: LazyLock<Roots> = LazyLock::new(|| {
    Roots::of(
        "secret secrets token tokens apikey apitoken apisecret appsecret secretkey accesskey privatekey \
     authkey authtoken accesstoken refreshtoken clientsecret appkey credential credentials creds \
     masterkey sharedkey",
    )
});

/// Words that make a `key` after them a secret.
static KEY_PREFIXES: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
    words(
        "access account admin aes api app application auth authentication authorization cipher client \
     consumer cookie crypt crypto customer decryption deploy des dev developer encryption encrypt \
     function hmac host instrumentation integration jwt license licence live login master merchant pre \
     priv private prod project root rsa sas secret security server service session shared sign signature \
     signing ssl storage subscription tsig user",
    )
});

/// Words whose value is a secret only if it looks drawn.
static PERHAPS: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
    words(
        "key keys auth oauth authorization authentication bearer jwt hmac nkey xkey oauth2 cred passkey \
     xauth",
    )
});

/// Words after the secret's that make the value something about it.
static HARMLESS_AFTER: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
    words(
        "algorithm algo alg arn attribute attr bits bytes callback class cls code codes column columns \
     command config configuration count date description desc digest dir directory element encoder \
     encoding endpoint enabled env error errors event exists expiration expires expired expiry expire \
     factory field fields file filename flag form format func function generator handler hash header \
     headers help hint host icon id identifier ids index info input kind label length len level link list \
     location manager map mapping max message min mode model msg name names parameter param params parser \
     path paths pattern placeholder policy policies position prefix prompt property provider ref \
     reference regex required reset rule rules scope scopes selector service size source status store \
     salt nonce method fqdn encryption iterations at ca strategy strength suffix table template test tests text \
     timestamp timeout title ttl type types uri url usage validation validator version view visible binding \
     bindings fingerprint thumbprint checksum md5 sha sha1 sha256 md press down up frame board uid gid \
     shell gecos realm stacking connector",
    )
});

/// Words before a `key` or `token` that make it no secret.
static HARMLESS_BEFORE: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
    words(
        "alt annotation arrow attribute bucket cache column compare composite config continuation context \
     count csrf cursor data dict dictionary distinct end entity entry enter event field filter foreign \
     form group hash header hot i18n idempotency image index insert invalid item json label lang language \
     locale lookup map menu message meta next node object order page partition parent plural primary \
     property pub public publishable range react recv websocket socket registry resource route routing row search shift \
     shortcut site sort state storage_item sync tab translation type unique xsrf",
    )
});

/// Last parts of dotted names that still hold the secret itself.
const VALUE_SEGMENTS: &[&[u8]] = &[b"value", b"default", b"plain", b"raw", b"string", b"plaintext", b"data"];

/// The words of a name, in lower case, without digits at their ends.
struct Words {
    letters: [u8; MAX_NAME],
    places: [(u8, u8); MAX_WORDS],
    count: usize,
}

/// Most words that a name is cut into.
const MAX_WORDS: usize = 16;

impl Words {
    fn of(name: &[u8]) -> Self {
        let mut words = Self { letters: [0; MAX_NAME], places: [(0, 0); MAX_WORDS], count: 0 };
        let name = &name[..name.len().min(MAX_NAME)];
        let mut start = 0;
        for (place, &byte) in name.iter().enumerate() {
            words.letters[place] = byte.to_ascii_lowercase();
            if !is_name_letter(byte) {
                words.push(start, place);
                start = place + 1;
            } else if place > start && begins_word(name, place) {
                words.push(start, place);
                start = place;
            }
        }
        words.push(start, name.len());
        words
    }

    fn push(&mut self, start: usize, end: usize) {
        let mut end = end;
        while end > start && self.letters[end - 1].is_ascii_digit() {
            end -= 1;
        }
        if end > start && self.count < MAX_WORDS {
            // A name has at most 80 bytes.
            self.places[self.count] = (start as u8, end as u8);
            self.count += 1;
        }
    }

    fn get(&self, index: usize) -> &[u8] {
        let (start, end) = self.places[index];
        &self.letters[usize::from(start)..usize::from(end)]
    }
}

fn is_name_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Whether a capital at `place` begins a word: `tokenKey`, `APIKey`.
fn begins_word(name: &[u8], place: usize) -> bool {
    let (last, byte) = (name[place - 1], name[place]);
    byte.is_ascii_uppercase()
        && (last.is_ascii_lowercase()
            || last.is_ascii_digit()
            || (last.is_ascii_uppercase()
                && name.get(place + 1).is_some_and(u8::is_ascii_lowercase)
                && name.get(place + 2).is_some_and(u8::is_ascii_lowercase)))
}

/// Ends of names of several words that name a password.
const PHRASES: &[&[u8]] = &[b"identified by", b"mot de passe", b"convertto-securestring", b"passphrase"];

/// Judges a name.
pub fn judge_name(name: &[u8]) -> Judgement {
    let words = Words::of(name);
    let lowered = &words.letters[..name.len().min(MAX_NAME)];
    if PHRASES.iter().any(|phrase| lowered.ends_with(phrase)) {
        return Judgement::Telling(NameKind::Password, true);
    }
    if memchr::memchr_iter(b's', lowered).any(|place| lowered[place..].starts_with(b"salted")) {
        return Judgement::Harmless("a salted hash");
    }
    for index in (0..words.count).rev() {
        let word = words.get(index);
        let before = (index > 0).then(|| words.get(index - 1));
        let Some((kind, rest)) = root(word, before, index + 1 == words.count) else {
            continue;
        };
        let rest_is_empty = rest.is_empty();
        let after = if !rest_is_empty {
            Some(rest)
        } else if index + 1 < words.count {
            Some(words.get(index + 1))
        } else {
            None
        };
        let last = words.get(words.count - 1);
        if let Some(reason) = after.and_then(taken_back_by).or_else(|| taken_back_by(last)) {
            return Judgement::Harmless(reason);
        }
        let is_public = (index.saturating_sub(2)..index).any(|place| words.get(place) == b"public");
        if kind != NameKind::Password && is_public {
            return Judgement::Harmless("the word before it makes it no secret");
        }
        if kind != NameKind::Password && index > 0 && HARMLESS_BEFORE.contains(words.get(index - 1)) {
            return Judgement::Harmless("the word before it makes it no secret");
        }
        let segment = name.iter().rposition(|&byte| byte == b'.').map_or(0, |dot| dot + 1);
        if usize::from(words.places[index].1) <= segment && !VALUE_SEGMENTS.contains(&last) {
            return Judgement::Harmless("a member of something that is named after a secret");
        }
        return Judgement::Telling(kind, index + 1 == words.count && rest_is_empty);
    }
    Judgement::Nothing
}

/// Whether `pass` at the end of a name is what something does, not what it takes: `expect_quote_pass`, `setPass` not.
pub fn ends_in_verb(name: &[u8]) -> bool {
    const TAKERS: &[&[u8]] = &[b"set", b"with", b"add", b"use", b"update", b"the", b"my"];
    let words = Words::of(name);
    let Some(before) = words.count.checked_sub(2).map(|index| words.get(index)) else {
        return false;
    };
    words.get(words.count - 1) == b"pass" && !PASS_STEMS.contains(before) && !TAKERS.contains(&before)
}

fn taken_back_by(word: &[u8]) -> Option<&'static str> {
    let singular = word.strip_suffix(b"s").unwrap_or(word);
    (HARMLESS_AFTER.contains(word) || HARMLESS_AFTER.contains(singular))
        .then_some("the word after it makes it something about a secret")
}

/// Returns what a word says, and what is glued to its end.
fn root<'a>(word: &'a [u8], before: Option<&[u8]>, is_last: bool) -> Option<(NameKind, &'a [u8])> {
    if let Some(rest) = PASSWORDS.after_last_in(word) {
        return Some((NameKind::Password, rest));
    }
    if let Some(stem) = word.strip_suffix(b"pass") {
        let is_noun = is_last && !before.is_some_and(|word| BEFORE_VERB.contains(&word));
        if PASS_STEMS.contains(stem) || (stem.is_empty() && is_noun) {
            return Some((NameKind::Password, b""));
        }
    }
    if let Some(rest) = SECRETS.after_last_in(word) {
        return Some((NameKind::Secret, rest));
    }
    if word != b"key" && word != b"keys" && PERHAPS.contains(word) {
        return Some((NameKind::Perhaps, b""));
    }
    if let Some(stem) = word.strip_suffix(b"key").or_else(|| word.strip_suffix(b"keys")) {
        let prefix = if stem.is_empty() { before.unwrap_or(b"") } else { stem };
        if KEY_PREFIXES.contains(prefix) {
            return Some((NameKind::Secret, b""));
        }
        if stem.is_empty() {
            return Some((NameKind::Perhaps, b""));
        }
        return None;
    }
    PERHAPS.contains(word).then_some((NameKind::Perhaps, b"" as &[u8]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_their_words() {
        let table: &[(&str, Judgement)] = &[
            ("password", Judgement::Telling(NameKind::Password, true)),
            ("DB_PASSWORD", Judgement::Telling(NameKind::Password, true)),
            ("APIPassword", Judgement::Telling(NameKind::Password, true)),
            ("userpass", Judgement::Telling(NameKind::Password, true)),
            ("db.pass", Judgement::Telling(NameKind::Password, true)),
            ("keystorePassword2", Judgement::Telling(NameKind::Password, true)),
            ("oauth_token_secret", Judgement::Telling(NameKind::Secret, true)),
            ("secret_key_base", Judgement::Telling(NameKind::Secret, false)),
            ("AWS_SECRET_ACCESS_KEY", Judgement::Telling(NameKind::Secret, true)),
            ("apiKey", Judgement::Telling(NameKind::Secret, true)),
            ("APIKEY", Judgement::Telling(NameKind::Secret, true)),
            ("key", Judgement::Telling(NameKind::Perhaps, true)),
            ("monkey", Judgement::Nothing),
            ("bypass", Judgement::Nothing),
            ("compass", Judgement::Nothing),
            ("shouldNotPass", Judgement::Nothing),
            ("first_pass", Judgement::Nothing),
            ("ftp_pass", Judgement::Telling(NameKind::Password, true)),
            ("author", Judgement::Nothing),
        ];
        for (name, expected) in table {
            assert_eq!(judge_name(name.as_bytes()), *expected, "{name}");
        }
        assert!(ends_in_verb(b"expect_quote_pass") && !ends_in_verb(b"set_pass") && !ends_in_verb(b"pass"));
        for name in [
            "token_type",
            "passwordHash",
            "public_key",
            "next_page_token",
            "secretName",
            "key_id",
            "passwordhash",
            "pw_gid",
            "oauth_nonce",
            "authTimestamp",
            "saltedPassword",
            "auth_realm",
        ] {
            assert!(matches!(judge_name(name.as_bytes()), Judgement::Harmless(_)), "{name}");
        }
    }
}
