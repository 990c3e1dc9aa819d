//! Asking for more time on a clock whose regime allows an overrun with somebody's approval.

use super::{approver, open, settle};
use crate::domain::Watched;
use crate::law::{Ground, House};
use chrono::NaiveDate;
use contracts::Fact;
use contracts::common::VaultRef;
use contracts::deadline_watcher::ExtensionAsked;
use kit_core::Problem;
use kit_ids::{CaseId, ExtensionId, RefId, StaffId};
use kit_messaging::Tx;
use legal_time::{ClockState, Phase};

/// The request.
#[derive(Clone, Debug)]
pub(crate) struct AskExtension {
    pub(crate) case_id: CaseId,
    pub(crate) staff: StaffId,
    /// The version that the asker has seen; 0 is any.
    pub(crate) version: u64,
    pub(crate) clock: String,
    /// The last day of the longer period, in the unit's zone.
    pub(crate) until: NaiveDate,
    pub(crate) reason: RefId,
}

/// What was asked, and of whom.
pub(crate) struct Asked {
    pub(crate) extension_id: ExtensionId,
    pub(crate) approver_role: String,
}

/// Records the request; the holder of the approving role rules on it.
pub(crate) async fn ask_extension(tx: &mut Tx, house: &House, ask: AskExtension) -> kit_db::Result<Asked> {
    let (case, ground) = open(tx, house, ask.case_id, ask.staff).await?;
    facts::authorise(house, &case.view, &ask.staff.to_string(), "ask-overrun")?;
    if ask.version != 0 && ask.version != case.version {
        return Err(Problem::stale(case.version).into());
    }
    let clock = extendable(&case, &ground, &ask.clock)?;
    check_until(&ground, clock, ask.until)?;
    let (approver_role, cite) = approver(&ground, &case.view).ok_or_else(no_approver)?;
    let extension_id = ExtensionId::new(tx.id());
    let asked = ExtensionAsked {
        case_id: ask.case_id.to_string(),
        extension_id: extension_id.to_string(),
        clock: ask.clock,
        until: ask.until.to_string(),
        asked_by: ask.staff.to_string(),
        reason: Some(VaultRef { ref_id: ask.reason.to_string() }),
        approver_role: approver_role.clone(),
        cite,
    };
    settle(tx, case, &ground, Fact::ExtensionAsked(asked)).await?;
    Ok(Asked { extension_id, approver_role })
}

/// The run of a clock on which more time may be asked for.
///
/// # Errors
/// There is no such clock, it does not run, its regime knows no overrun of it or nobody who could approve it, or a
/// request is waiting already.
pub(crate) fn extendable<'a>(case: &'a Watched, ground: &Ground, name: &str) -> Result<&'a ClockState, Problem> {
    let rule =
        ground.regime.clocks.iter().find(|clock| clock.name == name).ok_or_else(|| {
            Problem::field("clock", "unknown-clock", "本案没有这个时限", "The case has no such clock")
        })?;
    if !rule.overrun.as_ref().is_some_and(|overrun| overrun.on_approval) {
        return Err(Problem::conflict("no-extension", "该时限不可延期", "This limit cannot be extended"));
    }
    let clock = case
        .clock(name)
        .filter(|clock| clock.phase() != Phase::Stopped)
        .ok_or_else(|| Problem::conflict("clock-not-running", "该时限未在计时", "This clock does not run"))?;
    if case.pending(name).is_some() {
        return Err(Problem::conflict(
            "extension-pending",
            "该时限已有延期申请等待审批",
            "A request for more time on this clock is waiting for a ruling",
        ));
    }
    approver(ground, &case.view).map(|_| clock).ok_or_else(no_approver)
}

fn no_approver() -> Problem {
    Problem::conflict(
        "no-approver",
        "制度未规定这一级别的投诉由谁批准延期",
        "The regime names nobody who could give more time to a case of this grade",
    )
}

fn check_until(ground: &Ground, clock: &ClockState, until: NaiveDate) -> Result<(), Problem> {
    let counting = ground.counting();
    let asked = counting.ending(until).at;
    if asked <= clock.due.at {
        let due = clock.due.at.with_timezone(&counting.zone).format("%Y-%m-%d %H:%M");
        return Err(Problem::field(
            "until",
            "until-too-early",
            format!("延期日期须晚于现有期限({due})"),
            format!("The new date must be later than the present deadline ({due})"),
        ));
    }
    let rule = ground.regime.clocks.iter().find(|rule| rule.name == clock.clock);
    let cap = rule.and_then(|rule| rule.overrun.as_ref()?.cap);
    let base = clock.ungranted.as_ref().unwrap_or(&clock.due);
    match cap.and_then(|cap| counting.after(base, &cap)) {
        Some(latest) if asked > latest => {
            // A period that ends at 24:00 ends on the day before that instant.
            let last = (latest - chrono::TimeDelta::seconds(1)).with_timezone(&counting.zone).date_naive();
            Err(Problem::field(
                "until",
                "until-too-late",
                format!("延期最长至 {last}"),
                format!("More time can be given until {last} at the latest"),
            ))
        }
        _ => Ok(()),
    }
}
