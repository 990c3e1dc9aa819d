//! Between the facts and this service's copy of the law: regimes, the organisation and the calendars.

use house::House;
use kit_reference::Entry;

/// The law that the rows make.
pub(crate) fn build(entries: &[Entry]) -> Result<House, String> {
    House::build(entries.iter().map(Entry::parts))
}

/// The row that a fact puts into the reference table: a unit, a member of staff, a regime or a calendar.
pub(crate) fn entry(fact: &contracts::Fact) -> Option<Entry> {
    house::entry(fact).map(|e| Entry { kind: e.kind, id: e.id, version: e.version, body: e.body })
}
