//! A handler who must not handle the case steps back, or is made to (回避); the rules then look for another.

use super::follow::recuse;
use super::outcome::{open, write_one};
use crate::domain::dispatch::weighed;
use crate::domain::event::Event;
use crate::domain::recusal;
use crate::domain::refusal::not_dispatched;
use crate::store;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::Recused;

/// Whom to recuse; named so that nobody else is recused by mistake.
pub(crate) struct RecuseHandler {
    pub case_id: CaseId,
    pub version: u64,
    pub whom: String,
    pub reason: Option<RefId>,
}

/// Recuses the handler and looks for another.
pub(crate) async fn recuse_handler(tx: &mut Tx, law: &House, staff_id: &str, command: RecuseHandler) -> Result<()> {
    let RecuseHandler { case_id, version, whom, reason } = command;
    // Whoever may dispatch may also take a case from its handler.
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &["recuse", "dispatch"]).await?;
    if !case.state.has_handler() {
        return Err(not_dispatched().into());
    }
    if case.view.handler.as_deref() != Some(whom.as_str()) {
        return Err(Problem::field(
            "staff_id",
            "not-the-handler",
            "此人并非本件承办人",
            "This person does not handle the case",
        )
        .into());
    }
    let units = [Some(case.view.unit_id.as_str()), case.view.about_unit_id.as_deref()];
    let staff = weighed(law, &regime, &case.view, units.into_iter().flatten());
    let mut loads = store::case::loads(tx, staff.into_iter().collect()).await?;
    let cite = recusal::cite(&regime, &case.view, Recused::DeclaredInterest);
    let mut events = Vec::new();
    let event = Event::Recused { staff_id: whom, cite, reason };
    recuse(tx, law, &regime, &mut case, event, &mut loads, &mut events)?;
    write_one(tx, law, &regime, case, events).await?;
    Ok(())
}
