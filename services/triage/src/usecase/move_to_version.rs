//! A case moves to another version of its regime, or to another regime, by a recorded decision (改用制度版本).

use super::outcome::{open, unless_missing, write};
use crate::domain::version;
use crate::publish;
use contracts::Fact;
use contracts::triage::CaseMoved;
use facts::Law;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::vocabulary::MOVE_TO_VERSION;

/// Where it is to go, and why.
pub(crate) struct MoveToVersion {
    pub case_id: CaseId,
    pub version: u64,
    /// Empty: the regime that the case has.
    pub regime_id: String,
    pub regime_version: u32,
    pub reason: RefId,
}

impl MoveToVersion {
    /// Moves the case. Who may is said by the version that it leaves; what follows of itself, by the one that it comes to.
    pub(crate) async fn give(self, tx: &mut Tx, law: &Law, staff_id: &str) -> Result<()> {
        let (case, regime) = open(tx, law, self.case_id, staff_id, MOVE_TO_VERSION).await?;
        case.expect_open()?;
        case.expect_version(self.version)?;
        let today = version::today(law, &case.view, tx.now());
        let to = version::target(law, &case.view, (&self.regime_id, self.regime_version), today)?;
        unless_missing(&regime, &case, MOVE_TO_VERSION)?;
        version::knows(&case.view, &regime, &to)?;
        let event = CaseMoved {
            case_id: case.case_id.to_string(),
            regime_id: to.id.clone(),
            regime_version: self.regime_version,
            from_regime_id: case.view.regime_id.clone(),
            from_regime_version: case.view.regime_version,
            reason: Some(publish::vault(self.reason)),
            staff_id: staff_id.to_owned(),
        };
        write(tx, &to, case, vec![Fact::CaseMoved(event)]).await
    }
}
