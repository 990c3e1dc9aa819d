//! A person decides what becomes of a file whose time is over. Only what this service proposed can be decided, so nobody
//! approves a proposal of their own.

use crate::{
    domain::destruction,
    publish,
    store::{
        cases,
        destructions::{self, Decided},
    },
};
use chrono_tz::Tz;
use contracts::records::ApproveDestructionRequest;
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use kit_messaging::Tx;

/// Approves or keeps; answers the day after which it is proposed again.
pub(crate) async fn approve_destruction(
    tx: &mut Tx,
    law: &Law,
    staff: &str,
    id: CaseId,
    asked: &ApproveDestructionRequest,
) -> Result<String> {
    let case = cases::lock(tx.conn(), &[id]).await?.remove(&id).ok_or_else(Problem::unknown_case)?;
    destruction::may_rule(law, &case.view, staff)?;
    let reason = destruction::reason(&asked.reason)?;
    let Some((state, since, cite, kept_until)) = destructions::find(tx.conn(), id).await? else {
        return Err(not_proposed().into());
    };
    if state != "proposed" {
        return Err(decided(&state, &kept_until).into());
    }
    let zone: Tz = law.directory().zone(&case.view.unit_id).parse().unwrap_or(Tz::Asia__Shanghai);
    let today = tx.now().with_timezone(&zone).date_naive();
    let (state, again_on) = match asked.is_approved {
        true => ("ordered", String::new()),
        false => ("refused", destruction::again_after(today).to_string()),
    };
    let staff_id = staff.to_owned();
    let decided = Decided { state, since, cite, staff_id, reason, again_on: again_on.clone() };
    publish::destruction(tx, id, decided).await?;
    Ok(again_on)
}

fn not_proposed() -> Problem {
    let (zh, en) =
        ("该案卷还没有提请销毁：保存期限尚未届满", "The file is not proposed for destruction: its time is not over");
    Problem::conflict("nothing-proposed", zh, en)
}

fn decided(state: &str, kept_until: &str) -> Problem {
    if state == "ordered" {
        return Problem::conflict(
            "already-done",
            "该案卷已经决定销毁",
            "The destruction of the file is ordered already",
        );
    }
    let (zh, en) = (
        format!("已决定保留，{kept_until}之后再行提请"),
        format!("It was decided to keep the file; it is proposed again after {kept_until}"),
    );
    Problem::conflict("already-done", zh, en)
}
