//! A hand-in as it arrived: nothing in it is believed yet.

use crate::domain::pii::Pii;
use chrono::{DateTime, Utc};
use regime::Value;

/// What somebody handed in.
pub(crate) struct Draft {
    pub(crate) unit_id: String,
    pub(crate) channel: String,
    pub(crate) kind: String,
    /// Asked for by name; empty takes the one in force.
    pub(crate) regime_id: String,
    pub(crate) subject: Pii,
    pub(crate) narrative: Pii,
    pub(crate) identity: Identity,
    pub(crate) is_anonymous: bool,
    pub(crate) asked_by: Option<String>,
    pub(crate) about_unit_id: Option<String>,
    pub(crate) about_staff_ids: Vec<String>,
    /// A fact without a value is told as such, not dropped.
    pub(crate) facts: Vec<(String, Option<Value>)>,
    pub(crate) received_at: Arrival,
}

/// When it reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Now,
    At(DateTime<Utc>),
    /// The instant cannot be: out of every calendar.
    Unreadable,
}

/// Who speaks and how to reach them.
pub(crate) struct Identity {
    pub(crate) name: Pii,
    pub(crate) phone: Pii,
    pub(crate) email: Pii,
    pub(crate) address: Pii,
}

/// The fields of an identity, by the names under which they are sealed and revealed.
pub(crate) const IDENTITY_FIELDS: [&str; 4] = ["name", "phone", "email", "address"];

impl Identity {
    /// Every field with its name.
    pub(crate) fn fields(&self) -> [(&'static str, &Pii); 4] {
        [("name", &self.name), ("phone", &self.phone), ("email", &self.email), ("address", &self.address)]
    }

    /// Whether nothing tells who it is.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, text)| text.is_blank())
    }

    /// The ways in which the complainant can be reached, never the addresses.
    pub(crate) fn reach(&self) -> Vec<String> {
        [("email", &self.email), ("phone", &self.phone), ("visit", &self.address)]
            .into_iter()
            .filter(|(_, text)| !text.is_blank())
            .map(|(way, _)| way.to_owned())
            .collect()
    }
}

/// Who hands it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Submitter {
    Public,
    /// Writes it down for the complainant.
    Staff(String),
    /// A connector of the house.
    Service,
}
