//! Gathers what a page or an answer needs from several services at once. A service that is away leaves a gap that is
//! named; the rest is shown.

pub(crate) mod case;
pub(crate) mod linked;
pub(crate) mod lists;
pub(crate) mod queue;

use crate::{
    app::App,
    asker::Asker,
    wordbook::Shelf,
    words::{self, Named},
};
use contracts::{assignment, intake};
use kit_core::{Class, Problem, Text};

/// Rows of one page of a list.
pub(crate) const PAGE: i32 = 50;

/// Keeps the answer of a part of the page, or notes that it is missing. What a service has not heard of yet is no gap.
pub(crate) fn part<T>(answer: Result<T, Problem>, service: &str, missing: &mut Vec<Text>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(problem) if matches!(problem.class, Class::NotFound | Class::Denied) => None,
        Err(problem) => {
            tracing::warn!(service, code = problem.code, "a part of a page is missing");
            let said = words::part_missing(service);
            if !missing.contains(&said) {
                missing.push(said);
            }
            None
        }
    }
}

/// A problem that no part of a page can stand beside: nobody is signed in.
pub(crate) fn fatal<T>(answer: &Result<T, Problem>) -> Result<(), Problem> {
    match answer {
        Err(problem) if problem.class == Class::Unauthenticated => Err(problem.clone()),
        _ => Ok(()),
    }
}

/// The names of the branches, their doors and their channels, learned once and again when asked for.
pub(crate) async fn doors(app: &App, asker: &Asker, unit_id: &str) -> Result<Vec<intake::Door>, Problem> {
    let doors = asker.get_door(intake::GetDoorRequest { unit_id: unit_id.to_owned() }).await?.doors;
    app.words.hear_doors(&doors);
    Ok(doors)
}

pub(crate) async fn hear_units(app: &App, asker: &Asker) -> Result<Vec<assignment::Unit>, Problem> {
    let units = asker.list_units(assignment::ListUnitsRequest {}).await?.units;
    app.words.hear_units(&units);
    Ok(units)
}

/// The units, for a choice.
pub(crate) async fn units(app: &App, asker: &Asker) -> Vec<Named> {
    let units = hear_units(app, asker).await.unwrap_or_default();
    units.into_iter().filter(|u| !u.is_closed).map(|u| app.words.name(Shelf::Unit, &u.unit_id)).collect()
}
