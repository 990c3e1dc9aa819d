//! Turning against what was decided (申诉): by the complainant with the code, or by staff for whoever appeals.

use crate::{
    app::App,
    domain::{
        term,
        text::{self, LONG},
    },
    usecase::{
        seal,
        target::{self, By, Named},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    Fact,
    intake::{AppealLodged, AppealRequest, AppealResponse},
};
use facts::CaseView;
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::Ctx;
use kit_ids::CaseId;
use regime::{Appeal, FactRef, Regime};
use std::sync::Arc;

/// Lodges the appeal; answers its tier.
#[tracing::instrument(name = "usecase.case.appeal", skip_all)]
pub(crate) async fn appeal(app: &App, ctx: &Ctx, request: AppealRequest) -> Result<AppealResponse> {
    let AppealRequest { request_id, receipt_code, case_id, tier, reasons, request, by: whose, number } = request;
    let (case, by) =
        target::resolve(app, ctx, Named { code: &receipt_code, number: &number, case_id: &case_id }).await?;
    let whose = if whose.is_empty() || by == By::Complainant { "complainant".to_owned() } else { whose };
    let texts = [("reasons", reasons), ("request", request)];
    let texts = texts.map(|(name, said)| (name, (!said.trim().is_empty()).then(|| text::required(name, said, LONG))));
    let [(_, reasons), (_, request)] = texts;
    let (reasons, request) = (reasons.transpose()?, request.transpose()?);
    let said = [&reasons, &request].map(|text| text.as_ref().map_or("", |text| text.expose()));
    let [why, what] = said;
    let command =
        app.command("appeal", &request_id, by.actor(), &[&case.to_string(), by.word(), &tier, &whose, why, what]);
    let (law, master) = (app.law(), Arc::clone(&app.master));
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let mut row = target::lock(tx, case).await?;
                target::may(&law, &row.view, &by, "appeal")?;
                let regime = target::regime_of(&law, &row.view)?;
                let tier = chosen(&regime, &row.view, &tier)?;
                is_open(&law, &regime, tier, &row.view, &whose, tx.now())?;
                let given = [("reasons", reasons.is_some()), ("request", request.is_some())];
                wanted(tier, &given)?;
                let lacks = facts::lacks(&regime, &row.view, "appeal");
                if !lacks.is_empty() {
                    return Err(facts::not_yet(&lacks).into());
                }
                let mut refs = Vec::new();
                for (field, text) in [("reasons-of-appeal", &reasons), ("request-of-appeal", &request)] {
                    refs.push(match text {
                        Some(text) => Some(seal::seal(tx, &master, case, field, text).await?),
                        None => None,
                    });
                }
                let (request, reasons) = (refs.pop().flatten(), refs.pop().flatten());
                let staff_id = if let By::Staff(staff) = by { staff } else { String::new() };
                let (case_id, tier) = (CaseId::new(case).to_string(), tier.tier.clone());
                let event = AppealLodged { case_id, tier: tier.clone(), by: whose, staff_id, reasons, request };
                tx.publish(&event.case_id, &event);
                row.view.apply(&Fact::AppealLodged(event), tx.now());
                crate::store::case::save(tx.conn(), &[row]).await?;
                Ok(AppealResponse { tier })
            })
        })
        .await
}

/// The appeals that are open to somebody now.
pub(crate) fn open_to<'a>(
    house: &House,
    regime: &'a Regime,
    view: &CaseView,
    who: &str,
    now: DateTime<Utc>,
) -> Vec<&'a Appeal> {
    regime.appeals.iter().filter(|tier| is_open(house, regime, tier, view, who, now).is_ok()).collect()
}

/// The last day on which an open tier may still be lodged; none where the regime sets no time.
pub(crate) fn last_day(house: &House, tier: &Appeal, view: &CaseView) -> Option<NaiveDate> {
    let (within, since) = (tier.within?, opened_at(tier, view)?);
    term::last_day(&term::ground(house, view).ok()?, within, since)
}

