//! Which rows a fact brings to the ledgers: those that speak on it, and those that effects name.

use contracts::Fact;
use facts::CaseView;
use regime::{Assessed, Effect, FactRef, Ledger, Regime};

/// A row, before it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) ledger: String,
    /// `complainant`, `respondent`, `unit`, `staff` or `problem`.
    pub(crate) about: String,
    /// The unit or the member of staff; empty for the others, whose names are nobody's to tell.
    pub(crate) subject_id: String,
    pub(crate) points: u32,
    /// The fact that brought it; empty where a person did.
    pub(crate) cause: String,
    pub(crate) cite: String,
}

/// What the fact, which the case has taken in, enters. A ledger has one row of it, however many rules name it; each
/// assessment is one of its own.
pub(crate) fn rows(regime: &Regime, view: &CaseView, fact: &Fact) -> Vec<Row> {
    let facts: Vec<FactRef> = known_as(fact);
    let cause = facts.first().map(ToString::to_string).unwrap_or_default();
    let mut rows: Vec<Row> = Vec::new();
    let enter = |ledger: &Ledger, cite: &str, rows: &mut Vec<Row>| {
        if !rows.iter().any(|row| row.ledger == ledger.id) {
            rows.push(Row { cause: cause.clone(), cite: cite.to_owned(), ..by_hand(ledger, view) });
        }
    };
    for ledger in facts.iter().flat_map(|fact| regime.ledgers_on(fact, view)) {
        enter(ledger, &ledger.cite, &mut rows);
    }
    let effects = facts::effects(regime, view, fact);
    for due in &effects {
        if let Effect::Enter(ledger) = &due.effect
            && let Some(ledger) = regime.ledger(ledger)
        {
            enter(ledger, &due.cite, &mut rows);
        }
    }
    let assessed = effects.into_iter().filter_map(|due| match due.effect {
        Effect::Assess { ledger, points, against } => {
            let (about, subject_id) = assessed(view, against);
            Some(Row { ledger, about, subject_id, points, cause: cause.clone(), cite: due.cite })
        }
        _ => None,
    });
    rows.extend(assessed);
    rows
}

/// A row that a person enters.
pub(crate) fn by_hand(ledger: &Ledger, view: &CaseView) -> Row {
    let subject_id = match ledger.of.as_str() {
        "staff" => view.handler.clone(),
        "unit" => Some(unit(view)),
        _ => None,
    };
    Row {
        ledger: ledger.id.clone(),
        about: ledger.of.clone(),
        subject_id: subject_id.unwrap_or_default(),
        cite: ledger.cite.clone(),
        ..Row::default()
    }
}

/// Whose assessment it is.
fn assessed(view: &CaseView, against: Assessed) -> (String, String) {
    let staff = |who: &Option<String>| ("staff".to_owned(), who.clone().unwrap_or_default());
    match against {
        Assessed::Handler => staff(&view.handler),
        Assessed::FirstContact => staff(&view.first_contact),
        Assessed::Unit => ("unit".to_owned(), unit(view)),
    }
}

/// The unit that handles the case, or else its own.
fn unit(view: &CaseView) -> String {
    view.handling_unit_id.clone().unwrap_or_else(|| view.unit_id.clone())
}

/// All that the fact is known as; a registration is also when it was written down.
fn known_as(fact: &Fact) -> Vec<FactRef> {
    let named = |(word, arg): (&str, Option<&str>)| FactRef { word: word.to_owned(), arg: arg.map(str::to_owned) };
    let recorded = matches!(fact, Fact::CaseRegistered(_)).then(|| FactRef::new("case-recorded"));
    facts::names(fact).into_iter().map(named).chain(recorded).collect()
}
