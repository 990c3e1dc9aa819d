//! What the caller may demand, form and name in a case, with what there is to choose from.

use crate::domain::case::{Case, State};
use crate::domain::moment::Moment;
use crate::domain::orders;
use crate::usecase::answer_order::may_answer;
use crate::usecase::delegate_case::may_be_named;
use contracts::assignment as wire;
use facts::authorise;
use house::House;
use kit_grpc::text;
use organisation::Staff;
use regime::Regime;

/// The orders given in the case.
pub(super) fn given(law: &House, regime: &Regime, case: &Case, staff_id: &str) -> Vec<wire::GivenOrder> {
    let orders = case.view.orders.iter();
    orders
        .map(|one| {
            let rule = regime.order(&one.order);
            wire::GivenOrder {
                no: one.no,
                order: one.order.clone(),
                title: rule.map(|rule| text(&rule.title)),
                answer: rule.map(|rule| text(&rule.answer)),
                ground: one.ground.clone(),
                unit_id: one.unit_id.clone(),
                to: one.to.clone(),
                staff_ids: one.staff.clone(),
                due: one.due.map(|due| due.to_string()).unwrap_or_default(),
                given_by: one.given_by.clone(),
                is_answered: one.is_answered,
                may_answer: !one.is_answered && case.state != State::Done && may_answer(law, &case.view, staff_id, one),
            }
        })
        .collect()
}

/// What this person may order.
pub(super) fn orders(law: &House, regime: &Regime, case: &Case, now: Moment, staff_id: &str) -> Vec<wire::OrderForm> {
    let may = |id: &str| authorise(law, &case.view, staff_id, &format!("order({id})")).is_ok();
    let orders = regime.orders.iter().filter(|order| may(&order.id));
    orders
        .map(|order| {
            let found = orders::recipients(law, regime, &case.view, now, order, "");
            let grounds = order.grounds.iter().map(|ground| wire::OrderGround {
                ground: ground.id.clone(),
                title: Some(text(&ground.title)),
                is_suggested: !ground.condition.is_always() && ground.condition.holds(&case.view),
                cite: ground.cite.clone(),
            });
            wire::OrderForm {
                order: order.id.clone(),
                title: Some(text(&order.title)),
                is_dated: order.is_dated,
                grounds: grounds.collect(),
                recipients: found
                    .staff_ids
                    .iter()
                    .filter_map(|id| law.directory().staff(id))
                    .map(|staff| candidate(law, &found.unit_id, staff, &found.to))
                    .collect(),
                unit_id: found.unit_id,
                to: found.to,
                has_risen: found.has_risen,
                cite: order.cite.clone(),
            }
        })
        .collect()
}

/// The teams that this person may form, and of whom.
pub(super) fn teams(law: &House, regime: &Regime, case: &Case, staff_id: &str) -> Vec<wire::TeamForm> {
    if authorise(law, &case.view, staff_id, "form-team").is_err() {
        return Vec::new();
    }
    let near = |unit: &str| {
        case.view
            .units()
            .any(|of_case| law.directory().is_within(of_case, unit) || law.directory().is_within(unit, of_case))
    };
    let is_free = |staff: &&Staff| staff.is_active && !case.view.excluded.contains(&staff.id);
    let teams = regime.teams.iter().map(|team| {
        let of = |role: &str| team.of.is_empty() || team.of.iter().chain(&team.lead).any(|known| known == role);
        let staff = law.directory().all_staff().filter(is_free).filter_map(|staff| {
            let grant = staff.grants.iter().find(|grant| of(&grant.role) && near(&grant.unit))?;
            Some(candidate(law, &grant.unit, staff, &grant.role))
        });
        wire::TeamForm {
            team: team.id.clone(),
            title: Some(text(&team.title)),
            least: team.least,
            departments: team.departments,
            lead_role: team.lead.clone().unwrap_or_default(),
            candidates: staff.collect(),
            cite: team.cite.clone(),
        }
    });
    teams.collect()
}

/// Whom this person may name as the handler.
pub(super) fn delegates(law: &House, regime: &Regime, case: &Case, staff_id: &str) -> Vec<wire::Candidate> {
    if !case.state.has_handler() || authorise(law, &case.view, staff_id, "delegate").is_err() {
        return Vec::new();
    }
    let unit = case.view.handling_unit_id.as_deref().unwrap_or(&case.view.unit_id);
    let staff = law.directory().all_staff().filter(|staff| {
        case.view.handler.as_deref() != Some(&staff.id) && may_be_named(law, regime, &case.view, &staff.id)
    });
    let role = |staff: &Staff| staff.grants.first().map(|grant| grant.role.clone()).unwrap_or_default();
    staff.map(|staff| candidate(law, unit, staff, &role(staff))).collect()
}

/// Of whom somebody asks that they step back.
pub(super) fn asked(law: &House, case: &Case) -> Vec<wire::Candidate> {
    let unit = case.view.handling_unit_id.as_deref().unwrap_or(&case.view.unit_id);
    let staff = case.view.recusals_asked.iter().filter_map(|id| law.directory().staff(id));
    staff.map(|staff| candidate(law, unit, staff, "")).collect()
}

pub(super) fn candidate(law: &House, unit_id: &str, staff: &Staff, role: &str) -> wire::Candidate {
    wire::Candidate {
        unit_id: unit_id.to_owned(),
        unit_name: law.directory().unit(unit_id).map(|unit| text(&unit.name)),
        staff_id: staff.id.clone(),
        staff_name: staff.name.clone(),
        role: role.to_owned(),
    }
}
