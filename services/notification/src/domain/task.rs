//! A call or a visit that somebody owes, and what counts as having made it.

use super::{CALLED_BACK, Case, recipients, refusal};
use chrono::{DateTime, Utc};
use kit_core::{Problem, Text};
use kit_ids::{CaseId, RefId, TaskId};
use organisation::Directory;
use regime::{Missing, Regime, vocabulary::Term};
use std::collections::BTreeMap;

/// One task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) task_id: TaskId,
    pub(crate) case_id: CaseId,
    pub(crate) unit_id: String,
    pub(crate) purpose: String,
    pub(crate) title: Text,
    pub(crate) ways: Vec<String>,
    pub(crate) role: String,
    pub(crate) is_callback: bool,
    /// `open`, `done` or `dropped`.
    pub(crate) state: String,
    pub(crate) opened_at: DateTime<Utc>,
}

/// One try, as the person tells it.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) way: String,
    pub(crate) is_reached: bool,
    pub(crate) satisfaction: String,
    pub(crate) record: Option<RefId>,
    /// What the regime wants an answer to hold, by part.
    pub(crate) parts: BTreeMap<String, RefId>,
}

impl Task {
    /// The command or the step that doing it is, as a regime's `who` and `guards` name it.
    fn command(&self) -> &str {
        match self.purpose.as_str() {
            "complainant-told" => "tell",
            CALLED_BACK => "call-back",
            step => step,
        }
    }

    /// Whether it is for `staff` to do: they act by its role, or by one that the regime lets do such a thing.
    fn is_for(&self, case: &Case, regime: &Regime, directory: &Directory, staff: &str) -> bool {
        let mut roles = regime.roles_for(self.command()).iter().chain([&self.role]);
        roles.any(|role| recipients::acts_by(case, regime, directory, staff, role))
    }

    /// Whether a try must say how satisfied the complainant is.
    pub(crate) fn asks_satisfaction(&self, regime: &Regime) -> bool {
        self.is_callback && !regime.words.satisfaction.is_empty()
    }

    /// Whether `staff` may do it now.
    pub(crate) fn may_complete(&self, case: &Case, regime: &Regime, directory: &Directory, staff: &str) -> bool {
        self.state == "open" && self.is_for(case, regime, directory, staff) && self.missing(case, regime).is_empty()
    }

    /// What the regime wants to have happened before.
    fn missing(&self, case: &Case, regime: &Regime) -> Vec<Missing> {
        regime.guard(self.command(), &case.view)
    }

    /// Checks one try by `staff`.
    pub(crate) fn check(
        &self,
        case: &Case,
        regime: &Regime,
        directory: &Directory,
        staff: &str,
        attempt: &Attempt,
    ) -> Result<(), Problem> {
        if !self.is_for(case, regime, directory, staff) {
            return Err(refusal::not_yours(regime, &self.role));
        }
        if self.state != "open" {
            return Err(refusal::not_open());
        }
        facts::apart(regime, &case.view, staff, self.command())?;
        let missing = self.missing(case, regime);
        if !missing.is_empty() {
            return Err(facts::not_yet(&missing));
        }
        if !self.ways.contains(&attempt.way) {
            return Err(refusal::unknown_word("way", &attempt.way, &self.ways));
        }
        if self.asks_satisfaction(regime) && attempt.is_reached {
            let words: Vec<String> = regime.words.satisfaction.iter().map(|w| w.id.clone()).collect();
            if !words.contains(&attempt.satisfaction) {
                return Err(refusal::unknown_word("satisfaction", &attempt.satisfaction, &words));
            }
        } else if !attempt.satisfaction.is_empty() {
            return Err(refusal::no_satisfaction());
        }
        if attempt.is_reached {
            facts::parts::whole(regime, &case.view, self.command(), &attempt.parts)?;
        }
        Ok(())
    }

    /// What the regime wants whoever does it to write for the complainant.
    pub(crate) fn parts(&self, case: &Case, regime: &Regime) -> Vec<&'static Term> {
        facts::parts::of_answer(regime, &case.view, self.command())
    }
}
