//! A hand-in as it arrived: nothing in it is believed yet.

use crate::domain::{
    pii::Pii,
    text::{is_email, is_phone},
};
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
    /// Who files, in the regime's words.
    pub(crate) complainant: String,
    pub(crate) respondent: Respondent,
    pub(crate) agent: Agent,
    /// How well they want to be known; empty: as what was filled says.
    pub(crate) identity_mode: String,
    /// Further fields of the form by name.
    pub(crate) form: Vec<(String, Pii)>,
}

/// Whom it is about.
#[derive(Default)]
pub(crate) struct Respondent {
    /// In the regime's words.
    pub(crate) sort: String,
    pub(crate) name: Pii,
    pub(crate) address: Pii,
    pub(crate) contact: Pii,
}

/// Who acts for the complainant.
#[derive(Default)]
pub(crate) struct Agent {
    pub(crate) name: Pii,
    pub(crate) contact: Pii,
}

/// The fields of the form that stand in `form`, each by a name of the house.
pub(crate) const FORM_FIELDS: [&str; 7] =
    ["place", "time", "persons", "evidence", "request", "reasons", "channel-used"];

impl Draft {
    /// How well the complainant is known by what was filled. Proof is seen later.
    pub(crate) fn known_as(&self) -> &'static str {
        match () {
            () if self.is_anonymous => "anonymous",
            () if !self.identity.name.is_blank() => "named",
            () if !self.identity.reach().is_empty() => "contact",
            () => "anonymous",
        }
    }

    /// Every text about the parties and the matter beside subject and narrative, by the house's name of its field.
    pub(crate) fn more_texts(&self) -> Vec<(&'static str, &Pii)> {
        let mut texts = vec![
            ("respondent-name", &self.respondent.name),
            ("respondent-address", &self.respondent.address),
            ("respondent-contact", &self.respondent.contact),
        ];
        let known = |name: &str| FORM_FIELDS.into_iter().find(|field| *field == name);
        texts.extend(self.form.iter().filter_map(|(name, text)| Some((known(name)?, text))));
        texts
    }

    /// What tells who the complainant is, or who acts for them.
    pub(crate) fn identity_texts(&self) -> Vec<(&'static str, &Pii)> {
        let agent = [("agent-name", &self.agent.name), ("agent-contact", &self.agent.contact)];
        self.identity.fields().into_iter().chain(agent).collect()
    }

    /// Whether a field of the house's form was filled.
    pub(crate) fn is_filled(&self, name: &str) -> bool {
        let of =
            |texts: Vec<(&'static str, &Pii)>| texts.iter().any(|(field, text)| *field == name && !text.is_blank());
        match name {
            "contact" => !self.identity.reach().is_empty(),
            "subject" => !self.subject.is_blank(),
            "narrative" => !self.narrative.is_blank(),
            "about-unit" => self.about_unit_id.as_deref().is_some_and(|id| !id.is_empty()),
            "asked-by" => self.asked_by.as_deref().is_some_and(|day| !day.is_empty()),
            _ => of(self.identity_texts()) || of(self.more_texts()),
        }
    }
}

/// The ways to reach whoever left this contact.
pub(crate) fn ways(contact: &Pii) -> Option<&'static str> {
    let contact = contact.expose().trim();
    match () {
        () if is_email(contact) => Some("email"),
        () if is_phone(contact) => Some("phone"),
        () => None,
    }
}

impl Respondent {
    /// The ways in which the respondent can be reached, never the addresses.
    pub(crate) fn reach(&self) -> Vec<String> {
        let visit = (!self.address.is_blank()).then_some("visit");
        ways(&self.contact).into_iter().chain(visit).map(str::to_owned).collect()
    }
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
pub(crate) const IDENTITY_FIELDS: [&str; 6] = ["name", "phone", "email", "address", "agent-name", "agent-contact"];

impl Identity {
    /// Every field with its name.
    pub(crate) fn fields(&self) -> [(&'static str, &Pii); 4] {
        [("name", &self.name), ("phone", &self.phone), ("email", &self.email), ("address", &self.address)]
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
