//! The hours and days off of the units in which a scenario plays.

use super::super::{reader::Reader, setting::Setting};
use legal_time::Layer;
use regime::{Regime, node::Node};

/// `{branch: ["mon-fri,hours,08:30-12:00 14:00-18:00", "2026-03-06,off,搬迁"]}`: the rows of a calendar file, of a unit or of
/// the regime's own calendar.
pub(super) fn read(reader: &Reader, node: &Node, regime: &Regime, setting: &Setting) -> Vec<(String, String)> {
    let mut calendars = Vec::new();
    for (key, node) in reader.entries(node, ("日历", "calendars")) {
        let known = setting.units.iter().map(|unit| unit.unit_id.as_str()).chain([regime.calendar.as_str()]);
        if !known.clone().any(|one| one == key.name) {
            reader.unknown(key.line.number, ("单位或日历", "unit or calendar"), &key.name, known);
        }
        let body = reader.words(node).into_iter().fold("date,kind,name\n".to_owned(), |body, row| body + &row + "\n");
        for error in Layer::from_csv(&key.name, &body).err().unwrap_or_default() {
            // The first line is the header, which is ours.
            let row = usize::try_from(error.line).ok().and_then(|line| node.members().get(line.checked_sub(2)?));
            reader.fail(row.map_or(node.line.number, |row| row.line.number), error.zh, error.en);
        }
        calendars.push((key.name.clone(), body));
    }
    calendars
}
