//! For how long a dossier is kept.

use chrono::{DateTime, Days, Months, Utc};
use chrono_tz::Tz;
use facts::CaseView;
use regime::{Keep, Length, Records};

/// The last day of keeping, in the unit's zone; empty for ever. A length that is no number of days, months or years keeps for
/// ever too: what is destroyed too early cannot be brought back.
pub(crate) fn until(records: &Records, view: &CaseView, closed_at: DateTime<Utc>, zone: &str) -> String {
    let Keep::For(length) = records.keep else { return String::new() };
    let zone: Tz = zone.parse().unwrap_or(Tz::Asia__Shanghai);
    let from = view.last(&records.from).unwrap_or(closed_at).with_timezone(&zone).date_naive();
    let end = match length {
        Length::Days(days) => from.checked_add_days(Days::new(u64::from(days))),
        Length::Months(months) => from.checked_add_months(Months::new(months)),
        Length::Years(years) => years.checked_mul(12).and_then(|months| from.checked_add_months(Months::new(months))),
        _ => None,
    };
    end.map(|day| day.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use regime::FactRef;

    fn records(keep: Keep) -> Records {
        Records {
            holds: Vec::new(),
            is_complete: false,
            keep,
            is_least: false,
            from: FactRef::new("case-closed"),
            cite: "9".to_owned(),
            duties: Vec::new(),
            ledgers: Vec::new(),
            statistics: None,
            publicity: Vec::new(),
            confidential: Vec::new(),
        }
    }

    #[test]
    fn months_are_counted_in_the_units_zone_and_for_ever_has_no_end() {
        let closed: DateTime<Utc> = "2026-01-30T16:30:00Z".parse().unwrap();
        let view = CaseView::default();
        let kept = |keep| until(&records(keep), &view, closed, "Asia/Shanghai");
        assert_eq!(kept(Keep::For(Length::Months(36))), "2029-01-31");
        assert_eq!(kept(Keep::For(Length::Years(3))), "2029-01-31");
        assert_eq!(kept(Keep::For(Length::Days(10))), "2026-02-10");
        assert_eq!(kept(Keep::Forever), "");
    }
}
