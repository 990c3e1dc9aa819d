//! Somebody asks that a person step back (申请回避), and whoever the regime names rules on it (决定回避).

use super::follow::recuse;
use super::outcome::{open, unless_ready, write_one};
use crate::domain::case::{Case, State};
use crate::domain::dispatch::weighed;
use crate::domain::event::Event;
use crate::domain::{recusal, refusal};
use crate::publish;
use crate::store;
use facts::{CaseView, authorise, may_read};
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_ids::{CaseId, RefId};
use kit_messaging::Tx;
use regime::{Recused, Regime};

/// Notes the request.
pub(crate) async fn ask_recusal(
    tx: &mut Tx,
    law: &House,
    staff_id: &str,
    (case_id, version): (CaseId, u64),
    whom: Option<String>,
    ground: RefId,
) -> Result<()> {
    let (mut case, regime) = open(tx, law, case_id, version, staff_id, &["ask-recusal"]).await?;
    if case.state == State::Done {
        return Err(refusal::case_ended().into());
    }
    unless_ready(&regime, &case, "ask-recusal")?;
    let whom = whom.or_else(|| case.view.handler.clone()).ok_or_else(refusal::not_dispatched)?;
    let is_here = law.directory().staff(&whom).is_some_and(|staff| staff.is_active);
    if !is_here || case.view.excluded.contains(&whom) {
        return Err(refusal::unavailable("staff_id").into());
    }
    if case.view.recusals_asked.contains(&whom) {
        let (zh, en) = ("已有申请，等待决定", "That was asked for already and waits for a ruling");
        return Err(Problem::conflict("already-asked", zh, en).into());
    }
    let event = Event::RecusalAsked { staff_id: whom, by: staff_id.to_owned(), ground };
    publish::happen(tx, &mut case, &event);
    write_one(tx, law, &regime, case, vec![event]).await?;
    Ok(())
}

/// A ruling on a request; nobody named is whoever was asked about.
pub(crate) struct RuleRecusal {
    pub case_id: CaseId,
    pub version: u64,
    pub whom: Option<String>,
    pub is_granted: bool,
    pub reason: Option<RefId>,
}

/// Rules on it. What is granted recuses the person at once.
pub(crate) async fn rule_recusal(tx: &mut Tx, law: &House, staff_id: &str, command: RuleRecusal) -> Result<()> {
    let RuleRecusal { case_id, version, whom, is_granted, reason } = command;
    let (mut case, regime) = opened(tx, law, case_id, version, staff_id).await?;
    if case.state == State::Done {
        return Err(refusal::case_ended().into());
    }
    let asked = |id: &String| case.view.recusals_asked.contains(id);
    let whom = whom.filter(asked).or_else(|| case.view.recusals_asked.first().cloned());
    let Some(whom) = whom else {
        return Err(
            Problem::conflict("nothing-asked", "没有等待决定的回避申请", "No request waits for a ruling").into()
        );
    };
    if whom == staff_id {
        let (zh, en) = ("不能决定自己是否回避", "Nobody rules on their own recusal");
        return Err(Problem::denied("own-recusal", zh, en).into());
    }
    unless_ready(&regime, &case, "rule-recusal")?;
    let by = staff_id.to_owned();
    let ruled = Event::RecusalRuled { staff_id: whom.clone(), by, is_granted, reason };
    publish::happen(tx, &mut case, &ruled);
    let mut events = vec![ruled];
    if is_granted {
        let units = [Some(case.view.unit_id.as_str()), case.view.about_unit_id.as_deref()];
        let staff = weighed(law, &regime, &case.view, units.into_iter().flatten());
        let mut loads = store::case::loads(tx, staff.into_iter().collect()).await?;
        let cite = recusal::cite(&regime, &case.view, Recused::OnRequest);
        let recused = Event::Recused { staff_id: whom, cite, reason };
        recuse(tx, law, &regime, &mut case, recused, &mut loads, &mut events)?;
    }
    write_one(tx, law, &regime, case, events).await?;
    Ok(())
}

async fn opened(
    tx: &mut Tx,
    law: &House,
    case_id: CaseId,
    version: u64,
    staff_id: &str,
) -> Result<(Case, std::sync::Arc<Regime>)> {
    let case = store::case::lock(tx, &[case_id]).await?.remove(&case_id).ok_or_else(Problem::unknown_case)?;
    let regime = super::outcome::regime_of(law, &case)?;
    if may_rule(law, &regime, &case.view, staff_id) {
        case.expect_version(version)?;
        return Ok((case, regime));
    }
    open(tx, law, case_id, version, staff_id, &["rule-recusal"]).await
}

/// Whether this person rules on requests: the regime names their role, or else lets them.
pub(crate) fn may_rule(law: &House, regime: &Regime, view: &CaseView, staff_id: &str) -> bool {
    let named = recusal::rule(regime, view, Recused::OnRequest).and_then(|rule| rule.ruled_by.as_deref());
    let holds = |role: &str| view.units().any(|unit| law.directory().holds(staff_id, role, unit));
    may_read(law, view, staff_id)
        && (named.is_some_and(holds) || authorise(law, view, staff_id, "rule-recusal").is_ok())
}
