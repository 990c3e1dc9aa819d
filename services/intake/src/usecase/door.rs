//! The doors as the public finds them: what each branch takes in, by which channel, and what the form asks.

use crate::{
    app::App,
    domain::doors::{self, InForce},
};
use contracts::intake::{ChannelDoor, Choice, Door, GetDoorRequest, GetDoorResponse, Kinds, Question};
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, text};
use organisation::Unit;
use regime::{Asked, QuestionKind, Word};

/// The doors of one unit, or of every branch that has one open.
#[tracing::instrument(name = "usecase.door.get", skip_all)]
pub(crate) fn get_door(app: &App, ctx: &Ctx, request: &GetDoorRequest) -> Result<GetDoorResponse> {
    let law = app.law();
    let directory = law.0.directory();
    if request.unit_id.is_empty() {
        let branches = directory.units().filter(|unit| unit.kind == "branch" && !unit.is_closed);
        return Ok(GetDoorResponse { doors: branches.flat_map(|unit| of_unit(app, ctx, &law.0, unit)).collect() });
    }
    let unit = directory.unit(&request.unit_id).filter(|unit| unit.kind != "department");
    let unit =
        unit.ok_or_else(|| Problem::not_found("unknown-branch", "没有这个分支机构", "There is no such branch"))?;
    let doors = if unit.is_closed { Vec::new() } else { of_unit(app, ctx, &law.0, unit) };
    Ok(GetDoorResponse { doors })
}

fn of_unit(app: &App, ctx: &Ctx, law: &Law, unit: &Unit) -> Vec<Door> {
    let today = app.env.now().with_timezone(&doors::zone(law.directory(), &unit.id)).date_naive();
    doors::in_force(law, &unit.id, today).into_iter().map(|one| door(law, ctx.staff().is_ok(), unit, &one)).collect()
}

fn door(law: &Law, is_staff: bool, unit: &Unit, one: &InForce) -> Door {
    let regime = &one.regime;
    let asked = regime.words.facts.iter().filter(|question| question.asked.contains(&Asked::HandIn));
    let advice = if is_staff { regime.guidance_before("record") } else { Vec::new() };
    let departments = law.directory().departments(&unit.id);
    Door {
        unit_id: unit.id.clone(),
        unit_name: Some(text(&unit.name)),
        regime_id: regime.id.clone(),
        regime_title: Some(text(&regime.title)),
        kinds: one.kinds.iter().map(choice).collect(),
        channels: regime.channels.iter().map(channel).collect(),
        departments: departments.iter().map(|d| Choice { id: d.id.clone(), title: Some(text(&d.name)) }).collect(),
        questions: asked.map(question).collect(),
        may_be_anonymous: regime.channels.iter().any(regime::Channel::may_be_anonymous),
        complainants: regime.words.complainants.iter().map(choice).collect(),
        respondents: regime.words.respondents.iter().map(choice).collect(),
        guidance: advice.iter().map(text).collect(),
        apart: regime.splitting.iter().map(|split| Kinds { kinds: split.kinds.clone() }).collect(),
    }
}

fn choice(word: &Word) -> Choice {
    Choice { id: word.id.clone(), title: Some(text(&word.title)) }
}

fn channel(channel: &regime::Channel) -> ChannelDoor {
    ChannelDoor {
        channel: channel.id.clone(),
        title: Some(text(&channel.title)),
        is_recorded_by_staff: !channel.is_open_to_public(),
        required_fields: channel.requires.clone(),
        kinds: channel.kinds.clone(),
        identity: channel.identity.clone(),
        is_sealed: channel.is_sealed,
        shows: channel.shows.clone().unwrap_or_default(),
        gives_receipt: channel.gives_receipt,
    }
}

fn question(question: &regime::Question) -> Question {
    let kind = match question.kind {
        QuestionKind::Flag => "flag",
        QuestionKind::Number => "number",
        QuestionKind::Word => "word",
    };
    Question {
        name: question.name.clone(),
        title: Some(text(&question.title)),
        r#type: kind.to_owned(),
        words: question.words.iter().map(choice).collect(),
        cite: question.cite.clone(),
    }
}
