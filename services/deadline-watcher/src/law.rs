//! The law as this service holds it, in its own copy: regimes, the organisation and every calendar that is published.

use crate::store::published;
use contracts::Fact;
use kit_messaging::Tx;
use kit_reference::Entry;
use std::sync::Arc;

pub(crate) use house::{Ground, House, Proposed};

/// The local copy of the law, as it is now.
pub(crate) type Reference = kit_reference::Reference<House>;

/// The law that the rows make.
pub(crate) fn build(entries: &[Entry]) -> Result<House, String> {
    House::build(entries.iter().map(Entry::parts))
}

/// The law with every calendar that is published, which stay all of them until the transaction ends.
///
/// # Errors
/// The database refused.
pub(crate) async fn present(reference: &Reference, tx: &mut Tx) -> kit_db::Result<Arc<House>> {
    if reference.get().calendars().count() < published::hold(tx.conn()).await? {
        reference.reload().await?;
    }
    Ok(reference.get())
}

/// The row that a fact puts into the reference table: a unit, a member of staff, a regime or a calendar.
pub(crate) fn entry(fact: &Fact) -> Option<Entry> {
    house::entry(fact).map(|e| Entry { kind: e.kind, id: e.id, version: e.version, body: e.body })
}
