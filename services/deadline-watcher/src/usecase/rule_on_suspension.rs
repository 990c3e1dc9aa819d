//! Ruling on a request that clocks stand still, and ending a suspension. Either takes effect in the same transaction.

use super::ask_suspension::one_approver;
use super::more::running;
use super::{holds, open, settle};
use crate::domain::Watched;
use crate::law::{Ground, House};
use contracts::Fact;
use contracts::deadline_watcher::{SuspensionEnded, SuspensionGranted, SuspensionRefused};
use facts::Suspension;
use kit_core::Problem;
use kit_ids::{CaseId, StaffId, SuspensionId};
use kit_messaging::Tx;
use legal_time::Phase;

/// The ruling.
#[derive(Clone, Debug)]
pub(crate) struct RuleOnSuspension {
    pub(crate) case_id: CaseId,
    pub(crate) staff: StaffId,
    pub(crate) suspension_id: SuspensionId,
    pub(crate) is_granted: bool,
}

/// The end that a person puts to it.
#[derive(Clone, Debug)]
pub(crate) struct EndSuspension {
    pub(crate) case_id: CaseId,
    pub(crate) staff: StaffId,
    pub(crate) suspension_id: SuspensionId,
}

/// Records the ruling of a holder of the approving role; granted, the clocks that still run stand still from now on.
pub(crate) async fn rule_on_suspension(tx: &mut Tx, house: &House, ruling: RuleOnSuspension) -> kit_db::Result<()> {
    let (case, ground) = open(tx, house, ruling.case_id, ruling.staff).await?;
    let (id, by) = (ruling.suspension_id.to_string(), ruling.staff.to_string());
    let suspension = known(&case, &id)?.clone();
    permitted(house, &case, &ground, &suspension, &by)?;
    if !suspension.is_asked() {
        let (zh, en) = ("该挂账申请已有批复", "This request has been ruled on");
        return Err(Problem::conflict("suspension-ruled", zh, en).into());
    }
    let (case_id, suspension_id) = (ruling.case_id.to_string(), id);
    let happened = if ruling.is_granted {
        let clocks = still_running(&case, &suspension)?;
        let until = suspension.until.map(|until| until.to_string()).unwrap_or_default();
        if suspension.until.is_some_and(|until| ground.counting().ending(until).at <= tx.now()) {
            let (zh, en) = ("申请的截止日期已过", "The day until which it was asked for has passed");
            return Err(Problem::conflict("until-passed", zh, en).into());
        }
        Fact::SuspensionGranted(SuspensionGranted { case_id, suspension_id, clocks, until, granted_by: by })
    } else {
        Fact::SuspensionRefused(SuspensionRefused { case_id, suspension_id, refused_by: by })
    };
    settle(tx, case, &ground, [happened]).await
}

/// Records that a suspension is over; its clocks go on.
pub(crate) async fn end_suspension(tx: &mut Tx, house: &House, end: EndSuspension) -> kit_db::Result<()> {
    let (case, ground) = open(tx, house, end.case_id, end.staff).await?;
    let (suspension_id, ended_by) = (end.suspension_id.to_string(), end.staff.to_string());
    facts::authorise(house, &case.view, &ended_by, "end-suspension")?;
    let suspension = known(&case, &suspension_id)?;
    if suspension.granted_at.is_none() || suspension.ended_at.is_some() {
        let (zh, en) = ("该挂账未生效或已结束", "This suspension is not in force");
        return Err(Problem::conflict("suspension-not-in-force", zh, en).into());
    }
    let case_id = end.case_id.to_string();
    settle(tx, case, &ground, [Fact::SuspensionEnded(SuspensionEnded { case_id, suspension_id, ended_by })]).await
}

/// Whether the member of staff may rule on a request that waits.
pub(crate) fn may_rule_on(house: &House, case: &Watched, ground: &Ground, one: &Suspension, staff: &str) -> bool {
    one.is_asked() && permitted(house, case, ground, one, staff).is_ok()
}

fn known<'a>(case: &'a Watched, id: &str) -> Result<&'a Suspension, Problem> {
    let found = case.view.suspensions.iter().find(|one| one.suspension_id == id);
    found.ok_or_else(|| {
        Problem::not_found("unknown-suspension", "没有这项挂账申请", "There is no such request to suspend a clock")
    })
}

fn still_running(case: &Watched, suspension: &Suspension) -> Result<Vec<String>, Problem> {
    let running: Vec<_> = suspension.clocks.iter().map(|clock| pausable(case, clock).map(|()| clock.clone())).collect();
    if running.iter().all(Result::is_err) {
        return running.into_iter().collect();
    }
    Ok(running.into_iter().flatten().collect())
}

/// A clock that was missed stands still no more: nothing of it is left to be counted.
fn pausable(case: &Watched, clock: &str) -> Result<(), Problem> {
    if running(case, clock)?.phase() == Phase::Missed {
        let (zh, en) = ("该时限已经超期,挂账不起作用", "This clock was missed already; nothing of it is left to pause");
        return Err(Problem::conflict("clock-missed", zh, en));
    }
    Ok(())
}

fn permitted(
    house: &House,
    case: &Watched,
    ground: &Ground,
    suspension: &Suspension,
    staff: &str,
) -> Result<(), Problem> {
    let now = one_approver(case, ground, &suspension.clocks).ok().map(|(role, _)| role);
    let role = now.as_ref().unwrap_or(&suspension.approver_role);
    if suspension.asked_by == staff {
        return Err(Problem::denied(
            "own-suspension",
            "不能审批自己提出的挂账申请",
            "Nobody rules on the request that they made themselves",
        ));
    }
    if holds(house, ground, case, staff, role) {
        return Ok(());
    }
    let title = ground.regime.role_title(role);
    Err(Problem::denied(
        "not-permitted",
        format!("挂账须由{}批准", title.zh),
        format!("Only this role may rule on it: {}", title.en),
    ))
}
