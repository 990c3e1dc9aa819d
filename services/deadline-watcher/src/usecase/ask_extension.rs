//! Asking for more time on a clock: as much as its regime gives whole, or until a day that somebody must approve.

use super::rule_on_extension::gives_time;
use super::{Offer, offer, open, seen, settle, unguarded};
use crate::law::House;
use chrono::NaiveDate;
use contracts::Fact;
use contracts::common::VaultRef;
use contracts::deadline_watcher::{ExtensionAsked, ExtensionGranted};
use kit_ids::{CaseId, ExtensionId, RefId, StaffId};
use kit_messaging::Tx;

/// The request.
#[derive(Clone, Debug)]
pub(crate) struct AskExtension {
    pub(crate) case_id: CaseId,
    pub(crate) staff: StaffId,
    /// The version that the asker has seen; 0 is any.
    pub(crate) version: u64,
    pub(crate) clock: String,
    /// The last day of the longer period, in the unit's zone; none to ask for as much as the regime gives whole.
    pub(crate) until: Option<NaiveDate>,
    pub(crate) reason: RefId,
}

/// What was asked, and of whom.
pub(crate) struct Asked {
    pub(crate) extension_id: ExtensionId,
    pub(crate) offer: Offer,
}

/// Records the request; the holder of the approving role rules on it, or it is granted where the regime wants nobody's
/// approval.
pub(crate) async fn ask_extension(tx: &mut Tx, house: &House, ask: AskExtension) -> kit_db::Result<Asked> {
    let (case, ground) = open(tx, house, ask.case_id, ask.staff).await?;
    let staff = ask.staff.to_string();
    let permitted = |command| facts::authorise(house, &case.view, &staff, command);
    // Who may ask for nothing of the kind need not hear what there is to ask for.
    permitted("ask-extension").or_else(|_| permitted("ask-overrun"))?;
    seen(&case, ask.version)?;
    let offer = offer(&case, &ground, &ask.clock, ask.until)?;
    permitted(offer.command())?;
    unguarded(&ground, &case, offer.command())?;
    let extension_id = ExtensionId::new(tx.id());
    let asked = ExtensionAsked {
        case_id: ask.case_id.to_string(),
        extension_id: extension_id.to_string(),
        clock: ask.clock,
        until: offer.until.map(|until| until.to_string()).unwrap_or_default(),
        asked_by: staff,
        reason: Some(VaultRef { ref_id: ask.reason.to_string() }),
        approver_role: offer.approver_role.clone(),
        cite: offer.cite.clone(),
        tier: offer.tier,
        by: offer.by.map(|by| by.to_string()).unwrap_or_default(),
    };
    let granted = offer.is_on_notice().then(|| on_notice(&asked));
    let mut happened = vec![Fact::ExtensionAsked(asked)];
    if let Some(granted) = granted {
        happened.push(gives_time(tx, &case, &ground, granted)?);
    }
    settle(tx, case, &ground, happened).await?;
    Ok(Asked { extension_id, offer })
}

/// The grant that comes with a request which nobody has to approve.
fn on_notice(asked: &ExtensionAsked) -> ExtensionGranted {
    ExtensionGranted {
        case_id: asked.case_id.clone(),
        extension_id: asked.extension_id.clone(),
        clock: asked.clock.clone(),
        until: asked.until.clone(),
        granted_by: asked.asked_by.clone(),
        tier: asked.tier,
        by: asked.by.clone(),
    }
}
