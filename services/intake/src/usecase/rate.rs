//! The complainant says afterwards how satisfied they are (评价), once, by the code.

use crate::{
    app::App,
    domain::{
        nearest::nearest,
        term,
        text::{self, LONG},
    },
    usecase::{seal, target},
};
use chrono::{DateTime, Utc};
use contracts::{
    Fact,
    intake::{CaseRated, RateRequest, RateResponse},
};
use facts::CaseView;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::CaseId;
use regime::Regime;
use std::sync::Arc;

/// Notes what they say.
#[tracing::instrument(name = "usecase.case.rate", skip_all)]
pub(crate) async fn rate(app: &App, request: RateRequest) -> Result<RateResponse> {
    let RateRequest { request_id, receipt_code, satisfaction, text, number } = request;
    let text = if text.trim().is_empty() { None } else { Some(text::required("text", text, LONG)?) };
    let case = target::by_code(app, &receipt_code, &number).await?.0.case_id;
    let said = text.as_ref().map_or("", |text| text.expose());
    let command = app.command("rate", &request_id, "complainant", &[&case.to_string(), &satisfaction, said]);
    let (law, master) = (app.law(), Arc::clone(&app.master));
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let mut row = target::lock(tx, case).await?;
                let regime = target::regime_of(&law, &row.view)?;
                may_rate(&law, &regime, &row.view, tx.now())?;
                known(&regime, &satisfaction)?;
                target::guard(&regime, &row.view, "rate")?;
                if let Some(text) = &text {
                    seal::seal(tx, &master, case, "rating", text).await?;
                }
                let event = CaseRated { case_id: CaseId::new(case).to_string(), satisfaction };
                tx.publish(&event.case_id, &event);
                row.view.apply(&Fact::CaseRated(event), tx.now());
                crate::store::case::save(tx.conn(), &[row]).await?;
                Ok(RateResponse {})
            })
        })
        .await
}

/// Whether it may be rated now.
pub(crate) fn may_rate(
    house: &House,
    regime: &Regime,
    view: &CaseView,
    now: DateTime<Utc>,
) -> std::result::Result<(), Problem> {
    let after = regime.rating.iter().flat_map(|rating| &rating.after);
    let since = after.filter(|fact| regime::Case::has(view, fact)).filter_map(|fact| view.last(fact)).max();
    let (Some(rating), Some(since)) = (&regime.rating, since) else {
        return Err(Problem::conflict("not-after", "现在还不能评价", "It cannot be rated yet"));
    };
    if view.has_word("case-rated") {
        return Err(Problem::conflict("already-rated", "已经评价过", "It has been rated already"));
    }
    let Some(within) = rating.within else { return Ok(()) };
    match term::passed(&term::ground(house, view)?, within, since, now) {
        Some(last) => {
            let (zh, en) = (format!("评价期限已于 {last} 届满"), format!("The last day to rate it was {last}"));
            Err(Problem::conflict("too-late", zh, en))
        }
        None => Ok(()),
    }
}

fn known(regime: &Regime, word: &str) -> std::result::Result<(), Problem> {
    let ids = || regime.words.satisfaction.iter().map(|word| word.id.as_str());
    if ids().any(|id| id == word) {
        return Ok(());
    }
    let hint = nearest(word, ids()).map_or_else(|| ids().collect::<Vec<_>>().join(", "), str::to_owned);
    let (zh, en) = (format!("没有这个选项；可用：{hint}"), format!("There is no such word; try: {hint}"));
    Err(Problem::field("satisfaction", "unknown-word", zh, en))
}
