//! A rule of a regime wants a linked case, such as a lead that follows from a complaint: it is registered here, with what was
//! said of the matter and with nothing of who said it.

use crate::{
    app::App,
    domain::doors,
    store::case::CaseRow,
    usecase::offshoot::{self, Offshoot},
};
use contracts::{Fact, resolution::LinkedCaseOwed};
use kit_db::{Error, Result};
use kit_messaging::{Received, Tx};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Registers it, and links it with the one that it came of.
pub(crate) async fn open_linked(
    tx: &mut Tx,
    app: &App,
    origin: &mut CaseRow,
    owed: &LinkedCaseOwed,
    cause: &Received,
) -> Result<()> {
    let law = app.law();
    let view = &origin.view.0;
    let today = tx.now().with_timezone(&doors::zone(law.directory(), &view.unit_id)).date_naive();
    let named = |id: &str| owed.regime_id.is_empty() || owed.regime_id == id;
    let mut regimes = law.regimes_for(&view.unit_id, &owed.kind, today).into_iter();
    let found = regimes.find(|(regime, _)| named(&regime.id));
    let (regime, version) =
        found.ok_or_else(|| Error::NotYet(format!("a regime for {} at {}", owed.kind, view.unit_id)))?;
    let case = id(origin.case_id, &cause.envelope.event_id);
    let (kind, relation) = (owed.kind.clone(), owed.relation.clone());
    let new = Offshoot { case, kind, regime, version, relation, is_twin: false };
    let (_, event) = offshoot::open(tx, app, origin, new).await?;
    tx.publish_after(cause, &event.case_id, &event);
    origin.view.apply(&Fact::CaseLinked(event), tx.now());
    Ok(())
}

/// The same for the same event, whoever applies it.
fn id(origin: Uuid, event_id: &str) -> Uuid {
    let digest = Sha256::new().chain_update(origin.as_bytes()).chain_update(event_id.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
