//! The recurring duties of the desk: which are owed, by when, and what each holds.

use crate::{
    convert::{at, text},
    moment::{self, Left},
    view::{
        ledgers::LedgerRow,
        published::Publicity,
        statistics::{Figure, Statistics},
    },
    wordbook::Wordbook,
    words::Named,
};
use chrono::{DateTime, Utc};
use contracts::records;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Duties {
    pub(crate) duties: Vec<Duty>,
    pub(crate) next_page_token: String,
}

/// A duty in one unit and one period.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Duty {
    /// Its own page.
    pub(crate) path: String,
    pub(crate) unit: Named,
    pub(crate) title: Text,
    pub(crate) period: String,
    pub(crate) last_day: String,
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) left: Left,
    pub(crate) state: Named,
    pub(crate) role: Text,
    pub(crate) to: Text,
    pub(crate) owners: Vec<String>,
    pub(crate) cite: String,
    pub(crate) done_at: Option<DateTime<Utc>>,
    pub(crate) done_by: String,
    pub(crate) is_on_time: bool,
    pub(crate) may_do: bool,
}

/// One of them, with what it holds and what was written.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct OneDuty {
    pub(crate) duty: Duty,
    pub(crate) draft: Option<Draft>,
    pub(crate) text: String,
    pub(crate) files: Vec<String>,
    /// What whoever publishes its figures is asked; none where they are not for the reader to publish.
    pub(crate) publicity: Option<Publicity>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Draft {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) figures: Vec<Figure>,
    /// What the regime counts by.
    pub(crate) axes: Vec<Axis>,
    pub(crate) ledgers: Vec<Ledger>,
    /// The surveys that ended in the period.
    pub(crate) surveys: Vec<Survey>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Survey {
    pub(crate) title: Text,
    pub(crate) unit: Text,
    pub(crate) day: String,
    pub(crate) answered: i64,
    /// None where too few answered.
    pub(crate) questions: Vec<Axis>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Axis {
    pub(crate) title: Text,
    pub(crate) counts: Vec<(Text, i64)>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Ledger {
    pub(crate) title: Text,
    pub(crate) count: i64,
    pub(crate) points: i64,
    pub(crate) rows: Vec<LedgerRow>,
}

impl Duty {
    pub(crate) fn new(row: records::DutyRow, now: DateTime<Utc>) -> Self {
        let (due_at, done_at) = (at(row.due_at), at(row.done_at));
        let left = match due_at {
            Some(due) if done_at.is_none() => moment::left(now, None, due),
            _ => moment::stopped(due_at, done_at),
        };
        let (zh, en) = match row.state.as_str() {
            "open" => ("待完成", "To do"),
            "overdue" => ("逾期", "Overdue"),
            "done" if row.is_on_time => ("已完成", "Done"),
            _ => ("逾期完成", "Done late"),
        };
        Self {
            path: format!("/desk/duties/{}/{}/{}/{}", row.unit_id, row.regime_id, row.duty, row.period),
            unit: Named::new(row.unit_id, text(row.unit_name)),
            title: text(row.title),
            period: row.period,
            last_day: row.last_day,
            due_at,
            left,
            state: Named::new(row.state, Text::new(zh, en)),
            role: text(row.role),
            to: text(row.to),
            owners: row.owners,
            cite: row.cite,
            done_at,
            done_by: row.done_by,
            is_on_time: row.is_on_time,
            may_do: row.may_do,
        }
    }
}

impl OneDuty {
    pub(crate) fn new(one: records::GetDutyResponse, words: &Wordbook, now: DateTime<Utc>) -> Self {
        let duty = one.duty.map(|row| Duty::new(row, now)).unwrap_or_default();
        let draft = one.draft.map(|draft| Draft::new(draft, &duty.unit.id, words));
        let publicity = one.publicity.map(Publicity::from);
        Self { duty, draft, text: one.text, files: one.files, publicity }
    }
}

impl Draft {
    fn new(draft: records::DutyDraft, unit_id: &str, words: &Wordbook) -> Self {
        let axes = draft.statistics.iter().flat_map(|figures| figures.axes.clone());
        let named = |count: records::Count| {
            (count.title.map_or_else(|| Text::new(&count.id, &count.id), |title| text(Some(title))), count.count)
        };
        let axis = |axis: records::Axis| Axis {
            title: text(axis.title),
            counts: axis.counts.into_iter().map(named).collect(),
        };
        let ledger = |ledger: records::DraftLedger| Ledger {
            title: text(ledger.title),
            count: ledger.count,
            points: ledger.points,
            rows: ledger.rows.into_iter().map(LedgerRow::from).collect(),
        };
        let survey = |survey: records::DraftSurvey| Survey {
            title: text(survey.title),
            unit: text(survey.unit_name),
            day: survey.day,
            answered: survey.answered,
            questions: survey.questions.into_iter().map(axis).collect(),
        };
        Self {
            at: at(draft.at),
            axes: axes.map(axis).collect(),
            figures: draft.statistics.map(|all| Statistics::new(unit_id, all, words).figures).unwrap_or_default(),
            ledgers: draft.ledgers.into_iter().map(ledger).collect(),
            surveys: draft.surveys.into_iter().map(survey).collect(),
        }
    }
}