/// The tier that was named; none named, the last of which the way is open.
fn chosen<'a>(regime: &'a Regime, view: &CaseView, tier: &str) -> std::result::Result<&'a Appeal, Problem> {
    let named = |one: &&Appeal| if tier.is_empty() { opened_at(one, view).is_some() } else { one.tier == tier };
    regime.appeals.iter().rev().find(named).ok_or_else(|| {
        let known: Vec<&str> = regime.appeals.iter().map(|one| one.tier.as_str()).collect();
        let known = known.join(", ");
        let (zh, en) = match (known.is_empty(), tier.is_empty()) {
            (true, _) => ("该制度没有申诉程序".to_owned(), "These rules know no appeal".to_owned()),
            (_, true) => ("现在还不能申诉".to_owned(), "Nothing can be appealed yet".to_owned()),
            _ => (format!("没有这一级申诉；可用：{known}"), format!("There is no such tier; there are: {known}")),
        };
        Problem::field("tier", "no-such-tier", zh, en)
    })
}

/// When its way was opened last.
fn opened_at(tier: &Appeal, view: &CaseView) -> Option<DateTime<Utc>> {
    let counts = |fact: &FactRef| regime::Case::has(view, fact);
    tier.after.iter().filter(|fact| counts(fact)).filter_map(|fact| view.last(fact)).max()
}

/// Whether this tier, or one after it that is theirs too, has decided and the matter was not decided anew since: its word
/// stands, and the way goes on to the next tier alone.
fn is_decided(regime: &Regime, tier: &Appeal, view: &CaseView, who: &str) -> bool {
    let is_theirs = |one: &&Appeal| one.who.iter().any(|asks| asks.name() == who);
    let from_here = regime.appeals.iter().skip_while(|one| one.tier != tier.tier).filter(is_theirs);
    let tiers: Vec<&str> = from_here.map(|one| one.tier.as_str()).collect();
    let since = view.history.iter().rev().take_while(|one| one.word != "case-resolved");
    let mut decided = since.filter(|one| one.word == "appeal-decided");
    decided.any(|one| one.arg.as_deref().is_some_and(|tier| tiers.contains(&tier)))
}

fn is_open(
    house: &House,
    regime: &Regime,
    tier: &Appeal,
    view: &CaseView,
    who: &str,
    now: DateTime<Utc>,
) -> std::result::Result<(), Problem> {
    let cite = &tier.cite;
    let refusal =
        |code: &str, zh: &str, en: &str| Problem::conflict(code, format!("{zh}（{cite}）"), format!("{en} ({cite})"));
    if !tier.who.iter().any(|one| one.name() == who) {
        return Err(refusal("not-theirs", "此级申诉不由其提出", "This appeal is not theirs to make"));
    }
    let Some(since) = opened_at(tier, view) else {
        return Err(refusal("not-after", "现在还不能提出此级申诉", "The way to this appeal is not open yet"));
    };
    let lodged = view.last(&FactRef::about("appeal-lodged", tier.tier.as_str()));
    if lodged.is_some_and(|lodged| lodged >= since) {
        return Err(refusal("already-lodged", "已经提出此级申诉", "This appeal has been made already"));
    }
    if is_decided(regime, tier, view, who) {
        return Err(refusal("already-decided", "此级申诉已有决定", "This appeal has been decided already"));
    }
    let Some(within) = tier.within else { return Ok(()) };
    match term::passed(&term::ground(house, view)?, within, since, now) {
        Some(last) => {
            let (zh, en) = (format!("申诉期限已于 {last} 届满"), format!("The last day for this appeal was {last}"));
            Err(refusal("too-late", &zh, &en))
        }
        None => Ok(()),
    }
}

/// What the tier wants to be said.
fn wanted(tier: &Appeal, given: &[(&str, bool)]) -> std::result::Result<(), Problem> {
    let missing: Vec<&String> = tier.needs.iter().filter(|need| given.contains(&(need.as_str(), false))).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let cite = &tier.cite;
    let (zh, en) =
        (format!("申诉须写明理由和请求（{cite}）"), format!("An appeal says why, and what is asked for ({cite})"));
    let mut problem = Problem::invalid("missing-input", zh, en);
    for need in missing {
        problem = problem.with_field(need, "此项必填", "This field is needed");
    }
    Err(problem)
}
