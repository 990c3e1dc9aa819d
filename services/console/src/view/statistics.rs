//! The figures of a month, each rate with what it is counted from.

use crate::{
    wordbook::{Shelf, Wordbook},
    words::Named,
};
use contracts::records;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Statistics {
    pub(crate) unit: Named,
    pub(crate) month: String,
    pub(crate) figures: Vec<Figure>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) tables: Vec<Table>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) id: &'static str,
    pub(crate) title: Text,
    pub(crate) count: i64,
}

/// A rate in words; "—" where nothing is there to count from.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Rate {
    pub(crate) id: &'static str,
    pub(crate) title: Text,
    pub(crate) percent: String,
    pub(crate) part: i64,
    pub(crate) of: i64,
    pub(crate) means: Text,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) id: &'static str,
    pub(crate) title: Text,
    pub(crate) rows: Vec<TableRow>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct TableRow {
    pub(crate) name: Named,
    pub(crate) count: i64,
    /// Share of the largest row, in whole per cent, for the bar beside the number.
    pub(crate) share: i64,
}

impl Statistics {
    pub(crate) fn new(unit_id: &str, s: records::GetStatisticsResponse, words: &Wordbook) -> Self {
        let figure = |id, zh: &str, en: &str, count| Figure { id, title: Text::new(zh, en), count };
        Self {
            unit: words.name(Shelf::Unit, unit_id),
            month: s.month,
            figures: vec![
                figure("received", "收到", "Received", s.received),
                figure("accepted", "受理", "Accepted", s.accepted),
                figure("declined", "不予受理", "Declined", s.declined),
                figure("withdrawn", "撤回", "Withdrawn", s.withdrawn),
                figure("resolved", "解决", "Resolved", s.resolved),
                figure("closed", "办结", "Closed", s.closed),
                figure("invalid", "无效投诉", "Judged invalid", s.invalid),
                figure("clocks_missed", "超期次数", "Deadlines missed", s.clocks_missed),
                figure("called_back", "已回访", "Called back", s.called_back),
                figure("satisfied", "满意", "Satisfied", s.satisfied),
            ],
            rates: vec![
                rate(
                    "on_time",
                    ("按期解决率", "Resolved on time"),
                    (s.resolved_in_time, s.resolved),
                    ("按期解决 ÷ 解决,按当时所知", "resolved on time ÷ resolved, as known then"),
                ),
                rate(
                    "on_time_restated",
                    ("按期解决率(重述)", "Resolved on time, restated"),
                    (s.resolved_in_time_restated, s.resolved),
                    ("按现行日历重新计算", "counted again by the calendars now in force"),
                ),
                rate(
                    "resolved_rate",
                    ("解决率", "Resolved"),
                    (s.resolved, s.accepted),
                    ("解决 ÷ 受理", "resolved ÷ accepted"),
                ),
                rate(
                    "satisfaction",
                    ("满意率", "Satisfied"),
                    (s.satisfied, s.called_back),
                    ("满意 ÷ 已回访", "satisfied ÷ called back"),
                ),
            ],
            tables: vec![
                table("by_severity", ("按等级", "By severity"), s.by_severity, Shelf::Severity, words),
                table("by_channel", ("按渠道", "By channel"), s.by_channel, Shelf::Channel, words),
                table("by_unit", ("按单位", "By unit"), s.by_unit, Shelf::Unit, words),
                table("by_category", ("按类别", "By category"), s.by_category, Shelf::Category, words),
            ],
        }
    }
}

fn rate(id: &'static str, title: (&str, &str), (part, of): (i64, i64), means: (&str, &str)) -> Rate {
    let percent = if of == 0 { "—".to_owned() } else { tenths(part.saturating_mul(1000) / of) };
    Rate { id, title: Text::new(title.0, title.1), percent, part, of, means: Text::new(means.0, means.1) }
}

fn tenths(per_mille: i64) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

fn table(id: &'static str, title: (&str, &str), counts: Vec<records::Count>, shelf: Shelf, words: &Wordbook) -> Table {
    let most = counts.iter().map(|c| c.count).max().unwrap_or(0).max(1);
    let row = |c: records::Count| TableRow {
        name: words.name(shelf, &c.id),
        count: c.count,
        share: c.count.saturating_mul(100) / most,
    };
    Table { id, title: Text::new(title.0, title.1), rows: counts.into_iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_nothing_is_a_dash_and_never_zero() {
        assert_eq!(rate("x", ("", ""), (0, 0), ("", "")).percent, "—");
        assert_eq!(rate("x", ("", ""), (2, 3), ("", "")).percent, "66.6%");
        assert_eq!(rate("x", ("", ""), (3, 3), ("", "")).percent, "100.0%");
    }
}
