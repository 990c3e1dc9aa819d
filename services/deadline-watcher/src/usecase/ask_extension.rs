//! Asking for more time on a clock: as much as its regime gives whole, or until a day that somebody must approve.

use super::{Offer, offer, open, seen, settle};
use crate::law::House;
use chrono::NaiveDate;
use contracts::Fact;
use contracts::common::VaultRef;
use contracts::deadline_watcher::ExtensionAsked;
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

/// Records the request; the holder of the approving role rules on it.
pub(crate) async fn ask_extension(tx: &mut Tx, house: &House, ask: AskExtension) -> kit_db::Result<Asked> {
    let (case, ground) = open(tx, house, ask.case_id, ask.staff).await?;
    let staff = ask.staff.to_string();
    let permitted = |command| facts::authorise(house, &case.view, &staff, command);
    // Who may ask for nothing of the kind need not hear what there is to ask for.
    permitted("ask-extension").or_else(|_| permitted("ask-overrun"))?;
    seen(&case, ask.version)?;
    let offer = offer(&case, &ground, &ask.clock, ask.until)?;
    permitted(offer.command())?;
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
    settle(tx, case, &ground, Fact::ExtensionAsked(asked)).await?;
    Ok(Asked { extension_id, offer })
}
