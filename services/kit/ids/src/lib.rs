//! The closed, alphabetical list of identifier types, and nothing else. Each prints with a prefix, so that a log line
//! shows what kind of thing it names: `case_0192f0c1…`.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A text that is not an identifier of the kind asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of the form {expected}…")]
pub struct ParseIdError {
    expected: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(Uuid);

            impl $name {
                /// Wraps an identifier made by [`kit_core::Ids`] or read from a table.
                pub const fn new(id: Uuid) -> Self {
                    Self(id)
                }

                /// The bare value, for a table column.
                pub const fn uuid(self) -> Uuid {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!($prefix, "{}"), self.0.simple())
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, f)
                }
            }

            impl FromStr for $name {
                type Err = ParseIdError;
                fn from_str(text: &str) -> Result<Self, ParseIdError> {
                    text.strip_prefix($prefix)
                        .filter(|rest| rest.len() == 32)
                        .and_then(|rest| Uuid::try_parse(rest).ok())
                        .map(Self)
                        .ok_or(ParseIdError { expected: $prefix })
                }
            }

            impl From<$name> for String {
                fn from(id: $name) -> Self {
                    id.to_string()
                }
            }

            impl TryFrom<String> for $name {
                type Error = ParseIdError;
                fn try_from(text: String) -> Result<Self, ParseIdError> {
                    text.parse()
                }
            }

            impl Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
                }
            }
        )*
    };
}

ids! {
    /// One matter under one regime.
    CaseId "case_",
    /// A new version of a calendar on its way into force.
    ChangeId "change_",
    /// A request for more time on a clock.
    ExtensionId "ext_",
    /// A notice to one recipient by one way.
    NoticeId "notice_",
    /// A sealed text or identity field in intake's vault.
    RefId "ref_",
    /// A member of staff.
    StaffId "staff_",
    /// What arrived at a channel.
    SubmissionId "sub_",
    /// A request that clocks stand still.
    SuspensionId "susp_",
    /// A call or a visit that a person owes.
    TaskId "task_",
}

/// Where a reference says of which case it is: by the last digits of the case.
const MARK: u128 = 0xffff_ffff;
/// Where an identifier says its version, and the version of those that are laid out by whoever makes them (RFC 9562, 5.8).
const VERSION: u128 = 0xf << 76;
const OURS: u128 = 0x8 << 76;

impl RefId {
    /// A reference to something of a case, made from a new identifier. It bears a mark of the case, so that whoever is
    /// handed it in another case knows without asking.
    pub const fn of(case: CaseId, id: Uuid) -> Self {
        Self(Uuid::from_u128(id.as_u128() & !(VERSION | MARK) | OURS | case.0.as_u128() & MARK))
    }

    /// Whether it may be of the case. One that bears no mark, as all did once, may be of any.
    pub const fn may_be_of(self, case: CaseId) -> bool {
        let (own, case) = (self.0.as_u128(), case.0.as_u128());
        own & VERSION != OURS || own & MARK == case & MARK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_knows_its_case_and_one_without_a_mark_is_not_judged() {
        let (case, other) = (CaseId::new(Uuid::from_u128(7)), CaseId::new(Uuid::from_u128(8)));
        let old = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);
        let reference = RefId::of(case, old);
        assert!(reference.may_be_of(case) && !reference.may_be_of(other));
        assert_eq!(reference.to_string().parse(), Ok(reference));
        assert!(RefId::new(old).may_be_of(case) && RefId::new(old).may_be_of(other));
        assert!(
            reference < RefId::of(case, Uuid::from_u128(0x019a_0000_0000_7000_8000_0000_0000_0001)),
            "in their order"
        );
    }

    #[test]
    fn an_id_reads_back_what_it_prints_and_refuses_another_kind() {
        let id = CaseId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().parse::<StaffId>().is_err());
        assert!("case_7".parse::<CaseId>().is_err());
    }
}
