//! Sealing a text into a case and opening texts of it: the two ends of the vault that commands share.

use crate::{
    domain::{
        pii::Pii,
        vault::{DataKey, Master, Purpose, Sealed},
    },
    receipts::failed,
    store::vault::{self, SealedRow},
};
use contracts::common::VaultRef;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use sqlx::PgExecutor;
use uuid::Uuid;

/// The name of something new in the case, of an identifier that was just drawn.
pub(crate) fn named(case: Uuid, id: Uuid) -> Uuid {
    RefId::of(CaseId::new(case), id).uuid()
}

/// Seals a text with the case's content key and answers its name.
pub(crate) async fn seal(tx: &mut Tx, master: &Master, case: Uuid, field: &str, text: &Pii) -> Result<VaultRef> {
    let ref_id = named(case, tx.id());
    seal_at(tx, master, case, (field, ref_id), text).await
}

/// The same under a name that was drawn before.
pub(crate) async fn seal_at(
    tx: &mut Tx,
    master: &Master,
    case: Uuid,
    (field, ref_id): (&str, Uuid),
    text: &Pii,
) -> Result<VaultRef> {
    let key = key(tx.conn(), master, case, Purpose::Content).await?;
    let sealed = key.seal(field, ref_id, text).map_err(failed)?;
    let now = tx.now();
    vault::insert(tx.conn(), case, Purpose::Content, (ref_id, field, sealed), now).await?;
    Ok(VaultRef { ref_id: RefId::new(ref_id).to_string() })
}

/// A key of the case, unless it was destroyed.
pub(crate) async fn key(db: impl PgExecutor<'_>, master: &Master, case: Uuid, purpose: Purpose) -> Result<DataKey> {
    let wrapped = vault::wrapped_key(db, case, purpose).await?.ok_or_else(destroyed)?;
    master.unwrap_key(case, purpose, &wrapped).map_err(failed)
}

/// Opens a stored text.
pub(crate) fn open(key: &DataKey, row: SealedRow) -> Result<Pii> {
    let sealed = Sealed { nonce: row.nonce, body: row.body };
    key.open(&row.field, row.version, row.ref_id, &sealed).map_err(failed)
}

/// The keys are gone, and with them everything under them.
fn destroyed() -> Problem {
    Problem::conflict(
        "content-destroyed",
        "该案件的内容已按保存期限销毁,无法读取",
        "The content of this case was destroyed at the end of its retention and cannot be read",
    )
}
