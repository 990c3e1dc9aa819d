//! What becomes of one case under a regime.

use chrono::{DateTime, Utc};
use facts::{CaseView, Happened};
use legal_time::{ClockState, Counting, What, breaches, derive};
use regime::vocabulary::{BREACH_FACT, CLOCK_CHANGES};
use regime::{FactRef, Recipient, Regime, Telling};
use std::collections::BTreeMap;

/// What a regime does with a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub case: String,
    pub severity: String,
    pub deadlines: Vec<Deadline>,
    /// Failures that are no time limits, by name.
    pub failures: BTreeMap<String, usize>,
    /// How often each was sent a notice: `complainant`, `handler`, or a role.
    pub told: BTreeMap<String, usize>,
    /// The work of each role.
    pub work: BTreeMap<String, Work>,
}

/// One run of a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub clock: String,
    pub run: u32,
    pub due: DateTime<Utc>,
    /// It was due while it ran, and is not a mere target.
    pub is_breached: bool,
    /// A target that was exceeded.
    pub is_exceeded: bool,
}

/// What comes to a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Cases that are routed to it.
    pub cases: usize,
    /// Calls and visits it owes.
    pub tasks: usize,
    /// Reminders and notices.
    pub messages: usize,
    /// Cases that climb to it.
    pub climbs: usize,
}

/// A regime on trial.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    pub regime: &'a Regime,
    pub counting: Counting<'a>,
    /// The regime under which the cases were handled: a grade that a person gave against its rules stays as it is.
    pub was: &'a Regime,
    pub now: DateTime<Utc>,
}

/// A re-grading can start a clock that re-grades; beyond so many rounds nothing new comes of it.
const ROUNDS: usize = 8;

