//! The commands of this service: a person says what came of a call or a visit; surveys are held.

pub(crate) mod surveys;

use crate::{
    convert,
    domain::refusal,
    publish,
    store::{cases, tasks},
};
use contracts::notification::CompleteTaskRequest;
use facts::Law;
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::TaskId;
use kit_messaging::Tx;

/// A try at a task. One that did not reach the complainant is kept, and leaves the task open for another.
pub(crate) async fn complete_task(
    tx: &mut Tx,
    law: &Law,
    staff: &str,
    id: TaskId,
    request: &CompleteTaskRequest,
) -> Result<()> {
    let case_id = tasks::case_of(tx.conn(), id).await?.ok_or_else(refusal::unknown_task)?;
    let mut found = cases::lock(tx.conn(), &[case_id]).await?;
    let case = found.get_mut(&case_id).ok_or_else(Problem::unknown_case)?;
    if !facts::may_read(law, &case.view, staff) {
        return Err(refusal::unknown_task().into());
    }
    let task = tasks::lock(tx.conn(), id).await?.ok_or_else(refusal::unknown_task)?;
    let regime = law
        .regime(&case.view.regime_id, case.view.regime_version)
        .ok_or_else(|| Error::NotYet(format!("regime {}", case.view.regime_id)))?;
    let attempt = convert::attempt(&case_id.to_string(), request)?;
    task.check(case, &regime, law.directory(), staff, &attempt)?;
    let now = tx.now();
    tasks::tried(tx.conn(), id, &attempt, staff, now).await?;
    publish::tried(tx, &task, &attempt, staff);
    case.version += 1;
    cases::save(tx.conn(), &found).await
}
