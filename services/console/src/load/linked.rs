//! The cases that one has to do with, each asked of the services for itself: what the reader may not read stays out.

use super::{hear_units, part};
use crate::{
    app::App,
    asker::Asker,
    view::{
        clock,
        linked::{Joint, Linked},
    },
    words,
};
use contracts::{assignment, deadline_watcher, intake, records};
use futures::future::join_all;
use kit_core::{Class, Problem, Text};

/// The most that are looked at together; more would be a list.
const MOST: usize = 20;

/// Fills in how the linked cases stand.
pub(crate) async fn fill(app: &App, asker: &Asker, cases: &mut Vec<Linked>) {
    cases.truncate(MOST);
    let ids: Vec<String> = cases.iter().map(|case| case.case_id.clone()).collect();
    if ids.is_empty() {
        return;
    }
    let one = |case_id: String| async move {
        let id = || case_id.clone();
        tokio::join!(
            asker.intake_case(intake::GetCaseRequest { case_id: id() }),
            asker.assignment_of(assignment::GetCaseRequest { case_id: id() }),
            asker.get_dossier(records::GetDossierRequest { case_id: id(), ..Default::default() }),
        )
    };
    let asked = deadline_watcher::ListClocksRequest { case_ids: ids.clone() };
    let (told, clocks) = tokio::join!(join_all(ids.iter().cloned().map(one)), asker.list_clocks(asked));
    let clocks = clocks.map(|list| clock::clocks(list.clocks, app.env.now())).unwrap_or_default();
    for (case, (taken, assigned, dossier)) in cases.iter_mut().zip(told) {
        if let Ok(taken) = taken {
            case.hear_intake(&taken, &app.words);
        }
        if let Ok(assigned) = assigned {
            case.hear_assignment(assigned);
        }
        if let Ok(dossier) = dossier {
            case.state = words::state(&dossier.state);
        }
        case.clocks = clocks.iter().filter(|clock| clock.case_id == case.case_id).cloned().collect();
    }
}

/// A case and all that it is linked to, for whoever may read them. For whom there is no other, there is no such view:
/// the answer is the same whether there is none or none that they may know of.
pub(crate) async fn joint(app: &App, asker: &Asker, case_id: &str) -> Result<Joint, Problem> {
    let asked = intake::GetCaseRequest { case_id: case_id.to_owned() };
    let (taken, _) = tokio::join!(asker.intake_case(asked), hear_units(app, asker));
    let taken = taken?;
    let mut own = Linked { case_id: case_id.to_owned(), ..Linked::default() };
    own.hear_intake(&taken, &app.words);
    let mut cases = vec![own];
    for link in taken.linked {
        if cases.iter().all(|case| case.case_id != link.case_id) {
            cases.push(Linked::from(link));
        }
    }
    if cases.len() == 1 {
        return Err(nothing_linked());
    }
    fill(app, asker, &mut cases).await;
    let mut missing: Vec<Text> = Vec::new();
    let dossiers = join_all(cases.iter().map(|case| {
        asker.get_dossier(records::GetDossierRequest { case_id: case.case_id.clone(), ..Default::default() })
    }))
    .await;
    let mut joint = Joint { case_id: case_id.to_owned(), number: taken.number, cases, ..Joint::default() };
    for dossier in dossiers {
        if let Some(dossier) = part(dossier, "records", &mut missing) {
            joint.hear_dossier(dossier);
        }
    }
    joint.missing = missing;
    Ok(joint)
}

fn nothing_linked() -> Problem {
    Problem::new(
        Class::NotFound,
        "nothing-linked",
        "没有可与本案一并查看的关联案件",
        "There is no linked case to be looked at together with this one",
    )
}
