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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints_and_refuses_another_kind() {
        let id = CaseId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().parse::<StaffId>().is_err());
        assert!("case_7".parse::<CaseId>().is_err());
    }
}
