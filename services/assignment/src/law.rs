//! The organisation and the regimes as this service knows them: a snapshot that is replaced as a whole.

use facts::Law;
use std::ops::Deref;

/// The rules in force, built from the reference table.
pub(crate) struct House(Law);

/// The snapshot, shared by all calls.
pub(crate) type Reference = kit_reference::Reference<House>;

impl Deref for House {
    type Target = Law;

    fn deref(&self) -> &Law {
        &self.0
    }
}

impl kit_reference::Snapshot for House {
    fn build(entries: &[kit_reference::Entry]) -> Result<Self, String> {
        let rows = entries.iter().map(|e| (e.kind.as_str(), e.id.as_str(), e.version, e.body.as_slice()));
        Law::build(rows).map(Self)
    }
}

/// A fact of the organisation or a regime as a row of the reference table.
pub(crate) fn entry(fact: &contracts::Fact) -> Option<kit_reference::Entry> {
    facts::law_entry(fact).map(|row| kit_reference::Entry {
        kind: row.kind,
        id: row.id,
        version: row.version,
        body: row.body,
    })
}
