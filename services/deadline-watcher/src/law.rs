//! The law as this service holds it, in its own copy: regimes, the organisation and every calendar that is published.

use crate::store::published;
use kit_messaging::Tx;
use std::sync::Arc;

pub(crate) use house::{Ground, House, Proposed};

/// The local copy of the law, as it is now.
pub(crate) type Reference = kit_reference::Reference<House>;

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
