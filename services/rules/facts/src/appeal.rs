//! The appeal of a case that waits to be decided.

use crate::CaseView;
use regime::{Appeal, Regime};

/// The appeal that was lodged last and is not decided yet.
pub fn pending_appeal<'r>(regime: &'r Regime, view: &CaseView) -> Option<&'r Appeal> {
    let (at, lodged) = view.history.iter().enumerate().rev().find(|(_, one)| one.word == "appeal-lodged")?;
    let is_decided = view.history.iter().skip(at).any(|one| one.word == "appeal-decided" && one.arg == lodged.arg);
    let tier = lodged.arg.as_deref().filter(|_| !is_decided)?;
    regime.appeals.iter().find(|appeal| appeal.tier == tier)
}

/// Whether a rule or a person gave the case to somebody after an appeal was lodged last.
pub fn is_given_since_appeal(view: &CaseView) -> bool {
    let last = |word: &str| view.history.iter().rposition(|one| one.word == word);
    last("case-dispatched") > last("appeal-lodged")
}