impl Trial<'_> {
    /// What becomes of the case. Conditions are asked of the case as it stood in the end.
    pub fn run(&self, case: &CaseView) -> Sheet {
        let mut view = case.clone();
        view.severity = self.graded(case);
        // What happened to clocks is the regime's doing, and happens anew under this one; granted time, a suspension and a
        // date that was set were a person's.
        let is_derived = |word: &str| CLOCK_CHANGES.contains(&word) || word == BREACH_FACT;
        let told: Vec<Happened> = case.history.iter().filter(|fact| !is_derived(&fact.word)).cloned().collect();
        view.history.clone_from(&told);
        let mut states = self.derived(&view);
        for _ in 0..ROUNDS {
            let happened = states.iter().flat_map(happened).chain(self.failures(&view));
            let history: Vec<Happened> = told.iter().cloned().chain(happened).collect();
            let severity = self.regraded(&view, &history);
            if history == view.history && severity == view.severity {
                break;
            }
            (view.history, view.severity) = (history, severity);
            states = self.derived(&view);
        }
        self.sheet(&view, &states)
    }

    fn derived(&self, view: &CaseView) -> Vec<ClockState> {
        derive(&self.regime.clocks, &self.counting, view, self.now)
    }

    /// Failures that are no time limits, as facts of the case.
    fn failures(&self, view: &CaseView) -> Vec<Happened> {
        // All of them anew in each round: none that is known already is left out.
        let mut view = view.clone();
        view.history.retain(|fact| fact.word != BREACH_FACT);
        let fact = |name: &str, at| Happened::new(BREACH_FACT, Some(name), at);
        breaches(&self.regime.breaches, &view).iter().map(|found| fact(&found.breach.name, found.at)).collect()
    }

    /// The grade that the rules give; one that a person gave against the rules of their time is theirs.
    fn graded(&self, case: &CaseView) -> String {
        let ungraded = CaseView { severity: String::new(), ..case.clone() };
        let rules = |regime: &Regime| regime.grade(&ungraded).map(|graded| graded.severity).unwrap_or_default();
        let is_known = self.regime.words.severities.iter().any(|word| word.id == case.severity);
        if !case.severity.is_empty() && is_known && rules(self.was) != case.severity && !self.was_automatic(case) {
            return case.severity.clone();
        }
        rules(self.regime)
    }

    /// Whether the grade of the case can have come of a rule that re-grades by itself.
    fn was_automatic(&self, case: &CaseView) -> bool {
        let ungraded = CaseView { severity: String::new(), ..case.clone() };
        let on = |fact: &Happened| fact_ref(fact).and_then(|fact| self.was.regrade_on(&fact, &ungraded));
        case.history.iter().filter_map(on).any(|graded| graded.is_automatic && graded.severity == case.severity)
    }

    fn regraded(&self, view: &CaseView, history: &[Happened]) -> String {
        let mut view = CaseView { history: Vec::new(), ..view.clone() };
        let mut facts: Vec<&Happened> = history.iter().collect();
        facts.sort_by_key(|fact| fact.at);
        for fact in facts.into_iter().filter_map(fact_ref) {
            if let Some(graded) = self.regime.regrade_on(&fact, &view).filter(|graded| graded.is_automatic) {
                view.severity = graded.severity;
            }
        }
        view.severity
    }

    fn sheet(&self, view: &CaseView, states: &[ClockState]) -> Sheet {
        let mut sheet = Sheet { case: view.case_id.clone(), severity: view.severity.clone(), ..Sheet::default() };
        let dispatched = view.history.iter().find(|fact| fact.word == "case-dispatched");
        let office = || self.counting.office(dispatched.map_or(view.received_at, |fact| fact.at));
        if let Some(route) = self.regime.route(view, office) {
            sheet.of(&route.role).cases += 1;
        }
        for state in states {
            let is_missed = state.is_missed();
            sheet.deadlines.push(Deadline {
                clock: state.clock.clone(),
                run: state.run,
                due: state.due.at,
                is_breached: is_missed && !state.is_advisory,
                is_exceeded: is_missed && state.is_advisory,
            });
            for mark in state.marks.iter().filter(|mark| mark.is_fired) {
                match &mark.what {
                    What::Near { tell, .. } => tell.iter().for_each(|role| sheet.of(role).messages += 1),
                    What::Missed { climb, .. } | What::Overdue { climb, .. } => {
                        let rung = usize::try_from(*climb).ok().and_then(|climb| climb.checked_sub(1));
                        if let Some(rung) = rung.and_then(|rung| self.regime.ladder.get(rung)) {
                            rung.roles.iter().for_each(|role| sheet.of(role).climbs += 1);
                        }
                    }
                }
            }
        }
        for failure in view.history.iter().filter(|fact| fact.word == BREACH_FACT) {
            *sheet.failures.entry(failure.arg.clone().unwrap_or_default()).or_default() += 1;
        }
        for fact in view.history.iter().filter_map(fact_ref) {
            for notice in self.regime.notices_on(&fact, view) {
                match &notice.telling {
                    Telling::Task { role, .. } => sheet.of(role).tasks += 1,
                    Telling::Send(sending) => sending.to.iter().for_each(|to| sheet.tell(to)),
                }
            }
        }
        sheet
    }
}

impl Sheet {
    fn of(&mut self, role: &str) -> &mut Work {
        self.work.entry(role.to_owned()).or_default()
    }

    fn tell(&mut self, to: &Recipient) {
        let name = to.name();
        *self.told.entry(name.to_owned()).or_default() += 1;
        if !matches!(to, Recipient::Complainant | Recipient::Respondent | Recipient::Body(_)) {
            self.of(name).messages += 1;
        }
    }
}

fn fact_ref(fact: &Happened) -> Option<FactRef> {
    Some(FactRef { word: fact.word.clone(), arg: fact.arg.clone() })
}

/// What happened to a clock, as facts of the case.
fn happened(state: &ClockState) -> Vec<Happened> {
    let fact = |word: &str, at| Happened::new(word, Some(&state.clock), at);
    let mut facts = vec![fact("clock-started", state.started_at)];
    for mark in state.marks.iter().filter(|mark| mark.is_fired) {
        let word = match mark.what {
            What::Near { .. } => "deadline-near",
            What::Missed { .. } => "clock-missed",
            What::Overdue { .. } => "clock-overdue",
        };
        facts.push(fact(word, mark.at));
    }
    facts.extend(state.stopped.as_ref().map(|stop| fact("clock-stopped", stop.at)));
    facts
}
