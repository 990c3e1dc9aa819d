//! What the public is shown of cases, and what whoever publishes one is asked.

use crate::{
    convert::{at, text, texts},
    view::duties::Duty,
    words::Named,
};
use chrono::{DateTime, Utc};
use contracts::{common, records};
use kit_core::Text;
use serde::Serialize;

/// What whoever publishes a case, or the figures of a duty, is asked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Publicity {
    pub(crate) only_if_asked: bool,
    pub(crate) shows: Vec<Named>,
    /// Those of them that are written for the public.
    pub(crate) written: Vec<Named>,
    /// What forbids it.
    pub(crate) nevers: Vec<Named>,
    /// `published`, `withheld` or nothing.
    pub(crate) state: String,
    pub(crate) cite: String,
}

/// What waits for somebody to publish it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct ToPublish {
    pub(crate) cases: Vec<Waiting>,
    /// Duties whose figures wait.
    pub(crate) figures: Vec<Duty>,
    pub(crate) next_page_token: String,
}

/// A case with a result, of which nobody has decided.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Waiting {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) unit: Named,
    pub(crate) regime: Text,
    pub(crate) resolved_at: Option<DateTime<Utc>>,
    /// What it lacks, such as a consent.
    pub(crate) missing: Vec<Text>,
    pub(crate) nevers: Vec<Text>,
    pub(crate) cite: String,
}

impl ToPublish {
    pub(crate) fn new(list: records::ListToPublishResponse, now: DateTime<Utc>) -> Self {
        Self {
            cases: list.cases.into_iter().map(Waiting::from).collect(),
            figures: list.figures.into_iter().map(|row| Duty::new(row, now)).collect(),
            next_page_token: list.next_page_token,
        }
    }
}

impl From<records::ToPublish> for Waiting {
    fn from(case: records::ToPublish) -> Self {
        Self {
            unit: Named::new(case.unit_id, text(case.unit_name)),
            regime: text(case.regime_title),
            resolved_at: at(case.resolved_at),
            missing: texts(case.missing),
            nevers: texts(case.nevers),
            case_id: case.case_id,
            number: case.number,
            cite: case.cite,
        }
    }
}

/// What is shown, the newest first.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct PublishedPage {
    pub(crate) published: Vec<Published>,
    pub(crate) next_page_token: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Published {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) unit: Text,
    pub(crate) texts: Vec<PublishedText>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct PublishedText {
    pub(crate) title: Text,
    pub(crate) text: Text,
}

impl From<records::PublicityForm> for Publicity {
    fn from(form: records::PublicityForm) -> Self {
        let named = |one: records::Shown| Named::new(one.id, text(one.title));
        let written = form.shows.iter().filter(|one| one.is_written).cloned().map(named).collect();
        Self {
            only_if_asked: form.only_if_asked,
            shows: form.shows.into_iter().map(named).collect(),
            written,
            nevers: form.nevers.into_iter().map(named).collect(),
            state: form.state,
            cite: form.cite,
        }
    }
}

impl From<records::ListPublishedResponse> for PublishedPage {
    fn from(list: records::ListPublishedResponse) -> Self {
        let shown = |one: records::PublishedText| PublishedText { title: text(one.title), text: text(one.text) };
        let published = |one: records::Published| Published {
            at: at(one.at),
            unit: text(one.unit),
            texts: one.texts.into_iter().map(shown).collect(),
        };
        Self { published: list.published.into_iter().map(published).collect(), next_page_token: list.next_page_token }
    }
}

/// What records lets this person do with the case, as other services say it.
pub(crate) fn actions(ledgers: &[Named], form: Option<&records::PublicityForm>) -> Vec<common::Action> {
    let action = |id: &str, (zh, en): (&str, &str), is_allowed| common::Action {
        id: id.to_owned(),
        title: Some(common::Text { zh: zh.to_owned(), en: en.to_owned() }),
        is_allowed,
        ..Default::default()
    };
    let mut actions = Vec::new();
    if !ledgers.is_empty() {
        actions.push(action("enter", ("登记台账", "Enter in a ledger"), true));
    }
    if let Some(form) = form {
        if form.may_publish {
            let cite = form.cite.clone();
            actions.push(common::Action { cite, ..action("publish", ("公示", "Publish"), true) });
        }
        if form.may_withhold {
            actions.push(action("withhold", ("不予公示", "Withhold"), true));
        }
    }
    actions
}
