//! The transaction of a hand-in: numbers, rows, events.

use crate::{
    domain::vault::Master,
    store::hand_in::{NewCase, Rows, take_numbers},
    usecase::hand_in::{
        answer::{self, HandedIn},
        prepare::Prepared,
    },
};
use contracts::intake::SubmissionReceived;
use facts::CaseView;
use kit_db::{Error, Result};
use kit_messaging::Tx;
use std::{collections::BTreeMap, sync::Arc};
use zeroize::Zeroizing;

/// Registers all of them, in their order.
pub(crate) async fn register(tx: &mut Tx, master: Arc<Master>, prepared: Vec<Prepared>) -> Result<Vec<HandedIn>> {
    let numbers = numbers(tx, &prepared).await?;
    let now = tx.now();
    let mut rows = Rows::default();
    let mut done = Vec::with_capacity(prepared.len());
    for (one, number) in prepared.into_iter().zip(numbers) {
        let answer = answer::keep(&master, &one.request_id, (one.case_id, &number, &one.code, now))?;
        done.push(HandedIn {
            case_id: one.case_id,
            number: number.clone(),
            code: Zeroizing::new(one.code.expose().to_owned()),
            registered_at: now,
            is_repeat: false,
        });
        rows.push(new_case(tx, one, number, answer));
    }
    rows.insert(tx.conn(), now).await?;
    Ok(done)
}

/// The numbers of the batch: each series is asked once for as many as it must give.
async fn numbers(tx: &mut Tx, prepared: &[Prepared]) -> Result<Vec<String>> {
    let series = |one: &Prepared| one.regime.numbering.series(&one.registered.unit_id, one.today);
    let mut wanted: BTreeMap<String, i64> = BTreeMap::new();
    for one in prepared {
        *wanted.entry(series(one)).or_default() += 1;
    }
    let mut last = take_numbers(tx.conn(), &wanted).await?;
    for (series, count) in &wanted {
        *last.get_mut(series).ok_or_else(no_number)? -= count;
    }
    prepared
        .iter()
        .map(|one| {
            let next = last.get_mut(&series(one)).ok_or_else(no_number)?;
            *next += 1;
            let n = u64::try_from(*next).map_err(|_| no_number())?;
            Ok(one.regime.numbering.number(&one.registered.unit_id, one.today, n))
        })
        .collect()
}

fn no_number() -> Error {
    Error::Corrupt("a number series gave no number".to_owned())
}

/// Publishes the case and makes its rows. Intake does not hear its own events: the view begins here.
fn new_case(tx: &mut Tx, one: Prepared, number: String, answer: Vec<u8>) -> NewCase {
    let mut registered = one.registered;
    registered.number = number;
    let key = registered.case_id.clone();
    let received = SubmissionReceived {
        submission_id: registered.submission_id.clone(),
        case_ids: vec![key.clone()],
        channel: registered.channel.clone(),
        unit_id: registered.unit_id.clone(),
    };
    tx.publish(&key, &received);
    tx.publish(&key, &registered);
    NewCase {
        case_id: one.case_id.uuid(),
        submission_id: one.submission_id.uuid(),
        recorded_by: registered.recorded_by.clone(),
        language: one.language,
        view: CaseView::open(&registered, tx.now()),
        lookup: one.lookup,
        request_id: one.request_id,
        digest: one.digest,
        answer,
        secrets: one.secrets,
    }
}
