//! The one event of this service: a closed case is archived.

use crate::{
    convert,
    domain::{Case, Entry, keep},
};
use contracts::{Event as _, Fact, records::CaseArchived};
use kit_ids::CaseId;
use kit_messaging::{Received, Tx};
use regime::Regime;

/// Archives a case that `cause` closed, and gives back the entry that says so; none when it was archived before.
pub(crate) fn archive(
    tx: &mut Tx,
    cause: &Received,
    id: CaseId,
    case: &mut Case,
    regime: &Regime,
    zone: &str,
) -> Option<Entry> {
    if case.marks.keep_until.is_some() {
        return None;
    }
    let keep_until = keep::until(&regime.records, &case.view, cause.at, zone);
    let archived =
        CaseArchived { case_id: id.to_string(), keep_until: keep_until.clone(), cite: regime.records.cite.clone() };
    tx.publish_after(cause, &archived.case_id.clone(), &archived);
    // What this service stores is told by the events alone, so that it can be made anew from them.
    let at = cause.at;
    let fact = Fact::CaseArchived(archived);
    case.view.apply(&fact, at);
    case.marks.keep_until = Some(keep_until);
    let (args, refs) = convert::line(&fact);
    Some(Entry {
        case_id: id,
        place: case.view.history.len(),
        producer: CaseArchived::OWNER.to_owned(),
        log_place: None,
        at,
        fact: fact.word().to_owned(),
        args,
        refs,
        actor: CaseArchived::OWNER.to_owned(),
    })
}
