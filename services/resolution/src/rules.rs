//! The law as this service holds it: regimes and the organisation, rebuilt from its own copies.

use facts::Law;
use kit_reference::{Entry, Snapshot};

/// [`Law`] as a snapshot of the reference table.
pub(crate) struct Rules(pub(crate) Law);

impl Snapshot for Rules {
    fn build(entries: &[Entry]) -> Result<Self, String> {
        let rows = entries.iter().map(|e| (e.kind.as_str(), e.id.as_str(), e.version, e.body.as_slice()));
        Law::build(rows).map(Self)
    }
}

/// The rows that a fact puts into the reference table: a unit, a member of staff or a regime.
pub(crate) fn entry(fact: &contracts::Fact) -> Option<Entry> {
    facts::law_entry(fact).map(|e| Entry { kind: e.kind, id: e.id, version: e.version, body: e.body })
}
