//! What the regime asks for in one case: its course, the forms of its steps, what is owed, what waits for a sign-off.

use crate::{
    convert::text,
    words::{self, Named},
};
use contracts::{resolution, triage};
use kit_core::Text;
use serde::Serialize;

/// A stage of the course; `state` is `past`, `now` or `ahead`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Stage {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) state: &'static str,
    pub(crate) cite: String,
}

/// The course as a line: the first stage that is not reached is where the case is.
pub(crate) fn stages(course: Vec<resolution::Stage>) -> Vec<Stage> {
    let now = course.iter().position(|stage| !stage.is_reached);
    let state = |place: usize, is_reached: bool| match is_reached {
        true => "past",
        false if now == Some(place) => "now",
        false => "ahead",
    };
    let stage = |(place, stage): (usize, resolution::Stage)| Stage {
        state: state(place, stage.is_reached),
        id: stage.id,
        title: text(stage.title),
        cite: stage.cite,
    };
    course.into_iter().enumerate().map(stage).collect()
}

/// What a page asks for, for one step.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct StepForm {
    pub(crate) step: String,
    /// `text`, `files`, `date`, `staff`, `amount`, `form`.
    pub(crate) takes: Vec<String>,
    pub(crate) outcomes: Vec<Named>,
    /// The outcome that the regime suggests; empty for none.
    pub(crate) suggested: String,
    pub(crate) least_staff: u32,
    pub(crate) needs_credentials: bool,
    /// In the smallest unit of the currency; a most of 0 is none.
    pub(crate) least: i64,
    pub(crate) most: i64,
    pub(crate) currency: String,
    /// The same range in words.
    pub(crate) range: Text,
    pub(crate) parts: Vec<Part>,
}

impl From<resolution::StepForm> for StepForm {
    fn from(form: resolution::StepForm) -> Self {
        Self {
            range: range(form.least, form.most),
            step: form.step,
            takes: form.takes,
            outcomes: form.outcomes.into_iter().map(Named::from).collect(),
            suggested: form.suggested,
            least_staff: form.least_staff,
            needs_credentials: form.needs_credentials,
            least: form.least,
            most: form.most,
            currency: form.currency,
            parts: form.parts.into_iter().map(Part::named).collect(),
        }
    }
}

fn range(least: i64, most: i64) -> Text {
    let sum = |sum: i64| format!("{}.{:02}", sum / 100, sum % 100);
    match (least, most) {
        (0, 0) => Text::default(),
        (least, 0) => Text::new(format!("至少 {}", sum(least)), format!("at least {}", sum(least))),
        (least, most) => {
            Text::new(format!("{} 至 {}", sum(least), sum(most)), format!("{} to {}", sum(least), sum(most)))
        }
    }
}

/// What an answer must hold, with the clause.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Part {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) cite: String,
}

impl Part {
    /// A part as the house calls it.
    pub(crate) fn named(id: String) -> Self {
        Self { title: words::part(&id), id, cite: String::new() }
    }
}

impl From<triage::Word> for Part {
    fn from(word: triage::Word) -> Self {
        Self { id: word.id, title: text(word.title), cite: word.cite }
    }
}

/// An act that waits for somebody's signature.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SignOff {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) role: Named,
    pub(crate) tier: u32,
    pub(crate) asked_by: Named,
    pub(crate) may_rule: bool,
}

impl From<resolution::SignOff> for SignOff {
    fn from(one: resolution::SignOff) -> Self {
        Self {
            id: one.act,
            title: text(one.title),
            role: Named::new(one.role, text(one.role_title)),
            tier: one.tier,
            asked_by: Named::new(one.asked_by, Text::new(one.asked_by_name.clone(), one.asked_by_name)),
            may_rule: one.may_rule,
        }
    }
}

/// A measure that the regime tracks: to be carried out, and then checked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Owed {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) is_done: bool,
}

impl From<resolution::OwedMeasure> for Owed {
    fn from(owed: resolution::OwedMeasure) -> Self {
        Self { id: owed.measure, title: text(owed.title), is_done: owed.is_done }
    }
}

/// An appeal that waits for a decision.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Appeal {
    pub(crate) tier: Named,
    pub(crate) outcomes: Vec<Named>,
    pub(crate) suggested: String,
}

impl From<resolution::AppealForm> for Appeal {
    fn from(form: resolution::AppealForm) -> Self {
        Self {
            tier: Named::new(form.tier, text(form.title)),
            outcomes: form.outcomes.into_iter().map(Named::from).collect(),
            suggested: form.suggested,
        }
    }
}

impl From<resolution::Word> for Named {
    fn from(word: resolution::Word) -> Self {
        Self::new(word.id, text(word.title))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_stage_that_is_not_reached_is_where_the_case_is() {
        let stage = |is_reached| resolution::Stage { is_reached, ..Default::default() };
        let states = |reached: &[bool]| {
            stages(reached.iter().map(|one| stage(*one)).collect()).iter().map(|s| s.state).collect::<Vec<_>>()
        };
        assert_eq!(states(&[true, false, true, false]), ["past", "now", "past", "ahead"]);
        assert_eq!(states(&[true, true]), ["past", "past"]);
    }

    #[test]
    fn a_range_is_told_in_the_unit_people_pay_in() {
        assert_eq!(range(200_000, 5_000_050).en, "2000.00 to 50000.50");
        assert_eq!(range(5, 0).zh, "至少 0.05");
        assert_eq!(range(0, 0), Text::default());
    }
}
