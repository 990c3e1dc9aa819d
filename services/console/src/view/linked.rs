//! Other cases that one has to do with.

use crate::{
    convert::{at, text},
    words::{self, Named},
};
use chrono::{DateTime, Utc};
use contracts::intake;
use serde::Serialize;

/// A case that is linked, or that a rule takes for the same matter.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Other {
    pub(crate) case_id: String,
    /// Empty for whoever may not see it.
    pub(crate) number: String,
    pub(crate) relation: Named,
    pub(crate) cite: String,
    pub(crate) received_at: Option<DateTime<Utc>>,
}

impl From<intake::LinkedCase> for Other {
    fn from(case: intake::LinkedCase) -> Self {
        Self {
            case_id: case.case_id,
            number: case.number,
            relation: words::relation(&case.relation),
            cite: String::new(),
            received_at: None,
        }
    }
}

impl From<intake::AlikeCase> for Other {
    fn from(case: intake::AlikeCase) -> Self {
        Self {
            case_id: case.case_id,
            number: case.number,
            relation: words::relation(&case.relation),
            cite: case.cite,
            received_at: at(case.received_at),
        }
    }
}

/// What a matter may be split into: the kinds and the regimes, each once.
pub(crate) fn split_choices(choices: Vec<intake::SplitChoice>) -> (Vec<Named>, Vec<Named>) {
    let (mut kinds, mut regimes) = (Vec::<Named>::new(), Vec::<Named>::new());
    let add = |list: &mut Vec<Named>, one: Named| {
        if list.iter().all(|known| known.id != one.id) {
            list.push(one);
        }
    };
    for choice in choices {
        add(&mut kinds, Named::new(choice.kind, text(choice.title)));
        add(&mut regimes, Named::new(choice.regime_id, text(choice.regime_title)));
    }
    (kinds, regimes)
}
