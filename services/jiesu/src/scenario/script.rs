//! A scenario as it is written: where and when it plays, and its steps.

use super::setting::Setting;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use packs::Pack;
use regime::{FactRef, Length, Regime};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// One file.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) file: PathBuf,
    pub(super) title: String,
    pub(super) regime: Arc<Regime>,
    /// The regimes that are in force beside it.
    pub(super) also: Vec<Arc<Regime>>,
    pub(super) setting: Setting,
    pub(super) zone: Tz,
    pub(super) at: DateTime<Utc>,
    pub(super) steps: Vec<Step>,
}

/// One step: something that is done or passes, and what is expected after it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) line: u32,
    /// The case that it is about.
    pub(super) case: String,
    pub(super) act: Act,
    /// What the services answer, where that is not yes.
    pub(super) refused: Option<Refusal>,
    pub(super) expect: Option<Expect>,
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    HandIn(Box<HandIn>),
    Do(Do),
    Publish(Box<Publish>),
    Pass(Length),
    Until(DateTime<Utc>),
    /// Nothing is done; only looked.
    Look,
}

/// Another version of the regime, or another regime, that is put in force.
#[derive(Clone, Debug)]
pub(super) struct Publish {
    pub(super) pack: Pack,
    pub(super) regime: Arc<Regime>,
    /// Who publishes it; none: the installation.
    pub(super) by: Option<String>,
    /// The unit that uses it; empty for the whole organisation.
    pub(super) unit: String,
    /// Its first day in force; none: the one in the pack.
    pub(super) from: Option<NaiveDate>,
}

/// A command, by whom, with what.
#[derive(Clone, Debug)]
pub(super) struct Do {
    pub(super) command: String,
    /// A login, a role that one person holds, `handler` or `complainant`.
    pub(super) by: String,
    pub(super) with: Given,
    /// What the case is called that it makes, if it makes one.
    pub(super) into: Option<String>,
}

/// What a step gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Given(pub(super) BTreeMap<String, Value>);

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
    Flag(bool),
    Facts(Vec<contracts::common::Fact>),
    Answers(BTreeMap<String, String>),
}

/// What is handed in; whoever hands it in.
#[derive(Clone, Debug, Default)]
pub(super) struct HandIn {
    /// Who writes it down; none: the complainant.
    pub(super) by: Option<String>,
    pub(super) unit: String,
    pub(super) channel: String,
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) narrative: String,
    pub(super) contact: BTreeMap<String, String>,
    pub(super) is_anonymous: bool,
    pub(super) asked_by: Option<NaiveDate>,
    pub(super) about_unit: Option<String>,
    pub(super) about_staff: Vec<String>,
    pub(super) facts: Vec<contracts::common::Fact>,
    pub(super) received: Option<DateTime<Utc>>,
    /// Who files, in the regime's words.
    pub(super) complainant: String,
    /// `type`, `name`, `address`, `contact`.
    pub(super) respondent: BTreeMap<String, String>,
    /// `name`, `contact`.
    pub(super) agent: BTreeMap<String, String>,
    pub(super) identity: String,
    pub(super) form: BTreeMap<String, String>,
    /// The kinds of a submission that is split.
    pub(super) kinds: Vec<String>,
    /// What the cases beside the first are called, where it becomes several.
    pub(super) twins: Vec<String>,
}

/// A refusal that is expected; what is not said is not asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusal {
    pub(super) code: Option<String>,
    /// A part of its text, in either language.
    pub(super) say: Option<String>,
    /// The clause that it cites.
    pub(super) cite: Option<String>,
    /// The fields or missing facts that it names.
    pub(super) names: Vec<String>,
}

/// What is expected; what is not said is not asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Expect {
    pub(super) line: u32,
    /// Where each of its keys stands.
    pub(super) lines: BTreeMap<String, u32>,
    /// Since the last expectation of the case, in this order.
    pub(super) facts: Vec<Happened>,
    pub(super) no_facts: Vec<FactRef>,
    pub(super) clocks: Vec<(String, ClockWanted)>,
    pub(super) notices: Vec<NoticeWanted>,
    pub(super) no_notices: Vec<NoticeWanted>,
    pub(super) sees: Vec<String>,
    pub(super) blind: Vec<String>,
    pub(super) may: Vec<(String, Vec<String>)>,
    pub(super) may_not: Vec<(String, Vec<String>)>,
    /// Parts of the advice that the handler reads.
    pub(super) guidance: Vec<String>,
    /// What the complainant reads with the code.
    pub(super) stage: Option<String>,
    /// The furthest stage of the course that is reached.
    pub(super) course: Option<String>,
    /// `open`, `answered` or `none`, by the name of the order; the latest of it.
    pub(super) orders: Vec<(String, String)>,
    /// How the case is linked to others.
    pub(super) linked: Option<Vec<String>>,
    /// Rows that the case has in ledgers.
    pub(super) ledgers: Vec<(String, usize)>,
    /// How recurring duties stand.
    pub(super) duties: Vec<DutyWanted>,
    /// How surveys stand.
    pub(super) surveys: Vec<SurveyWanted>,
    /// What its file lacks before it may be closed.
    pub(super) dossier_lacks: Option<Vec<String>>,
    /// Fields of the case, as all services hold it.
    pub(super) fields: Vec<(String, Vec<String>)>,
}

impl Expect {
    /// The line of a key.
    pub(super) fn at(&self, key: &str) -> u32 {
        self.lines.get(key).copied().unwrap_or(self.line)
    }
}

/// A fact, with some of what the dossier keeps of it.
#[derive(Clone, Debug)]
pub(super) struct Happened {
    pub(super) line: u32,
    pub(super) fact: FactRef,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) by: Option<String>,
    pub(super) details: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct ClockWanted {
    pub(super) line: u32,
    /// `running`, `paused`, `missed`, `stopped`, or `none`: there is no such clock.
    pub(super) state: Option<String>,
    pub(super) run: Option<u32>,
    pub(super) started: Option<DateTime<Utc>>,
    pub(super) due: Option<DateTime<Utc>>,
    pub(super) stopped: Option<DateTime<Utc>>,
    pub(super) is_advisory: Option<bool>,
    pub(super) cite: Option<String>,
}

/// A recurring duty; without a unit, in the only one that owes it, and without a period, in the latest.
#[derive(Clone, Debug, Default)]
pub(super) struct DutyWanted {
    pub(super) line: u32,
    pub(super) duty: String,
    pub(super) unit: Option<String>,
    /// Its first day.
    pub(super) period: Option<String>,
    /// `open`, `overdue` or `done`.
    pub(super) state: String,
}

/// A survey, the latest of it.
#[derive(Clone, Debug, Default)]
pub(super) struct SurveyWanted {
    pub(super) line: u32,
    pub(super) survey: String,
    /// `open`, `closed` or `none`.
    pub(super) state: String,
    pub(super) answered: Option<u32>,
    /// How many chose an answer to a question.
    pub(super) counts: Vec<(String, String, u32)>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct NoticeWanted {
    pub(super) line: u32,
    /// The template that is sent, or the fact that a task proves.
    pub(super) template: Option<String>,
    pub(super) task: Option<String>,
    /// `complainant`, `handler` or a role.
    pub(super) to: Option<String>,
    pub(super) by: Vec<String>,
    /// `sent` unless said otherwise; `failed` or `unknown`.
    pub(super) state: String,
}
