//! What an order asked for is answered (回复指令): by whoever owes it, or by whom the regime lets write it down.

use super::outcome::{open, unless_ready, write_one};
use crate::domain::case::State;
use crate::domain::event::Event;
use crate::domain::refusal;
use crate::publish;
use crate::store;
use facts::{CaseView, Order, authorise, may_read};
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// Answers the order of this number; 0 is the newest that waits for an answer.
pub(crate) async fn answer_order(
    tx: &mut Tx,
    law: &House,
    staff_id: &str,
    (case_id, version): (CaseId, u64),
    no: u32,
    text: Option<RefId>,
) -> Result<u32> {
    let case = store::case::lock(tx, &[case_id]).await?.remove(&case_id).ok_or_else(Problem::unknown_case)?;
    let is_asked = |order: &&Order| order.no == no || no == 0 && !order.is_answered;
    let order = case.view.orders.iter().rev().find(is_asked).cloned();
    // An order is leave enough to answer it.
    if !order.as_ref().is_some_and(|order| may_answer(law, &case.view, staff_id, order)) {
        open(tx, law, case_id, version, staff_id, &["answer-order"]).await?;
    }
    case.expect_version(version)?;
    let mut case = case;
    let regime = super::outcome::regime_of(law, &case)?;
    let Some(order) = order else {
        return Err(
            Problem::field("no", "unknown-order", "没有等待回复的指令", "No such order waits for an answer").into()
        );
    };
    if case.state == State::Done {
        return Err(refusal::case_ended().into());
    }
    if order.is_answered {
        return Err(
            Problem::conflict("already-answered", "这项指令已经回复", "This order has been answered already").into()
        );
    }
    unless_ready(&regime, &case, "answer-order")?;
    let event = Event::OrderAnswered { no: order.no, order: order.order, staff_id: staff_id.to_owned(), text };
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(order.no)
}

/// Whether this person may answer the order: it is theirs, or the regime lets them.
pub(crate) fn may_answer(law: &House, view: &CaseView, staff_id: &str, order: &Order) -> bool {
    let is_theirs = order.staff.iter().any(|id| id == staff_id) && may_read(law, view, staff_id);
    is_theirs || authorise(law, view, staff_id, "answer-order").is_ok()
}
