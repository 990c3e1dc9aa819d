//! Published layers with their versions: a calendar as it is known now, or as it was known then.

use super::layer::Layer;
use super::{Calendar, CalendarError};
use chrono::{DateTime, Utc};
use kit_core::Text;
use regime::nearest;
use std::collections::BTreeMap;

/// Every version of every layer.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    layers: BTreeMap<String, BTreeMap<u32, (DateTime<Utc>, Layer)>>,
}

impl Shelf {
    /// Puts a version of a layer on the shelf, in force from the instant at which it became known.
    pub fn publish(&mut self, version: u32, known_from: DateTime<Utc>, layer: Layer) {
        self.layers.entry(layer.id.clone()).or_default().insert(version, (known_from, layer));
    }

    /// The calendar of a chain of layers, the widest first, such as nation, region, branch. Places below the first that
    /// have published nothing say nothing. `then` asks for what was known at that instant; none asks for all.
    ///
    /// # Errors
    /// The first of the chain is not known, or the layers do not fit together.
    pub fn calendar(&self, chain: &[&str], then: Option<DateTime<Utc>>) -> Result<Calendar, Vec<CalendarError>> {
        let base = chain.first().copied().unwrap_or_default();
        let found = chain.iter().map(|id| self.latest(id, then)).collect::<Vec<_>>();
        if !found.first().is_some_and(Option::is_some) {
            return Err(vec![self.unknown(base)]);
        }
        let layers: Vec<&Layer> = found.into_iter().flatten().collect();
        Calendar::layered(layers.last().map_or(base, |layer| layer.id()), &layers)
    }

    /// The layers that have been published, each with its latest version, by their names.
    pub fn latest_of_all(&self) -> impl Iterator<Item = (&str, u32, &Layer)> {
        self.layers.iter().filter_map(|(id, versions)| {
            let (version, (_, layer)) = versions.last_key_value()?;
            Some((id.as_str(), *version, layer))
        })
    }

    /// Every version of a layer, the first first.
    pub fn versions(&self, id: &str) -> impl Iterator<Item = &Layer> {
        self.layers.get(id).into_iter().flat_map(BTreeMap::values).map(|(_, layer)| layer)
    }

    /// One version of a layer, or its latest.
    pub fn layer(&self, id: &str, version: Option<u32>) -> Option<(u32, &Layer)> {
        let versions = self.layers.get(id)?;
        let (version, (_, layer)) = match version {
            Some(version) => versions.get_key_value(&version)?,
            None => versions.last_key_value()?,
        };
        Some((*version, layer))
    }

    /// The highest version of those that were known.
    fn latest(&self, id: &str, then: Option<DateTime<Utc>>) -> Option<&Layer> {
        let versions = self.layers.get(id)?.values().rev();
        let mut known = versions.filter(|(known_from, _)| then.is_none_or(|then| *known_from <= then));
        known.next().map(|(_, layer)| layer)
    }

    fn unknown(&self, id: &str) -> CalendarError {
        let text = match nearest(id, self.layers.keys().map(String::as_str)) {
            Some(near) if near != id => Text::new(
                format!("没有日历“{id}”；是否指“{near}”？"),
                format!("there is no calendar `{id}`; did you mean `{near}`?"),
            ),
            _ => Text::new(format!("日历“{id}”当时尚未公布"), format!("the calendar `{id}` was not published then")),
        };
        CalendarError::new(id, 0, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, date};

    fn layer(id: &str, rows: &str) -> Layer {
        Layer::from_csv(id, &format!("date,kind,name\n{rows}")).unwrap()
    }

    #[test]
    fn a_calendar_is_read_as_it_is_known_now_or_as_it_was_known_then() {
        let mut shelf = Shelf::default();
        shelf.publish(1, at("2025-11-04 10:00"), layer("cn", "2026-01-01,off,元旦\n"));
        shelf.publish(2, at("2026-11-10 10:00"), layer("cn", "2026-01-01,off,元旦\n2027-01-01,off,元旦\n"));
        shelf.publish(1, at("2026-03-01 10:00"), layer("branch-7", "2026-05-08,off,搬迁\n"));
        let until =
            |then: Option<&str>| shelf.calendar(&["cn", "nx", "branch-7"], then.map(at)).unwrap().covered_until();
        assert_eq!(until(None), date("2027-12-31"));
        assert_eq!(until(Some("2026-11-10 09:59")), date("2026-12-31"));
        let is_worked =
            |then| shelf.calendar(&["cn", "branch-7"], Some(at(then))).unwrap().is_working_day(date("2026-05-08"));
        assert!(is_worked("2026-02-28 00:00") && !is_worked("2026-03-01 10:00"));
        let error = |chain: &[&str], then| shelf.calendar(chain, then).unwrap_err().remove(0).en;
        assert_eq!(error(&["cm"], None), "there is no calendar `cm`; did you mean `cn`?");
        assert_eq!(error(&["cn"], Some(at("2020-01-01 00:00"))), "the calendar `cn` was not published then");
    }
}
