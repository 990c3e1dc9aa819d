//! Between the contracts and this service's own words; the only place that knows both.

use crate::domain::{Case, approval, event::Done, step::Filled, steps};
use contracts::{common, resolution};
use facts::Law;
use kit_core::{Problem, Text};
use kit_ids::RefId;
use regime::{
    Regime,
    vocabulary::{COMMANDS, Term, term},
};
use std::collections::BTreeMap;

mod forms;

/// Advice on taking a matter in is read at the door, before there is a case.
const RECORD: &str = "record";

/// A reference as it stands in an event.
pub(crate) fn vault_ref(id: RefId) -> common::VaultRef {
    common::VaultRef { ref_id: id.to_string() }
}

/// The parts of an answer as they stand in an event.
pub(crate) fn vault_refs(parts: BTreeMap<String, RefId>) -> BTreeMap<String, common::VaultRef> {
    parts.into_iter().map(|(part, text)| (part, vault_ref(text))).collect()
}

/// The parts of an answer as an event brought them; what is no reference is left out.
pub(crate) fn parts_of(parts: &BTreeMap<String, common::VaultRef>) -> BTreeMap<String, RefId> {
    parts.iter().filter_map(|(part, text)| Some((part.clone(), text.ref_id.parse().ok()?))).collect()
}

/// What was filled in for a step.
pub(crate) fn filled(m: &resolution::DoStepRequest) -> Result<Filled, Problem> {
    let on = match m.on_date.as_str() {
        "" => None,
        day => Some(day.parse().map_err(|_| {
            Problem::field("on_date", "not-a-day", "日期应如 2026-03-02", "a day is written like 2026-03-02")
        })?),
    };
    Ok(Filled {
        outcome: m.outcome.clone(),
        on,
        amount: m.amount,
        staff: m.staff_ids.clone(),
        credentials_shown: m.credentials_shown,
        text: kit_grpc::parse_ref(&m.case_id, "text_ref", &m.text_ref)?,
        files: m
            .file_refs
            .iter()
            .filter_map(|file| kit_grpc::parse_ref(&m.case_id, "file_refs", file).transpose())
            .collect::<Result<_, _>>()?,
    })
}

/// A step as its event says it.
pub(crate) fn step_done(case_id: String, done: Done) -> resolution::StepDone {
    resolution::StepDone {
        case_id,
        step: done.step,
        is_automatic: done.by.is_empty(),
        staff_id: done.by,
        outcome: done.outcome,
        on_date: done.on.map(|(day, _)| day.to_string()).unwrap_or_default(),
        done_at: done.on.map(|(_, at)| kit_grpc::timestamp(at)),
        amount: done.amount,
        currency: done.currency,
        staff_ids: done.staff,
        text: done.text.map(vault_ref),
        files: done.files.into_iter().map(vault_ref).collect(),
        form: done.form,
        cite: done.cite,
    }
}

/// A case as `staff` sees it, with what they may do next.
pub(crate) fn case(case: &Case, law: &Law, regime: &Regime, staff: &str) -> resolution::GetCaseResponse {
    let ahead: Vec<String> =
        steps::all(regime).into_iter().filter(|step| steps::is_ahead(case, regime, step)).collect();
    let open: Vec<&String> = ahead.iter().filter(|step| may(law, case, regime, staff, step)).collect();
    resolution::GetCaseResponse {
        case_id: case.view.case_id.to_string(),
        state: case.state().to_owned(),
        finding: case.course.finding.clone(),
        measures: case.course.measures.clone(),
        note_refs: case.course.notes.clone(),
        satisfaction: case.course.satisfaction.clone(),
        version: case.version,
        actions: open.iter().map(|step| action(case, regime, staff, step)).collect(),
        findings: regime.words.findings.iter().map(word).collect(),
        measure_words: regime.words.measures.iter().map(|measure| word(&measure.word)).collect(),
        guidance: advice(case, law, regime, staff, &ahead),
        steps: open.iter().filter_map(|step| forms::form(case, regime, step)).collect(),
        course: forms::course(case, regime),
        sign_offs: forms::sign_offs(case, law, regime, staff),
        owed: forms::owed(case, regime),
        round: case.view.round.max(1),
        to_approve: forms::to_approve(case, regime, &open),
        appeal: forms::appeal(case, regime),
    }
}

/// The advice on acts of this service that are ahead, and on what this person may still do at others; also where it is for
/// one object of an act alone, such as `set-date(answer)`.
fn advice(case: &Case, law: &Law, regime: &Regime, staff: &str, ahead: &[String]) -> Vec<common::Text> {
    let is_ahead = |at: &str| {
        let kind = at.split('(').next().unwrap_or(at);
        if steps::is_ours(kind) || steps::is_own(regime, kind) {
            return ahead.iter().any(|step| step == kind);
        }
        let acts = regime.who.keys().filter(|act| act.split('(').next() == Some(kind));
        let may = |act: &String| facts::authorise(law, &case.view, staff, act).is_ok();
        kind != RECORD && !case.is_closed() && !case.view.acted.contains_key(kind) && acts.into_iter().any(may)
    };
    let now = regime.guidance.iter().filter(|one| is_ahead(&one.at) && one.condition.holds(&case.view));
    now.map(|one| kit_grpc::text(&one.say)).collect()
}

/// Whether the act, for one of its objects at least, is for this person.
fn may(law: &Law, case: &Case, regime: &Regime, staff: &str, step: &str) -> bool {
    let objects = regime.words.measures.iter().filter(|_| step == steps::MEASURE);
    let each = objects.map(|measure| format!("{step}({})", measure.word.id));
    let appeal = facts::pending_appeal(regime, &case.view).filter(|_| step == steps::DECIDE_APPEAL);
    appeal.is_none_or(|appeal| approval::judge(law, case, regime, staff, appeal).is_ok())
        && std::iter::once(step.to_owned())
            .chain(each)
            .any(|act| facts::authorise(law, &case.view, staff, &act).is_ok())
}

fn action(case: &Case, regime: &Regime, staff: &str, step: &str) -> common::Action {
    let lacks = steps::missing(case, regime, staff, step);
    let cite = lacks.iter().map(|l| l.cite.clone()).find(|c| !c.is_empty()).unwrap_or_default();
    common::Action {
        title: Some(kit_grpc::text(&title(regime, step))),
        is_allowed: lacks.is_empty(),
        missing: lacks.iter().map(|lack| kit_grpc::text(&facts::line(lack))).collect(),
        cite,
        id: step.to_owned(),
    }
}

pub(crate) fn title(regime: &Regime, step: &str) -> Text {
    let own = || regime.step_title(step);
    term(COMMANDS, step).map(Term::title).or_else(own).unwrap_or_else(|| Text::new(step, step))
}

pub(crate) fn word(word: &regime::Word) -> resolution::Word {
    resolution::Word { id: word.id.clone(), title: Some(kit_grpc::text(&word.title)) }
}
