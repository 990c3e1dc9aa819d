//! What was told of a case between two quiet moments, held against what had to be.

use super::book::Book;
use super::news::{News, Window};
use super::tell::Told;
use chrono::{DateTime, Utc};

/// Something that was told wrongly, or not at all.
#[derive(Debug)]
#[expect(dead_code, reason = "read by whoever reads the failure")]
pub(super) struct Fault {
    pub(super) kind: Kind,
    rule: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It had to come and did not.
    Missed,
    /// It came, and had come already.
    Twice,
    /// It came, and had not to come yet, or at all.
    Early,
}

/// Takes what was learned and told into the book of the case.
///
/// # Errors
/// The first thing that is wrong.
pub(super) fn check(
    book: &mut Book,
    news: Vec<News>,
    told: &[(DateTime<Utc>, Told)],
    window: &Window<'_>,
    not_before: DateTime<Utc>,
) -> Result<(), Fault> {
    let ticks = news.iter().filter_map(|news| if let News::Tick(at) = news { Some(*at) } else { None });
    let latest = ticks.max().unwrap_or(window.present);
    for (at, one) in told {
        if !(window.present..=latest).contains(at) {
            return Err(fault(Kind::Early, format!("appended as of {at}, which is not the present: {one:?}")));
        }
        // Stamped with the instant at which its transaction began, it may have waited for one that saw a later present;
        // and of a watcher whose machine stood still the facts of others know better how late it is.
        if let Err(rule) = book.ledger.take(latest.max(not_before), one) {
            let kind = if rule == "twice" { Kind::Twice } else { Kind::Early };
            return Err(fault(kind, format!("{rule}: {one:?}")));
        }
    }
    let said: Vec<Told> = told.iter().map(|(_, one)| one.clone()).filter(|one| !one.is_still()).collect();
    if let Err(expected) = book.explain(news, &said, window) {
        let lacks = |all: &[Told], one: &Told| !all.contains(one);
        let missing: Vec<&Told> = expected.iter().filter(|one| lacks(&said, one)).collect();
        let surplus: Vec<&Told> = said.iter().filter(|one| lacks(&expected, one)).collect();
        let kind = if missing.is_empty() { Kind::Early } else { Kind::Missed };
        return Err(fault(kind, format!("no order explains it: missing {missing:#?}, surplus {surplus:#?}")));
    }
    if !book.ledger.agrees(&book.clocks) {
        return Err(fault(Kind::Missed, "who reads only the log knows another state".to_owned()));
    }
    Ok(())
}

fn fault(kind: Kind, rule: String) -> Fault {
    Fault { kind, rule }
}
