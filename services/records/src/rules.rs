//! Between the facts and this service's copy of the law: regimes and the organisation.

use facts::Law;
use kit_reference::Entry;

/// The law that the rows make.
pub(crate) fn build(entries: &[Entry]) -> Result<Law, String> {
    Law::build(entries.iter().map(Entry::parts))
}

/// The row that a fact puts into the reference table: a unit, a member of staff or a regime.
pub(crate) fn entry(fact: &contracts::Fact) -> Option<Entry> {
    facts::law_entry(fact).map(|e| Entry { kind: e.kind, id: e.id, version: e.version, body: e.body })
}
