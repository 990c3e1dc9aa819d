//! One role demands something of another within a case (下达指令), and an answer is owed.

use super::outcome::{moment, open, today, unless_ready, write_one};
use crate::domain::case::State;
use crate::domain::event::{Event, Given};
use crate::domain::orders::{self, Wanted};
use crate::domain::refusal;
use crate::publish;
use contracts::assignment::GiveOrderResponse;
use house::House;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;

/// Gives the order.
pub(crate) async fn give_order(
    tx: &mut Tx,
    law: &House,
    staff_id: &str,
    (case_id, version): (CaseId, u64),
    wanted: Wanted,
    text: Option<RefId>,
) -> Result<GiveOrderResponse> {
    let act = format!("order({})", wanted.order);
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &[&act]).await?;
    let order = orders::order(&regime, &wanted.order)?;
    if case.state == State::Done {
        return Err(refusal::case_ended().into());
    }
    unless_ready(&regime, &case, &act)?;
    let today = today(law, &case.view.unit_id, tx.now());
    let now = moment(law, &regime, &case, tx.now())?;
    let meant = orders::recipients(law, &regime, &case.view, now, order, &wanted.unit_id);
    let given = orders::given(law, &regime, &case.view, now, wanted, today)?;
    let given = Given { by: staff_id.to_owned(), text, ..given };
    let answer = GiveOrderResponse {
        no: given.no,
        unit_id: given.unit_id.clone(),
        to: given.to.clone(),
        staff_ids: given.staff_ids.clone(),
        has_risen: meant.has_risen,
    };
    let event = Event::Ordered(given);
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(answer)
}
