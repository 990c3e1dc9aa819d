//! Amending a regime in force: those are asked whom it names, the role approves that it names, and whoever it names
//! publishes. The version in force says so, not the text that is to follow it.

use crate::domain::upkeep::{Kept, not_yet};
use crate::store::{self, regime::Published};
use contracts::triage::{ApproveRegimeRequest, RecordConsultationRequest, RegimeApproved, RegimeConsulted};
use facts::Law;
use kit_core::{Problem, Text};
use kit_db::{Error, Result};
use kit_messaging::Tx;
use regime::{Regime, Upkeep};
use std::sync::Arc;

/// Whoever acts on a regime.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// Empty for the installation itself.
    pub staff_id: String,
    /// Of the root unit, or the installation.
    pub is_administrator: bool,
}

/// The length of a digest.
const DIGEST: usize = 32;

/// Writes down what one of those said who must be asked; answers what is still missing.
pub(crate) async fn consult(
    tx: &mut Tx,
    law: &Law,
    by: &Actor,
    asked: &RecordConsultationRequest,
) -> Result<Vec<Text>> {
    let (latest, regime) = in_force(tx, law, &asked.regime_id).await?;
    let kept = kept(&latest, &regime)?;
    check_digest(&latest, &asked.sha256)?;
    kept.check_opinion(law, &by.staff_id, by.is_administrator, (&asked.role, &asked.text))?;
    let now = tx.now();
    let (role, text) = (asked.role.as_str(), asked.text.trim());
    store::upkeep::opinion(tx.conn(), &latest, &asked.sha256, (role, &by.staff_id, text), now).await?;
    let event = RegimeConsulted {
        regime_id: asked.regime_id.clone(),
        sha256: asked.sha256.clone(),
        over: latest.version,
        role: asked.role.clone(),
        staff_id: by.staff_id.clone(),
        cite: kept.upkeep.cite.clone(),
    };
    tx.publish(&event.regime_id, &event);
    let (consulted, is_approved) = store::upkeep::standing(tx.conn(), &latest, &asked.sha256).await?;
    Ok(kept.lacks(&consulted, is_approved))
}

/// Lets the text be published.
pub(crate) async fn approve(tx: &mut Tx, law: &Law, by: &Actor, asked: &ApproveRegimeRequest) -> Result<()> {
    let (latest, regime) = in_force(tx, law, &asked.regime_id).await?;
    let kept = kept(&latest, &regime)?;
    check_digest(&latest, &asked.sha256)?;
    let Upkeep { approves, cite, .. } = kept.upkeep;
    let Some(role) = approves else {
        let (zh, en) =
            (format!("本制度的修订无需批准（{cite}）"), format!("Nobody need approve an amendment ({cite})"));
        return Err(Problem::conflict("no-approval", zh, en).into());
    };
    if !kept.speaks(law.directory(), &by.staff_id, role) {
        return Err(kept.not_approver(role).into());
    }
    let (consulted, is_approved) = store::upkeep::standing(tx.conn(), &latest, &asked.sha256).await?;
    let lacks = kept.lacks(&consulted, true);
    if !lacks.is_empty() {
        return Err(not_yet(&lacks).into());
    }
    if is_approved {
        let (zh, en) = (format!("该文本已经批准（{cite}）"), format!("This text is approved already ({cite})"));
        return Err(Problem::conflict("already-approved", zh, en).into());
    }
    let now = tx.now();
    store::upkeep::approval(tx.conn(), &latest, &asked.sha256, &by.staff_id, now).await?;
    let event = RegimeApproved {
        regime_id: asked.regime_id.clone(),
        sha256: asked.sha256.clone(),
        over: latest.version,
        staff_id: by.staff_id.clone(),
        cite: cite.clone(),
    };
    tx.publish(&event.regime_id, &event);
    Ok(())
}

/// Refuses the publication of this text over the version in force, where that one is not followed in it.
pub(crate) async fn check(tx: &mut Tx, law: &Law, by: &Actor, latest: &Published, sha256: &[u8]) -> Result<()> {
    let regime = text_of(tx, law, latest).await?;
    let Ok(kept) = kept(latest, &regime) else { return is_administrator(by) };
    // The same text elsewhere, or from another day, amends nothing.
    if latest.sha256 == sha256 {
        return is_administrator(by);
    }
    if by.staff_id.is_empty() || !kept.amends(law.directory(), &by.staff_id, by.is_administrator) {
        return Err(kept.not_amender().into());
    }
    let (consulted, is_approved) = store::upkeep::standing(tx.conn(), latest, sha256).await?;
    let lacks = kept.lacks(&consulted, is_approved);
    if lacks.is_empty() { Ok(()) } else { Err(not_yet(&lacks).into()) }
}

/// Refuses everybody but the installation and its administrators.
pub(crate) fn is_administrator(by: &Actor) -> Result<()> {
    if by.is_administrator {
        return Ok(());
    }
    let (zh, en) = ("制度须由总部管理员发布", "Regimes are published by an administrator of the root unit");
    Err(Problem::denied("administrators-only", zh, en).into())
}

/// The latest version of a regime, and its text; nobody else changes it until the transaction ends.
async fn in_force(tx: &mut Tx, law: &Law, id: &str) -> Result<(Published, Arc<Regime>)> {
    let Some(latest) = store::regime::lock_latest(tx, id).await? else {
        let near = regime::nearest(id, law.published().map(|(regime, ..)| regime.id.as_str()));
        let (zh, en) = match near {
            Some(near) => (
                format!("没有制度“{id}”；是否指“{near}”？"),
                format!("There is no regime `{id}`; did you mean `{near}`?"),
            ),
            None => (format!("没有制度“{id}”"), format!("There is no regime `{id}`")),
        };
        return Err(Problem::field("regime_id", "unknown-regime", zh, en).into());
    };
    let regime = text_of(tx, law, &latest).await?;
    Ok((latest, regime))
}

/// What a version says; where another replica has just published it, as it stands in the table.
async fn text_of(tx: &mut Tx, law: &Law, latest: &Published) -> Result<Arc<Regime>> {
    if let Some(regime) = law.regime(&latest.regime_id, latest.version) {
        return Ok(regime);
    }
    let pack = store::regime::pack(tx, latest).await?;
    let wrong = |_| Error::Corrupt(format!("the pack of {} cannot be read", latest.regime_id));
    Regime::parse(&latest.regime_id, &pack).map(Arc::new).map_err(wrong)
}

fn kept<'a>(latest: &'a Published, regime: &'a Regime) -> std::result::Result<Kept<'a>, Problem> {
    let upkeep = regime.upkeep.as_ref().ok_or_else(|| {
        let (zh, en) =
            ("本制度没有修订程序的规定，可直接发布", "The regime says nothing of amendments; it is published at once");
        Problem::conflict("no-upkeep", zh, en)
    })?;
    Ok(Kept { regime, upkeep, unit: &latest.unit_id })
}

fn check_digest(latest: &Published, sha256: &[u8]) -> std::result::Result<(), Problem> {
    if sha256.len() != DIGEST {
        let (zh, en) = ("应为规则包全文的 SHA-256，32 字节", "This is the SHA-256 of the whole text, 32 bytes");
        return Err(Problem::field("sha256", "malformed-digest", zh, en));
    }
    if latest.sha256 == sha256 {
        let (zh, en) = ("该文本已在施行，没有修订", "This text is in force; it amends nothing");
        return Err(Problem::conflict("no-amendment", zh, en));
    }
    Ok(())
}
