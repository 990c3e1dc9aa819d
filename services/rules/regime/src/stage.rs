//! How far a case is on its course, and what must come before an act.

use crate::{Case, FactRef, Missing, Regime, Stage};
use kit_core::Text;

/// Which fact each act leaves, where a stage may be reached by it. A step leaves the fact of its own name.
const LEAVES: &[(&str, &str)] = &[
    ("triage", "case-accepted"),
    ("accept", "case-accepted"),
    ("decline", "case-declined"),
    ("refer", "case-referred"),
    ("report-back", "report-back-received"),
    ("dispatch", "case-dispatched"),
    ("sign", "case-signed"),
    ("delegate", "handler-named"),
    ("form-team", "team-formed"),
    ("measure", "measures-ordered"),
    ("carry-out", "measure-done"),
    ("check-measure", "measure-checked"),
    ("decide", "decision-proposed"),
    ("approve-decision", "decision-approved"),
    ("answer", "complainant-answered"),
    ("resolve", "case-resolved"),
    ("tell", "complainant-told"),
    ("call-back", "case-called-back"),
    ("decide-appeal", "appeal-decided"),
    ("publish", "case-published"),
    ("close", "case-closed"),
];

impl Regime {
    /// The stages that the case has: those whose condition holds.
    pub fn stages(&self, case: &dyn Case) -> Vec<&Stage> {
        self.course.iter().filter(|stage| stage.condition.holds(case)).collect()
    }

    /// The furthest stage that the case has reached; none where the regime has no course or the case none of it.
    pub fn stage(&self, case: &dyn Case) -> Option<&Stage> {
        self.stages(case).into_iter().rev().find(|stage| is_reached(stage, case))
    }

    /// The stages that must be reached before the act, each with what is wanted. The house's own order binds where the
    /// regime has no course.
    pub fn out_of_course(&self, act: &str, case: &dyn Case) -> Vec<Missing> {
        let (kind, object) = act.strip_suffix(')').and_then(|act| act.split_once('(')).unwrap_or((act, ""));
        let word = LEAVES.iter().find(|(of, _)| *of == kind).map_or(kind, |(_, fact)| fact);
        let stages = self.stages(case);
        // `measure(refund)` leads to where any measure does, and to where a refund does.
        let is_its = |arg: &str| object.is_empty() || arg == object;
        let is_left = |fact: &FactRef| fact.word == word && fact.arg.as_deref().is_none_or(is_its);
        let leads = |stage: &&Stage| stage.reached.iter().any(is_left);
        let at = stages.iter().position(|stage| leads(stage) && !is_reached(stage, case));
        let Some(at) = at.or((act == "close").then_some(stages.len())) else { return Vec::new() };
        let open = stages.iter().take(at).filter(|stage| !stage.is_loose && !is_reached(stage, case));
        open.map(|stage| missing(stage)).collect()
    }

    /// The words of the facts that no longer count when the case goes back to `stage`: those by which it and the stages
    /// behind it are reached, and the steps that were done on the way.
    pub fn lapses(&self, stage: &str) -> Vec<String> {
        let from = self.course.iter().position(|one| one.id == stage).unwrap_or(0);
        let reached = self.course.iter().skip(from).flat_map(|stage| &stage.reached).map(|fact| fact.word.clone());
        let mut words: Vec<String> = reached.collect();
        words.extend(["case-resolved", "complainant-told", "case-closed", "decision-proposed"].map(str::to_owned));
        words.extend(["decision-approved", "case-called-back", "approval-given"].map(str::to_owned));
        words.extend(self.steps.iter().map(|step| step.id.clone()));
        let before: Vec<&str> =
            self.course.iter().take(from).flat_map(|stage| &stage.reached).map(|fact| fact.word.as_str()).collect();
        words.retain(|word| !before.contains(&word.as_str()) && word != "case-registered");
        words.sort();
        words.dedup();
        words
    }
}

fn is_reached(stage: &Stage, case: &dyn Case) -> bool {
    stage.reached.iter().any(|fact: &FactRef| case.has(fact))
}

fn missing(stage: &Stage) -> Missing {
    let say = Text::new(format!("尚未到“{}”环节", stage.title.zh), format!("\"{}\" is not reached", stage.title.en));
    Missing { needs: stage.reached.first().cloned(), say, cite: stage.cite.clone() }
}
