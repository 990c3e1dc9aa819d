//! Cases as they are written into their rows.

use crate::domain::Watched;
use kit_db::{Error, Result};

/// What is kept of cases as text.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) views: Vec<String>,
    pub(super) clocks: Vec<String>,
    pub(super) spent: Vec<String>,
}

impl Texts {
    pub(super) fn of(cases: &[&Watched]) -> Result<Self> {
        let text = Self::written(cases);
        text.map_err(|error| Error::Corrupt(format!("a case cannot be written: {error}")))
    }

    fn written(cases: &[&Watched]) -> serde_json::Result<Self> {
        let mut texts = Self::default();
        for case in cases {
            texts.views.push(serde_json::to_string(&case.view)?);
            texts.clocks.push(serde_json::to_string(&case.clocks)?);
            texts.spent.push(serde_json::to_string(&case.spent)?);
        }
        Ok(texts)
    }
}
