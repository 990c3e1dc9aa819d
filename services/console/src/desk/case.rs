//! `/desk/cases/{case_id}`: the case on one page, and the commands given from it.

use crate::{
    app::App,
    command::{self, form_key},
    desk::{files::seal_files, lists::me},
    form::Form,
    load,
    refusal::{Refusal, status},
    render::Shell,
    session::Staff,
    typed::Typed,
    upload::Sent,
    view::{case::Case, dealings::GivenOrder},
    words::{self, Named},
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use contracts::intake;
use kit_core::{Class, Problem, Text};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct CaseView {
    pub(crate) case: Case,
    /// The form of each action, task and request, by its key.
    pub(crate) forms: BTreeMap<String, Typed>,
    /// The ways in which somebody can be told.
    pub(crate) ways: Vec<Named>,
    /// The ways in which somebody shows who they are, and what another case can be to this one.
    pub(crate) proofs: Vec<Named>,
    pub(crate) relations: Vec<Named>,
    /// The teams one may form, and everybody who could be of one.
    pub(crate) teams: Vec<Named>,
    pub(crate) team_members: Vec<Named>,
    /// The orders that wait for one's answer.
    pub(crate) my_orders: Vec<Named>,
    /// What has just been done, if anything: the title of the command.
    pub(crate) done: String,
    /// On which the texts were read: a file that one of them names is read on the same.
    pub(crate) reason: String,
    /// Identity fields just revealed: for this answer only.
    pub(crate) revealed: Vec<Revealed>,
    /// A refused form that has no place on the page any more.
    pub(crate) refused: Option<Typed>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Revealed {
    pub(crate) field: Named,
    pub(crate) value: String,
}

/// What the page is shown after.
#[derive(Default)]
struct After {
    done: String,
    reason: String,
    revealed: Option<Revealed>,
    refused: Option<Typed>,
}

impl CaseView {
    /// The page with a form for everything that may be done.
    pub(crate) fn new(case: Case, request_id: impl Fn() -> String) -> Self {
        let mut forms = BTreeMap::new();
        let mut add = |key: String| {
            let typed = begin(&case, &key, request_id());
            forms.insert(key, typed);
        };
        case.actions.iter().for_each(|action| add(action.key.clone()));
        case.tasks.iter().for_each(|task| add(form_key("complete-task", &task.task_id)));
        case.extensions.iter().for_each(|extension| add(form_key("rule-on-overrun", &extension.extension_id)));
        case.suspensions.iter().for_each(|one| add(form_key("rule-on-suspension", &one.suspension_id)));
        ["reveal", "read-texts"].into_iter().for_each(|key| add(key.to_owned()));
        Self {
            teams: case.team_forms.iter().map(|form| form.team.clone()).collect(),
            team_members: members(&case),
            my_orders: case.orders.iter().filter(|order| order.may_answer).map(GivenOrder::named).collect(),
            ways: words::ways_to_tell(),
            proofs: words::ways_to_prove(),
            relations: words::relations(),
            case,
            forms,
            ..Self::default()
        }
    }

    fn put(&mut self, typed: Typed) {
        match self.forms.get_mut(&typed.form) {
            Some(form) => *form = typed,
            None => self.refused = Some(typed),
        }
    }
}

/// Everybody who could be of a team, each once.
fn members(case: &Case) -> Vec<Named> {
    let mut named = BTreeMap::new();
    for one in case.team_forms.iter().flat_map(|form| &form.candidates) {
        let (name, unit) = (&one.staff.title, &one.unit.title);
        let title = Text::new(format!("{} · {}", name.zh, unit.zh), format!("{} · {}", name.en, unit.en));
        named.entry(one.staff.id.clone()).or_insert(title);
    }
    named.into_iter().map(|(id, title)| Named::new(id, title)).collect()
}

/// What a form begins with: what is known of the case already.
fn begin(case: &Case, key: &str, request_id: String) -> Typed {
    let mut typed = Typed::new(key, request_id);
    if key == "triage" {
        typed = typed
            .with("kind", &case.kind.id)
            .with("category", &case.category.id)
            .with("about_unit_id", &case.about_unit.id)
            .with("validity", &case.validity.id);
        for fact in &case.facts {
            let kind = case.vocabulary.questions.iter().find(|q| q.name == fact.name).map_or("word", |q| &q.kind);
            typed = typed.with(&format!("facts.{kind}.{}", fact.name), &fact.plain);
        }
    }
    let is_suggested = |grounds: &[Named]| grounds.iter().any(|ground| ground.id == case.suggested_ground);
    let has_ground = match key {
        "decline" => is_suggested(&case.vocabulary.grounds),
        "refer" => is_suggested(&case.vocabulary.referrals),
        _ => false,
    };
    if has_ground {
        typed = typed.with("ground", &case.suggested_ground);
    }
    typed
}

async fn page(app: &App, staff: &Staff, case_id: &str, after: After) -> Result<Response, Refusal> {
    let (case, name) = tokio::join!(load::case::case(app, &staff.asker, case_id, Some(&after.reason)), me(staff));
    let mut view = CaseView::new(case?, || app.request_id());
    let code = after.refused.as_ref().and_then(|typed| typed.problem.as_ref()).map_or(StatusCode::OK, status);
    if let Some(typed) = after.refused {
        view.put(typed);
    }
    view.done = after.done;
    view.reason = after.reason;
    view.revealed = after.revealed.into_iter().collect();
    let shell = Shell { switch: format!("/desk/cases/{case_id}"), ..staff.shell(&name) };
    Ok(app.page(code, "desk/case.html", &shell, &view))
}

pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(case_id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    page(&app, &staff, &case_id, After { done: query.get("done").to_owned(), ..After::default() }).await
}

/// Gives a command, and shows the page again: fresh when it was done, with the form as it was when it was refused.
pub(crate) async fn give(
    State(app): State<App>,
    staff: Staff,
    Path((case_id, name)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Refusal> {
    let Sent { mut form, files } = sent;
    staff.check(&form)?;
    command::find(&name)?;
    let sealed = seal_files(&staff, &case_id, &mut form, files).await;
    let result = match sealed.and_then(|()| form.to_json()) {
        Ok(body) => {
            let (request_id, basis) = (form.get("request_id"), form.get("basis"));
            command::give::give_on(&staff.asker, (&case_id, &name), request_id, body, basis).await
        }
        Err(problem) => Err(problem),
    };
    match result {
        Ok(_) => Ok(Redirect::to(&format!("/desk/cases/{case_id}?done={name}")).into_response()),
        Err(problem) => {
            let id = ["step", "order", "task_id", "extension_id", "suspension_id"]
                .into_iter()
                .map(|n| form.get(n))
                .find(|v| !v.is_empty());
            let key = form_key(&name, id.unwrap_or_default());
            refused(&app, &staff, &case_id, &key, &form, problem).await
        }
    }
}

/// Reads the texts of a case that is not one's own, on a reason that is written down.
pub(crate) async fn read_texts(
    State(app): State<App>,
    staff: Staff,
    Path(case_id): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    match reason(&form) {
        Ok(reason) => page(&app, &staff, &case_id, After { reason, ..After::default() }).await,
        Err(problem) => refused(&app, &staff, &case_id, "read-texts", &form, problem).await,
    }
}

/// Reveals one field of the identity, on a reason that is written down; it is shown in this answer only.
pub(crate) async fn reveal(
    State(app): State<App>,
    staff: Staff,
    Path(case_id): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let field = form.get("field").to_owned();
    let answer = match reason(&form) {
        Ok(reason) => {
            let message = intake::RevealIdentityRequest { case_id: case_id.clone(), field: field.clone(), reason };
            staff.asker.reveal_identity(message).await
        }
        Err(problem) => Err(problem),
    };
    match answer {
        Ok(answer) => {
            let revealed = Some(Revealed { field: words::identity(&field), value: answer.value });
            page(&app, &staff, &case_id, After { revealed, ..After::default() }).await
        }
        Err(problem) => refused(&app, &staff, &case_id, "reveal", &form, problem).await,
    }
}

fn reason(form: &Form) -> Result<String, Problem> {
    let reason = form.get("reason").trim();
    if reason.is_empty() {
        return Err(Problem::field("reason", "reason-needed", "请写明查看的理由", "Say why you need to see it"));
    }
    Ok(reason.to_owned())
}

pub(super) async fn refused(
    app: &App,
    staff: &Staff,
    case_id: &str,
    key: &str,
    form: &Form,
    problem: Problem,
) -> Result<Response, Refusal> {
    // A case that one may not know of, and a lost session, are no matter of this form.
    if problem.class == Class::Unauthenticated || problem.code == "unknown-case" {
        return Err(problem.into());
    }
    let request_id = app.next_request_id(form.get("request_id"), &problem);
    let typed = Typed::refused(key, form, request_id, problem);
    page(app, staff, case_id, After { refused: Some(typed), ..After::default() }).await
}
