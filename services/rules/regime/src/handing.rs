//! To whom a case goes and who is kept away from it, who demands what of whom within it, and where somebody may turn
//! against what was decided.

use crate::vocabulary::CASE_ROLES;
use crate::{Case, Condition, Ending, FactRef, Length, Office};
use kit_core::Text;

/// Where a case goes.
#[derive(Clone, Debug)]
pub struct Route {
    pub condition: Condition,
    /// What the unit does when it speaks; empty: whatever.
    pub during: Vec<Office>,
    pub to: RouteTo,
    pub role: String,
    /// Whoever is on duty comes first.
    pub on_duty: bool,
    pub cite: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteTo {
    /// The department that the case is about; unknown, a person must dispatch it.
    DepartmentComplainedOf,
    /// The unit of the case itself.
    Branch,
    /// The unit above the one that handles it, or that of the case.
    Above,
    /// The unit that the complainant chose.
    Chosen,
    /// The unit that has charge of the matter; where none or several have, a person must dispatch it.
    Competent,
}

/// Who must not handle a case.
#[derive(Clone, Debug)]
pub struct Recusal {
    pub who: Vec<Recused>,
    pub condition: Condition,
    pub then: Instead,
    /// Who rules on a request.
    pub ruled_by: Option<String>,
    pub cite: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recused {
    /// Whoever is complained of.
    Accused,
    /// Everybody of the unit complained of.
    AccusedUnit,
    /// Whoever stands above those complained of: the holders of the ladder's roles over them.
    AboveAccused,
    /// Whoever declares an interest.
    DeclaredInterest,
    /// Of whom that is asked, and granted.
    OnRequest,
    /// Whoever handled it before.
    HandledBefore,
}

/// Who handles it in their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Instead {
    /// Another by the same rule; where there is none, the next rung of the ladder.
    #[default]
    Replace,
    /// The next unit above in which somebody may.
    Rise,
    /// A holder of this role, wherever in the organisation.
    Role(String),
}

/// One rung of the ladder, the lowest first.
#[derive(Clone, Debug)]
pub struct Rung {
    /// One role, or a group of them.
    pub roles: Vec<String>,
    pub title: Option<Text>,
    pub cite: String,
}

/// An order (指令): one role demands, an answer is owed.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: String,
    pub title: Text,
    /// Who owes the answer; the first that holds.
    pub to: Vec<Addressee>,
    /// What the answer is called.
    pub answer: Text,
    pub grounds: Vec<Ending>,
    /// A last day must be named.
    pub is_dated: bool,
    /// Whoever is on duty in a role comes first.
    pub on_duty: bool,
    pub cite: String,
}

impl Order {
    /// Who receives it in this case; `office` tells what the unit does now, and is asked only where a row depends on it.
    pub fn addressee(&self, case: &dyn Case, office: impl Fn() -> Office) -> Option<&Addressee> {
        let speaks = |row: &&Addressee| row.during.is_empty() || row.during.contains(&office());
        self.to.iter().filter(speaks).find(|row| row.condition.holds(case))
    }
}

/// Who receives an order.
#[derive(Clone, Debug)]
pub struct Addressee {
    pub condition: Condition,
    /// What the unit does when it speaks; empty: whatever.
    pub during: Vec<Office>,
    pub to: OrderTo,
    pub cite: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderTo {
    /// A role, or one that the case gives, over the units of the case.
    Role(String),
    /// The head of the unit that handles the case: holders of the routing role there.
    Unit,
    /// The unit above.
    Above,
    /// The unit that has charge of the matter.
    Competent,
    /// A body outside: staff send it and write down the answer.
    Body(String),
}

impl OrderTo {
    /// Whether it is whoever holds a role, and not somebody whom the case itself names.
    pub fn is_by_role(&self) -> bool {
        match self {
            Self::Role(role) => !CASE_ROLES.contains(&role.as_str()),
            Self::Unit | Self::Above | Self::Competent => true,
            Self::Body(_) => false,
        }
    }
}

/// A group that handles a case together.
#[derive(Clone, Debug)]
pub struct Team {
    pub id: String,
    pub title: Text,
    /// So many members, at least.
    pub least: u32,
    /// The roles they come from; empty: any member of staff.
    pub of: Vec<String>,
    pub lead: Option<String>,
    /// From so many departments, at least.
    pub departments: u32,
    pub cite: String,
}

/// Where somebody may turn against what was decided.
#[derive(Clone, Debug)]
pub struct Appeal {
    pub tier: String,
    pub title: Text,
    pub who: Vec<Appellant>,
    /// Any of these opens the way.
    pub after: Vec<FactRef>,
    /// So long after that; none: at any time.
    pub within: Option<Length>,
    pub to: RouteTo,
    pub role: String,
    /// The form in which it is written.
    pub form: Option<String>,
    /// `reasons` and `request`.
    pub needs: Vec<String>,
    /// Nobody who handled the case before hears it.
    pub other_handler: bool,
    /// The stage from which the case is handled anew.
    pub reopen: Option<String>,
    pub outcomes: Vec<Ending>,
    /// There is no further appeal.
    pub is_final: bool,
    pub cite: String,
}

/// Who may appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appellant {
    Complainant,
    Respondent,
    Handler,
}

impl Appellant {
    /// As packs and contracts name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complainant => "complainant",
            Self::Respondent => "respondent",
            Self::Handler => "handler",
        }
    }
}
