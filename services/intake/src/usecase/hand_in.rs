//! Taking matters in, one or many: checked row by row, numbered without gaps, registered in one transaction. A request
//! that comes again gets its first answer, the receipt code included.

mod answer;
pub(crate) mod prepare;
pub(crate) mod register;
pub(crate) mod twins;

pub(crate) use answer::HandedIn;

use crate::{
    app::App,
    domain::draft::{Draft, Submitter},
    store::{self, case},
};
use answer::Known;
use kit_core::Problem;
use kit_db::{Error, Result};
use prepare::Prepared;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The most rows of one call.
pub(crate) const MOST_ROWS: usize = 500;

/// Who hands in, and the language in which the complainant reads.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) submitter: Submitter,
    pub(crate) actor: String,
    pub(crate) language: String,
}

/// One matter as it came.
pub(crate) struct Row {
    pub(crate) request_id: String,
    /// Keyed digest of everything that was asked, and of who asked.
    pub(crate) digest: Vec<u8>,
    pub(crate) draft: Draft,
}

/// What became of a row.
pub(crate) type Outcome = std::result::Result<HandedIn, Problem>;

/// Takes in all rows that can be taken. The answers stand in the order of the rows.
#[tracing::instrument(name = "usecase.case.hand_in", skip_all, fields(rows = rows.len()))]
pub(crate) async fn hand_in(app: &App, who: &Who, rows: Vec<Row>) -> Result<Vec<Outcome>> {
    in_rounds(app, who, rows, false).await
}

/// Takes in all rows, which are one submission, or none of them.
pub(crate) async fn hand_in_together(app: &App, who: &Who, rows: Vec<Row>) -> Result<Vec<Outcome>> {
    in_rounds(app, who, rows, true).await
}

async fn in_rounds(app: &App, who: &Who, rows: Vec<Row>, are_twins: bool) -> Result<Vec<Outcome>> {
    // A conflict means that somebody else was quicker with one of the same requests: then their answer is found in the
    // next round. Each round settles at least the requests it lost, so a few rounds are enough.
    for _ in 0..5 {
        match round(app, who, &rows, are_twins).await {
            Err(error) if store::hand_in::is_taken(&error) => {}
            settled => return settled,
        }
    }
    Err(Problem::conflict(
        "busy",
        "同一请求正在处理,请稍后再试",
        "The same request is being worked on; please try again",
    )
    .into())
}

async fn round(app: &App, who: &Who, rows: &[Row], are_twins: bool) -> Result<Vec<Outcome>> {
    let mut outcomes = known(app, rows).await?;
    let fresh = fresh(app, who, rows, &mut outcomes);
    let refused = outcomes.iter().flatten().find_map(|outcome| outcome.as_ref().err());
    if let Some(problem) = refused.filter(|_| are_twins) {
        return Ok(rows.iter().map(|_| Err(problem.clone())).collect());
    }
    let (mut places, mut prepared) = (Vec::with_capacity(fresh.len()), Vec::<Prepared>::with_capacity(fresh.len()));
    for (index, checked) in fresh {
        let row = rows.get(index).ok_or_else(lost)?;
        prepared.push(prepare::prepare(app, who, row, checked)?);
        places.push(index);
        // Sealing long texts takes the processor: a long batch must not stand before everybody else.
        tokio::task::yield_now().await;
    }
    if are_twins {
        twins::join(&mut prepared);
    }
    if !prepared.is_empty() {
        let master = Arc::clone(&app.master);
        let done = app.log.in_tx(&who.actor, move |tx| Box::pin(register::register(tx, master, prepared))).await?;
        app.receipts.came.notify_one();
        metrics::counter!("jiesu_intake_cases_registered_total").increment(done.len() as u64);
        for (place, handed_in) in places.into_iter().zip(done) {
            if let Some(outcome) = outcomes.get_mut(place) {
                *outcome = Some(Ok(handed_in));
            }
        }
    }
    repeat_within(rows, &mut outcomes);
    outcomes.into_iter().map(|outcome| outcome.ok_or_else(lost)).collect()
}

/// What was answered before, what no request may be, and what is in this call twice; `None` is still to be done.
async fn known(app: &App, rows: &[Row]) -> Result<Vec<Option<Outcome>>> {
    let ids: Vec<String> = rows.iter().map(|row| row.request_id.clone()).filter(|id| !id.contains('\0')).collect();
    let answers = store::hand_in::answers(app.log.pool(), &ids).await?;
    let answers: HashMap<&str, &store::hand_in::Answer> = answers.iter().map(|a| (a.request_id.as_str(), a)).collect();
    let mut recalled = Vec::with_capacity(rows.len());
    for row in rows {
        recalled.push(match (answer::check_id(&row.request_id), answers.get(row.request_id.as_str())) {
            (Err(problem), _) => Some(Err(problem)),
            (Ok(()), None) => None,
            (Ok(()), Some(stored)) => Some(match answer::recall(&app.master, row, stored)? {
                Known::Same(handed_in) => Ok(handed_in),
                Known::Another => Err(answer::reused()),
            }),
        });
    }
    let cases: Vec<Uuid> = recalled.iter().flatten().flatten().map(|known| known.case_id.uuid()).collect();
    if !cases.is_empty() {
        let numbers = case::numbers(app.log.pool(), &cases).await?;
        for known in recalled.iter_mut().flatten().flatten() {
            numbers.get(&known.case_id.uuid()).ok_or_else(lost)?.clone_into(&mut known.number);
        }
    }
    Ok(recalled)
}

/// Checks what is new. The second of two rows with one request id waits for the answer of the first.
fn fresh(
    app: &App,
    who: &Who,
    rows: &[Row],
    outcomes: &mut [Option<Outcome>],
) -> Vec<(usize, crate::domain::check::Checked)> {
    let law = app.law();
    let now = app.env.now();
    let mut first: HashMap<&str, &Row> = HashMap::new();
    let mut good = Vec::new();
    for (index, (row, outcome)) in rows.iter().zip(outcomes).enumerate() {
        if outcome.is_some() {
            continue;
        }
        if let Some(earlier) = first.get(row.request_id.as_str()) {
            if earlier.digest != row.digest {
                *outcome = Some(Err(answer::reused()));
            }
            continue;
        }
        first.insert(&row.request_id, row);
        match prepare::check(&law, who, row, now) {
            Ok(checked) => good.push((index, checked)),
            Err(problem) => *outcome = Some(Err(problem)),
        }
    }
    good
}

/// Gives rows that repeat an earlier row of this call the answer of that row.
fn repeat_within(rows: &[Row], outcomes: &mut [Option<Outcome>]) {
    let mut first: HashMap<&str, Outcome> = HashMap::new();
    for (row, outcome) in rows.iter().zip(outcomes) {
        match outcome {
            Some(done) => {
                first.entry(&row.request_id).or_insert_with(|| done.clone());
            }
            None => *outcome = first.get(row.request_id.as_str()).cloned().map(|done| done.map(HandedIn::again)),
        }
    }
}

fn lost() -> Error {
    Error::Corrupt("a row of a hand-in was left without an answer".to_owned())
}
