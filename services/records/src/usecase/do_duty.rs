//! A recurring duty is done: by a holder of its role, once, with what it holds as it was then.

use crate::{
    domain::{
        duties::{self, Key, Owed},
        refusal,
    },
    publish,
    store::{self, duties::Done},
};
use contracts::records::DoDutyRequest;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_messaging::Tx;

/// Does it; answers whether it was on time. `draft` is what it holds, as this person was shown it.
pub(crate) async fn do_duty(
    tx: &mut Tx,
    law: &Law,
    staff: &str,
    key: &Key,
    asked: &DoDutyRequest,
    draft: Option<Vec<u8>>,
) -> Result<bool> {
    let owed = locked(tx, law, key).await?;
    let regime = owed.regime(law);
    if !owed.may_do(law.directory(), staff) {
        return Err(refusal::not_owner(regime.as_deref(), &owed).into());
    }
    if owed.done_at.is_some() {
        return Err(already_done(law, &owed).into());
    }
    let rule = regime.as_deref().and_then(|regime| duties::rule(regime, &owed.duty));
    let (text, files) = duties::written(rule, &asked.text, &asked.files)?;
    let at = tx.now();
    store::duties::finish(tx.conn(), owed.duty_id, Done { at, by: staff, text: &text, files: &files, draft }).await?;
    let done = Owed { done_at: Some(at), done_by: staff.to_owned(), ..owed };
    publish::duty_done(tx, &done);
    Ok(done.is_on_time())
}

/// The duty under lock.
pub(super) async fn locked(tx: &mut Tx, law: &Law, key: &Key) -> Result<Owed> {
    if let Some(owed) = store::duties::lock(tx.conn(), key).await? {
        return Ok(owed);
    }
    let periods = store::duties::periods(&mut *tx.conn(), key).await?;
    Err(refusal::unknown_duty(law, key, &periods).into())
}

fn already_done(law: &Law, owed: &Owed) -> Problem {
    let by = law.directory().staff(&owed.done_by).map(|staff| staff.name.clone()).unwrap_or_default();
    let cite = &owed.cite;
    Problem::conflict(
        "already-done",
        format!("本期任务已由{by}完成（{cite}）"),
        format!("{by} has done it for this period already ({cite})"),
    )
}
