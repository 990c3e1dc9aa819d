//! What people of the house demand of each other in a case: orders, teams, requests to step back.

use crate::{
    convert::text,
    wordbook::{Shelf, Wordbook},
    words::Named,
};
use contracts::assignment as a;
use kit_core::Text;
use serde::Serialize;

/// Somebody who could take a case, an order, or a place in a team.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Candidate {
    pub(crate) unit: Named,
    pub(crate) staff: Named,
    pub(crate) role: String,
}

impl From<a::Candidate> for Candidate {
    fn from(c: a::Candidate) -> Self {
        let staff_name = Text::new(c.staff_name.clone(), c.staff_name);
        Self { unit: Named::new(c.unit_id, text(c.unit_name)), staff: Named::new(c.staff_id, staff_name), role: c.role }
    }
}

pub(crate) fn candidates(list: Vec<a::Candidate>) -> Vec<Candidate> {
    list.into_iter().map(Candidate::from).collect()
}

/// An order that was given, and whether it is answered.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct GivenOrder {
    pub(crate) no: u32,
    pub(crate) order: Named,
    /// What the answer is called.
    pub(crate) answer: Text,
    pub(crate) ground: String,
    pub(crate) unit: Named,
    /// Who owes the answer: a role, one that the case gives, or a body outside.
    pub(crate) to: String,
    pub(crate) due: String,
    pub(crate) is_answered: bool,
    pub(crate) may_answer: bool,
}

impl GivenOrder {
    pub(crate) fn new(order: a::GivenOrder, words: &Wordbook) -> Self {
        Self {
            no: order.no,
            order: Named::new(order.order, text(order.title)),
            answer: text(order.answer),
            ground: order.ground,
            unit: words.name(Shelf::Unit, &order.unit_id),
            to: order.to,
            due: order.due,
            is_answered: order.is_answered,
            may_answer: order.may_answer,
        }
    }

    /// As one of a list to choose from.
    pub(crate) fn named(&self) -> Named {
        let Text { zh, en } = &self.order.title;
        let (due_zh, due_en) = match self.due.as_str() {
            "" => (String::new(), String::new()),
            due => (format!("（{due} 前）"), format!(" (by {due})")),
        };
        Named::new(
            self.no.to_string(),
            Text::new(format!("{zh} {}{due_zh}", self.no), format!("{en} {}{due_en}", self.no)),
        )
    }
}

/// What a page asks for, to give one order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OrderForm {
    pub(crate) order: Named,
    /// A last day must be named.
    pub(crate) is_dated: bool,
    pub(crate) grounds: Vec<Ground>,
    pub(crate) unit: Named,
    pub(crate) to: String,
    pub(crate) recipients: Vec<Candidate>,
    /// Nobody is there for whom it is meant: it would go to the next rung of the ladder.
    pub(crate) has_risen: bool,
}

/// A ground of an order, and whether the case meets it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Ground {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) is_suggested: bool,
    pub(crate) cite: String,
}

impl OrderForm {
    pub(crate) fn new(form: a::OrderForm, words: &Wordbook) -> Self {
        let ground = |g: a::OrderGround| Ground {
            id: g.ground,
            title: text(g.title),
            is_suggested: g.is_suggested,
            cite: g.cite,
        };
        Self {
            order: Named::new(form.order, text(form.title)),
            is_dated: form.is_dated,
            grounds: form.grounds.into_iter().map(ground).collect(),
            unit: words.name(Shelf::Unit, &form.unit_id),
            to: form.to,
            recipients: candidates(form.recipients),
            has_risen: form.has_risen,
        }
    }
}

/// What a page asks for, to form one team.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TeamForm {
    pub(crate) team: Named,
    pub(crate) least: u32,
    pub(crate) departments: u32,
    /// The role of whoever leads it; empty: any member.
    pub(crate) lead_role: String,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) cite: String,
}

impl From<a::TeamForm> for TeamForm {
    fn from(form: a::TeamForm) -> Self {
        Self {
            team: Named::new(form.team, text(form.title)),
            least: form.least,
            departments: form.departments,
            lead_role: form.lead_role,
            candidates: candidates(form.candidates),
            cite: form.cite,
        }
    }
}
