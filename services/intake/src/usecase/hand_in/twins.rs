//! One submission of several kinds that the regime keeps apart: a case for each, linked as twins, all of them or none.

use crate::{
    app::App,
    convert,
    domain::doors,
    usecase::hand_in::{self, HandedIn, Who, prepare::Prepared},
};
use contracts::intake::HandInRequest;
use facts::Law;
use kit_core::Problem;
use kit_db::{Error, Result};
use regime::Split;
use std::collections::BTreeSet;

/// What the cases of one submission are to each other.
pub(crate) const TWIN: &str = "twin";

/// Hands in the same for each of its kinds; the first answer is that of the first kind.
pub(crate) async fn hand_in_each(app: &App, who: &Who, request: HandInRequest) -> Result<Vec<HandedIn>> {
    let split = split(app, &app.law(), &request)?;
    let mut rows = Vec::new();
    for (index, kind) in request.kinds.iter().enumerate() {
        let mut one = request.clone();
        kind.clone_into(&mut one.kind);
        if let Some(regime) = split.regimes.get(kind) {
            regime.clone_into(&mut one.regime_id);
        }
        if index > 0 {
            one.request_id = format!("{}#{kind}", request.request_id);
        }
        rows.push(convert::row(&app.master, &who.actor, one));
    }
    let outcomes = hand_in::hand_in_together(app, who, rows).await?;
    outcomes.into_iter().map(|outcome| outcome.map_err(Error::Problem)).collect()
}

/// The rule that keeps these kinds apart in the regime under which the first of them is handed in.
fn split(app: &App, law: &Law, request: &HandInRequest) -> std::result::Result<Split, Problem> {
    let kinds: Vec<&str> = request.kinds.iter().map(String::as_str).collect();
    let refusal = |code: &str, zh: &str, en: &str| Problem::field("kinds", code, zh, en);
    if kinds.iter().collect::<BTreeSet<_>>().len() < kinds.len() {
        return Err(refusal("repeated-kind", "同一类型填写了两次", "A kind is named twice"));
    }
    let today = app.env.now().with_timezone(&doors::zone(law.directory(), &request.unit_id)).date_naive();
    let first = kinds.first().copied().unwrap_or_default();
    let named = |id: &str| request.regime_id.is_empty() || request.regime_id == id;
    let regimes = law.regimes_for(&request.unit_id, first, today);
    let regime = regimes.iter().find(|(regime, _)| named(&regime.id));
    regime.and_then(|(regime, _)| regime.split_of(&kinds)).cloned().ok_or_else(|| {
        let en = "These kinds are not handed in together; hand each of them in by itself";
        refusal("not-kept-apart", "这些类型不能一并提交，请分别提交", en)
    })
}

/// Makes them one submission, each a twin of the others.
pub(super) fn join(prepared: &mut [Prepared]) {
    let ids: Vec<String> = prepared.iter().map(|one| one.case_id.to_string()).collect();
    let Some(submission) = prepared.first().map(|one| one.submission_id) else { return };
    for (index, one) in prepared.iter_mut().enumerate() {
        one.submission_id = submission;
        one.registered.submission_id = submission.to_string();
        one.of_submission = if index == 0 { ids.clone() } else { Vec::new() };
        let others = ids.iter().filter(|id| **id != one.registered.case_id);
        one.linked = others.map(|id| (TWIN.to_owned(), id.clone())).collect();
    }
}
