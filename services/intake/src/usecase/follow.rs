//! The complainant comes back with the code and sees how far it is.

use crate::{
    app::App,
    domain::progress,
    usecase::{appeal, chase::may_chase, rate::may_rate, supplement::may_supplement, target, withdraw::may_withdraw},
};
use contracts::intake::{Choice, FollowRequest, FollowResponse, OpenAppeal, PublicEntry, PublicStage};
use facts::CaseView;
use house::House;
use kit_core::Text;
use kit_db::Result;
use kit_grpc::{text, timestamp};
use regime::{Appeal, Party, Stage};

/// The public state of the case that the code opens, and of the others of its submission; never their ids.
#[tracing::instrument(name = "usecase.case.follow", skip_all)]
pub(crate) async fn follow(app: &App, request: FollowRequest) -> Result<FollowResponse> {
    let (row, others) = target::by_code(app, &request.receipt_code, &request.number).await?;
    let law = app.law();
    let others = others.into_iter().map(|other| state(app, &law, other.view.0)).collect();
    Ok(FollowResponse { others, ..state(app, &law, row.view.0) })
}

fn state(app: &App, law: &House, view: CaseView) -> FollowResponse {
    let unit_name = law.directory().unit(&view.unit_id).map(|unit| text(&unit.name));
    let (stage, title) = progress::stage(&view);
    let now = app.env.now();
    let regime = target::regime_of(&law, &view).ok();
    let choice = |id: &str, title: &Text| Choice { id: id.to_owned(), title: Some(text(title)) };
    let open: Vec<_> =
        regime.iter().flat_map(|regime| appeal::open_to(&law, regime, &view, "complainant", now)).collect();
    let last_day = |tier: &Appeal| appeal::last_day(&law, tier, &view).map(|day| day.to_string()).unwrap_or_default();
    let open_appeal = |tier: &&Appeal| OpenAppeal {
        tier: tier.tier.clone(),
        title: Some(text(&tier.title)),
        last_day: last_day(tier),
        cite: tier.cite.clone(),
    };
    let open_appeals = open.iter().map(open_appeal).collect();
    let course = regime.iter().flat_map(|regime| regime.stages(&view));
    let is_reached = |stage: &Stage| stage.reached.iter().any(|fact| regime::Case::has(&view, fact));
    let course = course.map(|stage| PublicStage { title: Some(text(&stage.title)), is_reached: is_reached(stage) });
    let course = course.collect();
    // Where to turn is told with the result.
    let is_told = view.has_word("complainant-told");
    let ways = regime.iter().filter(|_| is_told).flat_map(|regime| regime.redress_for(Party::Complainant, &view));
    let redress = ways.map(|way| text(&way.say)).collect();
    let rated = regime.iter().filter(|regime| may_rate(&law, regime, &view, now).is_ok());
    let ratings = rated.flat_map(|regime| &regime.words.satisfaction);
    let entry = |step: progress::Step| PublicEntry { at: Some(timestamp(step.at)), text: Some(text(&step.text)) };
    FollowResponse {
        entries: progress::course(&view).into_iter().map(entry).collect(),
        may_chase: may_chase(&view, now).is_ok(),
        appeals: open.iter().map(|tier| choice(&tier.tier, &tier.title)).collect(),
        ratings: ratings.map(|word| choice(&word.id, &word.title)).collect(),
        may_withdraw: may_withdraw(&view).is_ok(),
        may_supplement: may_supplement(&view).is_ok(),
        received_at: Some(timestamp(view.received_at)),
        number: view.number,
        unit_name,
        kind: view.kind,
        stage: stage.to_owned(),
        stage_title: Some(text(&title)),
        course,
        open_appeals,
        redress,
        others: Vec::new(),
    }
}
