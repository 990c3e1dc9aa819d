//! Somebody brings a case to the next rung (上报), with a description and a proposal.

use super::outcome::{open, unless_ready, write_one};
use crate::domain::case::State;
use crate::domain::escalation;
use crate::domain::event::{Climb, Event};
use crate::domain::refusal;
use crate::publish;
use contracts::assignment::EscalateCaseResponse;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// Climbs one rung.
pub(crate) async fn escalate_case(
    tx: &mut Tx,
    law: &House,
    staff_id: &str,
    (case_id, version): (CaseId, u64),
    text: RefId,
    proposal: Option<RefId>,
) -> Result<EscalateCaseResponse> {
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &["escalate"]).await?;
    if case.state == State::Done {
        return Err(refusal::case_ended().into());
    }
    unless_ready(&regime, &case, "escalate")?;
    let next = usize::try_from(case.view.rung).ok().and_then(|rung| regime.ladder.get(rung));
    let cite = next.map(|rung| rung.cite.clone()).unwrap_or_default();
    let (rung, by, text) = (case.view.rung.saturating_add(1), staff_id.to_owned(), Some(text));
    let wanted = Climb { rung, by, text, proposal, cite, ..Climb::default() };
    let Some(Event::Escalated(climb)) = escalation::climb(law, &regime, &case.view, &wanted) else {
        let (zh, en) = ("已上报到最高层级", "The case is at the top of the ladder already");
        return Err(Problem::conflict("top-of-the-ladder", zh, en).into());
    };
    let answer = EscalateCaseResponse { rung: climb.rung, staff_ids: climb.staff_ids.clone() };
    let event = Event::Escalated(climb);
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(answer)
}
