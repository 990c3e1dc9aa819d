//! The events of this service, and the entry that each leaves in the dossier.

use crate::{
    convert,
    domain::{Case, Entry, duties::Owed, keep, ledgers::Row},
    store::{
        destructions::{self, Decided},
        ledgers, own,
    },
};
use chrono::{DateTime, Utc};
use contracts::{
    Event, Fact,
    common::VaultRef,
    records::{
        CaseArchived, CasePublished, CaseWithheld, DestructionOrdered, DestructionProposed, DestructionRefused,
        DutyDone, FiguresPublished, LedgerEntered,
    },
};
use facts::CaseView;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::{Received, Tx};
use regime::Regime;

/// Archives a case that `cause` closed, and gives back the entry that says so; none when it was archived before: then its
/// file is kept on from now.
pub(crate) fn archive(
    tx: &mut Tx,
    cause: &Received,
    id: CaseId,
    case: &mut Case,
    regime: &Regime,
    zone: &str,
) -> Option<Entry> {
    let keep_until = keep::until(&regime.records, &case.view, cause.at, zone);
    if case.marks.keep_until.is_some() {
        case.marks.keep_until = Some(keep_until);
        return None;
    }
    let archived =
        CaseArchived { case_id: id.to_string(), keep_until: keep_until.clone(), cite: regime.records.cite.clone() };
    tx.publish_after(cause, &archived.case_id.clone(), &archived);
    // What this service stores is told by the events alone, so that it can be made anew from them.
    let at = cause.at;
    let fact = Fact::CaseArchived(archived);
    case.view.apply(&fact, at);
    case.marks.keep_until = Some(keep_until);
    case.entries += 1;
    Some(Entry { place: case.entries, ..entry(id, &fact, at, CaseArchived::OWNER) })
}

/// What was said of a case by this service, as an entry.
fn entry(case_id: CaseId, fact: &Fact, at: DateTime<Utc>, actor: &str) -> Entry {
    let (args, refs) = convert::line(fact);
    Entry {
        case_id,
        place: 0,
        producer: CaseArchived::OWNER.to_owned(),
        log_place: None,
        at,
        fact: fact.word().to_owned(),
        args,
        refs,
        actor: actor.to_owned(),
    }
}

/// A ledger has one more row, because of an event or by hand.
pub(crate) async fn entered(
    tx: &mut Tx,
    cause: Option<&Received>,
    (id, view): (CaseId, &CaseView),
    row: Row,
    (staff, text): (&str, Option<RefId>),
) -> Result<()> {
    let (now, row_id) = (tx.now(), tx.id());
    let at = cause.map_or(now, |cause| cause.at);
    let text = text.map(String::from).unwrap_or_default();
    ledgers::insert(tx.conn(), row_id, (id, view), &row, (staff, &text), at).await?;
    let Row { ledger, about, subject_id, points, cause: fact, cite } = row;
    let entered = LedgerEntered {
        case_id: id.to_string(),
        ledger,
        about,
        subject_id,
        points,
        cause: fact,
        cite,
        staff_id: staff.to_owned(),
        text: vault_ref(&text),
    };
    match cause {
        Some(cause) => tx.publish_after(cause, &entered.case_id.clone(), &entered),
        None => tx.publish(&entered.case_id.clone(), &entered),
    }
    let actor = if staff.is_empty() { CaseArchived::OWNER } else { staff };
    let entry = entry(id, &Fact::LedgerEntered(entered), at, actor);
    own::insert(tx.conn(), &[entry]).await
}

/// The case is shown to the public.
pub(crate) async fn published(tx: &mut Tx, id: CaseId, staff: &str, shows: Vec<String>) -> Result<()> {
    let event = CasePublished { case_id: id.to_string(), staff_id: staff.to_owned(), shows };
    said(tx, id, staff, &event, Fact::CasePublished(event.clone())).await
}

/// The case is kept from the public.
pub(crate) async fn withheld(tx: &mut Tx, id: CaseId, staff: &str, reason: Option<RefId>) -> Result<()> {
    let reason = reason.map(|reason| VaultRef { ref_id: reason.to_string() });
    let event = CaseWithheld { case_id: id.to_string(), staff_id: staff.to_owned(), reason };
    said(tx, id, staff, &event, Fact::CaseWithheld(event.clone())).await
}

/// The time of a file is over: what becomes of it is written down and said.
pub(crate) async fn destruction(tx: &mut Tx, id: CaseId, decided: Decided) -> Result<()> {
    let now = tx.now();
    destructions::put(tx.conn(), id, &decided, now).await?;
    let Decided { state, since, cite, staff_id, again_on, .. } = decided;
    let case_id = id.to_string();
    let actor = if staff_id.is_empty() { CaseArchived::OWNER.to_owned() } else { staff_id.clone() };
    match state {
        "proposed" => {
            let event = DestructionProposed { case_id, since, cite };
            said(tx, id, &actor, &event, Fact::DestructionProposed(event.clone())).await
        }
        "refused" => {
            let event = DestructionRefused { case_id, staff_id, again_on, cite };
            said(tx, id, &actor, &event, Fact::DestructionRefused(event.clone())).await
        }
        _ => {
            let event = DestructionOrdered { case_id, staff_id, since, cite };
            said(tx, id, &actor, &event, Fact::DestructionOrdered(event.clone())).await
        }
    }
}

/// A recurring duty was done.
pub(crate) fn duty_done(tx: &mut Tx, owed: &Owed) {
    let event = DutyDone {
        unit_id: owed.unit_id.clone(),
        duty: owed.duty.clone(),
        period: owed.first_day.to_string(),
        regime_id: owed.regime_id.clone(),
        regime_version: owed.regime_version,
        staff_id: owed.done_by.clone(),
        is_on_time: owed.is_on_time(),
        cite: owed.cite.clone(),
    };
    tx.publish(&owed.unit_id, &event);
}

/// The public was shown what a duty had reported.
pub(crate) fn figures_published(tx: &mut Tx, owed: &Owed, staff: &str, (shows, cite): (Vec<String>, &str)) {
    let event = FiguresPublished {
        unit_id: owed.unit_id.clone(),
        regime_id: owed.regime_id.clone(),
        duty: owed.duty.clone(),
        period: owed.first_day.to_string(),
        staff_id: staff.to_owned(),
        shows,
        cite: cite.to_owned(),
    };
    tx.publish(&owed.unit_id, &event);
}

async fn said<E: Event>(tx: &mut Tx, id: CaseId, actor: &str, event: &E, fact: Fact) -> Result<()> {
    tx.publish(&id.to_string(), event);
    let now = tx.now();
    let entry = entry(id, &fact, now, actor);
    own::insert(tx.conn(), &[entry]).await
}

fn vault_ref(text: &str) -> Option<VaultRef> {
    (!text.is_empty()).then(|| VaultRef { ref_id: text.to_owned() })
}
