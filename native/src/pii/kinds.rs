//! What can be found: kinds of personal data and secrets, and sets of kinds.

use crate::error::KernelError;

/// A kind of personal data or secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// An IPv4 or IPv6 address.
    IpAddress,
    /// A machine-made secret: API key, token, private key block.
    Key,
    /// The name of a person.
    Name,
    /// A secret that a person may have chosen.
    Password,
    /// The login name of a person.
    Username,
}

impl Kind {
    /// All kinds in alphabetical order.
    pub const ALL: [Self; 6] =
        [Self::Email, Self::IpAddress, Self::Key, Self::Name, Self::Password, Self::Username];

    /// Its public name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::IpAddress => "IP_ADDRESS",
            Self::Key => "KEY",
            Self::Name => "NAME",
            Self::Password => "PASSWORD",
            Self::Username => "USERNAME",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Result<Self, KernelError> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| KernelError::UnknownName {
            argument: "kinds",
            expected: Self::ALL.map(Self::name).join(", "),
        })
    }

    /// Which of two kinds names a value that is found as both: a secret must not be called an address.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Key => 0,
            Self::Password => 1,
            Self::Email => 2,
            Self::IpAddress => 3,
            Self::Username => 4,
            Self::Name => 5,
        }
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// What is looked for unless something else is asked: e-mail and IP addresses, keys and passwords.
    pub const DEFAULT: Self = Self(
        1 << Kind::Email as u8
            | 1 << Kind::IpAddress as u8
            | 1 << Kind::Key as u8
            | 1 << Kind::Password as u8,
    );

    /// Whether a kind belongs to the set.
    pub fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u8 & 1 == 1
    }

    /// Whether keys or passwords belong to the set.
    pub fn has_secrets(self) -> bool {
        self.has(Kind::Key) || self.has(Kind::Password)
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |set, kind| set | 1 << kind as u8))
    }
}
