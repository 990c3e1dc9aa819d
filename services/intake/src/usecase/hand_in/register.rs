//! The transaction of a hand-in: one statement for numbers and rows, then the events.

use crate::{
    domain::vault::Master,
    store::hand_in::{NewCase, Pattern, Rows},
    usecase::hand_in::{
        answer::{self, HandedIn},
        prepare::Prepared,
    },
};
use contracts::{
    Fact,
    intake::{CaseLinked, CaseRegistered, SubmissionReceived},
};
use facts::CaseView;
use kit_db::{Error, Result};
use kit_messaging::Tx;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Registers all of them, in their order.
pub(crate) async fn register(tx: &mut Tx, master: Arc<Master>, prepared: Vec<Prepared>) -> Result<Vec<HandedIn>> {
    let now = tx.now();
    let mut rows = Rows::default();
    let mut done = Vec::with_capacity(prepared.len());
    let mut events = Vec::with_capacity(prepared.len());
    for one in prepared {
        let answer = answer::keep(&master, &one.request_id, one.case_id, &one.code, now)?;
        done.push(HandedIn {
            case_id: one.case_id,
            number: String::new(),
            code: Zeroizing::new(one.code.expose().to_owned()),
            registered_at: now,
            is_repeat: false,
        });
        let pattern = pattern(&one).ok_or_else(no_number)?;
        // Intake does not hear its own events: the view begins here, and gets its number with its row.
        let mut view = CaseView::open(&one.registered, now);
        let links: Vec<CaseLinked> = one.linked.iter().map(|link| linked(&one.registered.case_id, link)).collect();
        links.iter().for_each(|link| view.apply(&Fact::CaseLinked(link.clone()), now));
        rows.push(NewCase {
            case_id: one.case_id.uuid(),
            submission_id: one.submission_id.uuid(),
            recorded_by: one.registered.recorded_by.clone(),
            language: one.language,
            view,
            pattern,
            quick: one.quick,
            sealed_code: one.sealed_code,
            request_id: one.request_id,
            digest: one.digest,
            answer,
            secrets: one.secrets,
            likeness: one.likeness,
        });
        events.push((one.registered, one.of_submission, links));
    }
    let numbers = rows.insert(tx.conn(), now).await?;
    if numbers.len() != done.len() {
        return Err(no_number());
    }
    for ((handed_in, (registered, of_submission, links)), number) in done.iter_mut().zip(events).zip(numbers) {
        handed_in.number.clone_from(&number);
        publish(tx, CaseRegistered { number, ..registered }, of_submission);
        links.iter().for_each(|link| tx.publish(&link.case_id, link));
    }
    Ok(done)
}

/// The link of a case to another one.
pub(crate) fn linked(case_id: &str, (relation, other): &(String, String)) -> CaseLinked {
    CaseLinked {
        case_id: case_id.to_owned(),
        other_case_id: other.clone(),
        relation: relation.clone(),
        ..CaseLinked::default()
    }
}

/// How the numbers of the case's series are written. The series stands for all of them with one `#` where each has its
/// digits, and the number 0 tells which `#` that is and how many digits there are at least.
fn pattern(one: &Prepared) -> Option<Pattern> {
    let (numbering, unit) = (&one.regime.numbering, &one.registered.unit_id);
    let (series, zero) = (numbering.series(unit, one.today), numbering.number(unit, one.today, 0));
    let common = series.chars().zip(zero.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (head, rest) = series.split_at_checked(common)?;
    let tail = rest.strip_prefix('#')?;
    let width = i32::try_from(zero.len().checked_sub(head.len() + tail.len())?).ok()?;
    Some(Pattern { head: head.to_owned(), width, tail: tail.to_owned(), series })
}

fn no_number() -> Error {
    Error::Corrupt("a number series gave no number".to_owned())
}

fn publish(tx: &mut Tx, registered: CaseRegistered, case_ids: Vec<String>) {
    let key = registered.case_id.clone();
    let received = SubmissionReceived {
        submission_id: registered.submission_id.clone(),
        case_ids,
        channel: registered.channel.clone(),
        unit_id: registered.unit_id.clone(),
    };
    if !received.case_ids.is_empty() {
        tx.publish(&key, &received);
    }
    tx.publish(&key, &registered);
}
