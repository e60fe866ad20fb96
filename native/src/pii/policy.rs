//! What may stay under the policy "redact": addresses and mailboxes that belong to nobody.
//!
//! Sources: the IANA special-purpose address registries (RFC 6890 and its updates), RFC 2606 and RFC 6761 for the
//! domains. The resolvers are those that the BigCode redaction leaves.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::kinds::Kind;
use crate::error::KernelError;

/// What counts as a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Everything but the replacements that redaction makes.
    Detect,
    /// Everything that is somebody's.
    Redact,
}

impl Policy {
    /// The policy of a name.
    pub fn named(name: &str) -> Result<Self, KernelError> {
        match name {
            "detect" => Ok(Self::Detect),
            "redact" => Ok(Self::Redact),
            _ => Err(KernelError::UnknownName { argument: "policy", expected: "detect, redact".to_owned() }),
        }
    }

    /// Whether a found value stays where it is.
    pub fn spares(self, kind: Kind, value: &[u8]) -> bool {
        self == Self::Redact
            && match kind {
                Kind::Email => is_placeholder_mailbox(value),
                Kind::IpAddress => is_reserved_address(value),
                _ => false,
            }
    }
}

/// Public DNS resolvers: Google, Cloudflare, Control D, Quad9, OpenDNS, Comodo, AdGuard.
const RESOLVERS: [Ipv4Addr; 14] = [
    Ipv4Addr::new(1, 0, 0, 1),
    Ipv4Addr::new(1, 1, 1, 1),
    Ipv4Addr::new(149, 112, 112, 112),
    Ipv4Addr::new(208, 67, 220, 220),
    Ipv4Addr::new(208, 67, 222, 222),
    Ipv4Addr::new(76, 223, 122, 150),
    Ipv4Addr::new(76, 76, 19, 19),
    Ipv4Addr::new(8, 20, 247, 20),
    Ipv4Addr::new(8, 26, 56, 26),
    Ipv4Addr::new(8, 8, 4, 4),
    Ipv4Addr::new(8, 8, 8, 8),
    Ipv4Addr::new(9, 9, 9, 9),
    Ipv4Addr::new(94, 140, 14, 14),
    Ipv4Addr::new(94, 140, 15, 15),
];

/// Networks without a public owner: first address and prefix length.
///
/// Multicast groups and the shared addresses of carriers (100.64.0.0/10) are not among them: they may tell a site or a
/// customer, and the field's redactors replace them too.
const RESERVED_V4: [(Ipv4Addr, u32); 12] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

const RESERVED_V6: [(Ipv6Addr, u32); 6] = [
    (Ipv6Addr::UNSPECIFIED, 127),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
];

/// Domains that are reserved for documentation, and top-level domains that never resolve.
const EXAMPLE_DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];
const RESERVED_TLDS: [&str; 4] = ["example", "invalid", "localhost", "test"];

fn is_placeholder_mailbox(value: &[u8]) -> bool {
    // `noreply@` mailboxes stay personal data: GitHub's `id+login@users.noreply.github.com` names its owner.
    let domain = value.rsplit(|&byte| byte == b'@').next().unwrap_or(value);
    let domain = String::from_utf8_lossy(domain).to_lowercase();
    let domain = domain.trim_end_matches('.');
    let top = domain.rsplit('.').next().unwrap_or(domain);
    let is_below =
        |name: &str| domain.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    RESERVED_TLDS.contains(&top) || EXAMPLE_DOMAINS.into_iter().any(is_below)
}

fn is_reserved_address(value: &[u8]) -> bool {
    let text = value.split(|&byte| matches!(byte, b'%' | b'/')).next().unwrap_or(value);
    match std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()) {
        Some(IpAddr::V4(address)) => is_reserved_v4(address),
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => is_reserved_v4(address),
            None => RESERVED_V6
                .into_iter()
                .any(|(network, length)| (address.to_bits() ^ network.to_bits()) >> (128 - length) == 0),
        },
        None => false,
    }
}

fn is_reserved_v4(address: Ipv4Addr) -> bool {
    RESOLVERS.contains(&address)
        || RESERVED_V4
            .into_iter()
            .any(|(network, length)| (address.to_bits() ^ network.to_bits()) >> (32 - length) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nobodys_stays() {
        let table: &[(Kind, &str, bool)] = &[
            (Kind::IpAddress, "192.168.0.7", true),
            (Kind::IpAddress, "8.8.8.8", true),
            (Kind::IpAddress, "8.8.8.9", false),
            (Kind::IpAddress, "52.95.110.1", false),
            (Kind::IpAddress, "::ffff:10.0.0.1", true),
            (Kind::IpAddress, "::ffff:52.95.110.1", false),
            (Kind::IpAddress, "::1", true),
            (Kind::IpAddress, "fe80::1", true),
            (Kind::IpAddress, "2001:4860:4860::8888", false),
            (Kind::Email, "ann@example.com", true),
            (Kind::Email, "ann@sub.Example.org", true),
            (Kind::Email, "ann@notexample.org", false),
            (Kind::Email, "ann@host.test", true),
            (Kind::Email, "ann@corp.io", false),
            (Kind::Key, "10.0.0.1", false),
        ];
        for &(kind, value, spared) in table {
            assert_eq!(Policy::Redact.spares(kind, value.as_bytes()), spared, "{value}");
            assert!(!Policy::Detect.spares(kind, value.as_bytes()));
        }
    }
}
