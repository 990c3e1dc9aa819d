//! Between the contracts and this service's own words; the only place that knows both.

use crate::domain::{Case, refusal::Lack, steps};
use contracts::{common, resolution};
use facts::Law;
use kit_core::{Problem, Text};
use kit_ids::RefId;
use regime::{
    Regime,
    vocabulary::{COMMANDS, Term, term},
};

/// A reference into intake's vault; empty text is none.
pub(crate) fn text_ref(field: &str, text: &str) -> Result<Option<RefId>, Problem> {
    if text.is_empty() { Ok(None) } else { kit_grpc::parse_id(field, text).map(Some) }
}

/// A reference as it stands in an event.
pub(crate) fn vault_ref(id: RefId) -> common::VaultRef {
    common::VaultRef { ref_id: id.to_string() }
}

/// A case as `staff` sees it, with what they may do next.
pub(crate) fn case(case: &Case, law: &Law, regime: &Regime, staff: &str) -> resolution::GetCaseResponse {
    let actions = steps::all(regime)
        .into_iter()
        .filter(|step| steps::is_ahead(case, step))
        .filter(|step| facts::authorise(law, &case.view, staff, step).is_ok())
        .map(|step| action(case, regime, staff, step))
        .collect();
    let guided = steps::all(regime).into_iter().filter(|step| steps::is_ahead(case, step));
    resolution::GetCaseResponse {
        case_id: case.view.case_id.to_string(),
        state: case.state().to_owned(),
        finding: case.course.finding.clone(),
        measures: case.course.measures.clone(),
        note_refs: case.course.notes.clone(),
        satisfaction: case.course.satisfaction.clone(),
        version: case.version,
        actions,
        findings: regime.words.findings.iter().map(word).collect(),
        measure_words: regime.words.measures.iter().map(word).collect(),
        guidance: guided
            .flat_map(|step| regime.guidance_at(&step, &case.view))
            .map(|say| kit_grpc::text(&say))
            .collect(),
    }
}

fn action(case: &Case, regime: &Regime, staff: &str, step: String) -> common::Action {
    let lacks = steps::missing(case, regime, staff, &step);
    let cite = lacks.iter().map(|l| l.cite.clone()).find(|c| !c.is_empty()).unwrap_or_default();
    common::Action {
        title: Some(kit_grpc::text(&title(regime, &step))),
        is_allowed: lacks.is_empty(),
        missing: lacks.iter().map(|lack| kit_grpc::text(&Lack::line(lack))).collect(),
        cite,
        id: step,
    }
}

fn title(regime: &Regime, step: &str) -> Text {
    let own = || regime.words.steps.iter().find(|s| s.id == step).map(|s| s.title.clone());
    term(COMMANDS, step).map(Term::title).or_else(own).unwrap_or_else(|| Text::new(step, step))
}

fn word(word: &regime::Word) -> resolution::Word {
    resolution::Word { id: word.id.clone(), title: Some(kit_grpc::text(&word.title)) }
}
