//! A case as its complainant sees it.

use crate::{
    convert::{at, text, texts},
    words::Named,
};
use chrono::{DateTime, Utc};
use contracts::intake;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Followed {
    pub(crate) number: String,
    pub(crate) unit_name: Text,
    pub(crate) kind: String,
    pub(crate) stage: String,
    pub(crate) stage_title: Text,
    pub(crate) entries: Vec<PublicEntry>,
    pub(crate) may_withdraw: bool,
    pub(crate) may_supplement: bool,
    pub(crate) received_at: Option<DateTime<Utc>>,
    pub(crate) may_chase: bool,
    /// The appeals that are open now, each by its tier.
    pub(crate) appeals: Vec<Named>,
    /// The words to rate with, while it may be rated.
    pub(crate) ratings: Vec<Named>,
    /// The other cases of the same submission.
    pub(crate) others: Vec<Followed>,
    /// The regime's course; empty where it has none.
    pub(crate) course: Vec<Stop>,
    /// The open appeals, each with its last day.
    pub(crate) open_appeals: Vec<LastAppeal>,
    /// Where one may turn outside of the house.
    pub(crate) redress: Vec<Text>,
}

/// A stage of the course; `state` is `past`, `now` or `ahead`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Stop {
    pub(crate) title: Text,
    pub(crate) state: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct LastAppeal {
    pub(crate) tier: Named,
    /// Empty where the regime sets no time.
    pub(crate) last_day: String,
    pub(crate) cite: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct PublicEntry {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) text: Text,
}

impl From<intake::FollowResponse> for Followed {
    fn from(case: intake::FollowResponse) -> Self {
        let choices = |list: Vec<intake::Choice>| list.into_iter().map(|c| Named::new(c.id, text(c.title))).collect();
        let entries = case.entries.into_iter().map(|e| PublicEntry { at: at(e.at), text: text(e.text) }).collect();
        Self {
            number: case.number,
            unit_name: text(case.unit_name),
            kind: case.kind,
            stage: case.stage,
            stage_title: text(case.stage_title),
            entries,
            may_withdraw: case.may_withdraw,
            may_supplement: case.may_supplement,
            received_at: at(case.received_at),
            may_chase: case.may_chase,
            appeals: choices(case.appeals),
            ratings: choices(case.ratings),
            others: case.others.into_iter().map(Self::from).collect(),
            course: stops(case.course),
            open_appeals: case.open_appeals.into_iter().map(LastAppeal::from).collect(),
            redress: texts(case.redress),
        }
    }
}

impl From<intake::OpenAppeal> for LastAppeal {
    fn from(appeal: intake::OpenAppeal) -> Self {
        Self { tier: Named::new(appeal.tier, text(appeal.title)), last_day: appeal.last_day, cite: appeal.cite }
    }
}

/// The first stage that is not reached is where the case is.
fn stops(course: Vec<intake::PublicStage>) -> Vec<Stop> {
    let now = course.iter().position(|stage| !stage.is_reached);
    let state = |place: usize, is_reached: bool| match is_reached {
        true => "past",
        false if now == Some(place) => "now",
        false => "ahead",
    };
    let stop = |(place, stage): (usize, intake::PublicStage)| Stop {
        state: state(place, stage.is_reached),
        title: text(stage.title),
    };
    course.into_iter().enumerate().map(stop).collect()
}

/// One step of the stage bar; `state` is `past`, `now` or `ahead`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Step {
    pub(crate) title: Text,
    pub(crate) state: &'static str,
    /// The public is shown no clause.
    pub(crate) cite: &'static str,
}

/// The bar 已收到 → 已受理 → 办理中 → 已答复 → 已办结. A case that ends early ends the bar where it ends.
pub(crate) fn steps(stage: &str) -> Vec<Step> {
    let whole = ["received", "accepted", "handling", "answered", "closed"];
    let early = ["received", stage];
    // Between the answer and the end the regime may still ask for steps that the public need not tell apart.
    let stage = if stage == "resolved" { "answered" } else { stage };
    let path: &[&str] = if whole.contains(&stage) { &whole } else { &early };
    let now = path.iter().position(|step| *step == stage).unwrap_or(0);
    let state = |index: usize| match index.cmp(&now) {
        std::cmp::Ordering::Less => "past",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "ahead",
    };
    path.iter()
        .enumerate()
        .map(|(i, step)| Step { title: crate::words::state(step).title, state: state(i), cite: "" })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_bar_shows_what_is_past_and_what_is_ahead() {
        let bar: Vec<_> = steps("handling").into_iter().map(|s| (s.title.zh, s.state)).collect();
        let expected =
            [("已收到", "past"), ("已受理", "past"), ("办理中", "now"), ("已答复", "ahead"), ("已办结", "ahead")];
        assert_eq!(bar, expected.map(|(title, state)| (title.to_owned(), state)));
        assert_eq!(steps("resolved"), steps("answered"));
    }

    #[test]
    fn a_withdrawn_case_has_a_short_bar() {
        let bar: Vec<_> = steps("withdrawn").into_iter().map(|s| (s.title.zh, s.state)).collect();
        assert_eq!(bar, [("已收到".to_owned(), "past"), ("已撤回".to_owned(), "now")]);
    }
}
