//! The plain lists of the desk: cases, what is late, mail of a local installation.

use crate::{
    convert::at,
    view::clock::Clock,
    wordbook::{Shelf, Wordbook},
    words::{self, Named},
};
use chrono::{DateTime, Utc};
use contracts::{notification, records};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Cases {
    pub(crate) cases: Vec<CaseRow>,
    pub(crate) next_page_token: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct CaseRow {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) unit: Named,
    pub(crate) kind: Named,
    pub(crate) severity: Named,
    pub(crate) state: Named,
    pub(crate) received_at: Option<DateTime<Utc>>,
    pub(crate) closed_at: Option<DateTime<Utc>>,
}

impl CaseRow {
    pub(crate) fn new(row: records::CaseRow, words: &Wordbook) -> Self {
        Self {
            unit: words.name(Shelf::Unit, &row.unit_id),
            kind: words.name(Shelf::Kind, &row.kind),
            severity: words.name(Shelf::Severity, &row.severity),
            state: words::state(&row.state),
            received_at: at(row.received_at),
            closed_at: at(row.closed_at),
            case_id: row.case_id,
            number: row.number,
        }
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Late {
    pub(crate) clocks: Vec<LateRow>,
    pub(crate) next_page_token: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct LateRow {
    /// The number of the case; its id where the dossier does not answer.
    pub(crate) number: String,
    pub(crate) unit: Named,
    pub(crate) clock: Clock,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Mail {
    pub(crate) mail_id: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) at: Option<DateTime<Utc>>,
}

impl From<notification::Mail> for Mail {
    fn from(mail: notification::Mail) -> Self {
        Self { mail_id: mail.mail_id, to: mail.to, subject: mail.subject, at: at(mail.at) }
    }
}
