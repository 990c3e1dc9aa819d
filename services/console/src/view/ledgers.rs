//! Ledgers: lists that are kept over cases.

use crate::{
    convert::{at, text},
    words::Named,
};
use chrono::{DateTime, Utc};
use contracts::records;
use kit_core::Text;
use serde::Serialize;

/// A row of a ledger.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LedgerRow {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) subject: Text,
    pub(crate) cause: Text,
    pub(crate) points: u32,
    pub(crate) cite: String,
    /// Who entered it by hand.
    pub(crate) staff_name: String,
}

/// The rows of one, or, where none is named, those that there are to see.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct LedgerPage {
    pub(crate) ledgers: Vec<Named>,
    pub(crate) title: Text,
    pub(crate) rows: Vec<LedgerRow>,
    pub(crate) points: i64,
    pub(crate) next_page_token: String,
}

impl From<records::LedgerRow> for LedgerRow {
    fn from(row: records::LedgerRow) -> Self {
        Self {
            at: at(row.at),
            case_id: row.case_id,
            number: row.number,
            subject: text(row.subject),
            cause: text(row.cause),
            points: row.points,
            cite: row.cite,
            staff_name: row.staff_name,
        }
    }
}

impl From<records::ListLedgerResponse> for LedgerPage {
    fn from(list: records::ListLedgerResponse) -> Self {
        Self {
            ledgers: list.ledgers.into_iter().map(|one| Named::new(one.id, text(one.title))).collect(),
            title: text(list.title),
            rows: list.rows.into_iter().map(LedgerRow::from).collect(),
            points: list.points,
            next_page_token: list.next_page_token,
        }
    }
}
