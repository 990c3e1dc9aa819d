//! Ruling on a request for more time. Granting moves the deadline in the same transaction.

use super::{approver, holds, open, running, settle};
use crate::domain::Watched;
use crate::law::{Ground, House};
use contracts::Fact;
use contracts::deadline_watcher::{ExtensionGranted, ExtensionRefused};
use facts::{Extension, ExtensionState};
use kit_core::Problem;
use kit_ids::{CaseId, ExtensionId, StaffId};
use kit_messaging::Tx;

/// The ruling.
#[derive(Clone, Debug)]
pub(crate) struct RuleOnExtension {
    pub(crate) case_id: CaseId,
    pub(crate) staff: StaffId,
    pub(crate) extension_id: ExtensionId,
    pub(crate) is_granted: bool,
}

/// Records the ruling of a holder of the approving role.
pub(crate) async fn rule_on_extension(tx: &mut Tx, house: &House, ruling: RuleOnExtension) -> kit_db::Result<()> {
    let (case, ground) = open(tx, house, ruling.case_id, ruling.staff).await?;
    let (id, by) = (ruling.extension_id.to_string(), ruling.staff.to_string());
    let extension = case.extension(&id).cloned().ok_or_else(|| {
        Problem::not_found("unknown-extension", "没有这项延期申请", "There is no such request for more time")
    })?;
    permitted(house, &case, &ground, &extension, &by)?;
    if extension.state != ExtensionState::Asked {
        return Err(Problem::conflict("extension-ruled", "该延期申请已有批复", "This request has been ruled on").into());
    }
    let (case_id, clock) = (ruling.case_id.to_string(), extension.clock.clone());
    let happened = if ruling.is_granted {
        running(&case, &clock)?;
        let (tier, by_length) = (extension.tier, extension.by.map(|by| by.to_string()).unwrap_or_default());
        let until = extension.until.map(|until| until.to_string()).unwrap_or_default();
        let (extension_id, granted_by, by) = (id, by, by_length);
        let granted = ExtensionGranted { case_id, extension_id, clock, until, granted_by, tier, by };
        gives_time(tx, &case, &ground, granted)?
    } else {
        Fact::ExtensionRefused(ExtensionRefused { case_id, extension_id: id, clock, refused_by: by })
    };
    settle(tx, case, &ground, [happened]).await
}

/// The grant, if it gives time: the case may be of another grade by now, or its deadline further on than was asked for.
pub(super) fn gives_time(tx: &Tx, case: &Watched, ground: &Ground, granted: ExtensionGranted) -> Result<Fact, Problem> {
    let clock = granted.clock.clone();
    let fact = Fact::ExtensionGranted(granted);
    let mut tried = case.clone();
    tried.view.apply(&fact, tx.now());
    tried.derive(ground, tx.now());
    let due = |case: &Watched| case.clock(&clock).map(|clock| clock.due.at);
    if due(&tried) > due(case) {
        return Ok(fact);
    }
    Err(Problem::conflict(
        "grants-nothing",
        "按案件现在的情况,批准后期限不会延长,请重新申请",
        "As the case now stands this would give no more time; let it be asked for anew",
    ))
}

/// Whether the member of staff may rule on a request that waits.
pub(crate) fn may_rule(house: &House, case: &Watched, ground: &Ground, extension: &Extension, staff: &str) -> bool {
    extension.state == ExtensionState::Asked && permitted(house, case, ground, extension, staff).is_ok()
}

fn permitted(
    house: &House,
    case: &Watched,
    ground: &Ground,
    extension: &Extension,
    staff: &str,
) -> Result<(), Problem> {
    // The clause speaks of the case as it is graded now, which may be another grade than when more time was asked for.
    let now = approver(ground, case, &extension.clock, extension.tier).map(|(role, _)| role);
    let role = now.as_ref().unwrap_or(&extension.approver_role);
    if extension.asked_by == staff {
        return Err(Problem::denied(
            "own-extension",
            "不能审批自己提出的延期申请",
            "Nobody rules on the request that they made themselves",
        ));
    }
    if holds(house, ground, case, staff, role) {
        return Ok(());
    }
    let title = ground.regime.role_title(role);
    Err(Problem::denied(
        "not-permitted",
        format!("延期须由{}批准", title.zh),
        format!("Only this role may rule on it: {}", title.en),
    ))
}
