//! Whether any case can meet conditions, decided by trying: words and flags have few values, and numbers that are only
//! compared with literals have few that differ. What cannot be decided exactly is never claimed.

use super::{Condition, Variables};
use crate::{Value, vocabulary};
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};
use std::collections::{BTreeMap, BTreeSet};

/// Beyond so many combinations nothing is decided.
const MOST: usize = 10_000;

const COMPARISONS: [&str; 6] = [
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::LESS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::GREATER_EQUALS,
];

impl Variables {
    /// Why a condition can never hold, in (zh, en), if that is certain.
    pub(crate) fn never(&self, condition: &Condition) -> Option<(String, String)> {
        let expression = condition.program.as_ref().map(|compiled| compiled.program.expression());
        // A parameter that was filled in may well switch a rule off; what is false by itself is a slip.
        if expression.is_some_and(is_switched) || self.possible(&[condition], &[]) != Some(false) {
            return None;
        }
        let text = condition.text();
        let names = condition.program.iter().flat_map(|compiled| compiled.defaults.keys());
        let values: Vec<String> = names.filter_map(|name| self.told(name)).collect();
        let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join("; ")) };
        Some((format!("条件“{text}”永远不会成立{values}"), format!("the condition `{text}` can never hold{values}")))
    }

    /// Whether some case meets all of `holds` and none of `fails`; none where that cannot be decided.
    pub(crate) fn possible(&self, holds: &[&Condition], fails: &[&Condition]) -> Option<bool> {
        let mut numbers: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        let mut used: BTreeSet<&str> = BTreeSet::new();
        for compiled in holds.iter().chain(fails).filter_map(|condition| condition.program.as_ref()) {
            used.extend(compiled.defaults.keys().map(String::as_str));
            if !literals(compiled.program.expression(), &compiled.defaults, &mut numbers) {
                return None;
            }
        }
        let axes: Vec<(&str, Vec<Value>)> =
            used.iter().map(|name| Some((*name, self.values(name, numbers.get(name))?))).collect::<Option<_>>()?;
        let combinations = axes.iter().try_fold(1, |all: usize, (_, values)| all.checked_mul(values.len()))?;
        if combinations > MOST {
            return None;
        }
        for number in 0..combinations {
            let case = combination(&axes, number);
            if !agrees(&case) {
                continue;
            }
            if !self.may_try(holds.len() + fails.len()) {
                return None;
            }
            let is = |condition: &&Condition| match &condition.program {
                Some(compiled) => compiled.evaluate(&compiled.values(&|name| case.get(name).cloned())).ok(),
                None => Some(true),
            };
            let held = holds.iter().map(is).collect::<Option<Vec<_>>>()?;
            let failed = fails.iter().map(is).collect::<Option<Vec<_>>>()?;
            if held.into_iter().all(|held| held) && !failed.into_iter().any(|held| held) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Everything that the variable can be, as far as conditions can tell apart.
    fn values(&self, name: &str, literals: Option<&BTreeSet<i64>>) -> Option<Vec<Value>> {
        if name.contains(super::LIST) {
            return Some(vec![Value::Flag(false), Value::Flag(true)]);
        }
        Some(match self.defaults.get(name)? {
            Value::Flag(_) if name == "valid" && !self.can_be_valid() => vec![Value::Flag(false)],
            Value::Flag(_) => vec![Value::Flag(false), Value::Flag(true)],
            // What is not known yet is the default: an empty word for those of the house.
            Value::Word(default) => {
                let words: BTreeSet<&String> = self.domains.get(name)?.iter().chain([default]).collect();
                words.into_iter().cloned().map(Value::Word).collect()
            }
            Value::Number(default) => {
                let ends = [*vocabulary::NUMBERS.start(), *vocabulary::NUMBERS.end()];
                let around =
                    literals.into_iter().flatten().flat_map(|n| [n.saturating_sub(1), *n, n.saturating_add(1)]);
                let inside = around.filter(|n| vocabulary::NUMBERS.contains(n));
                let numbers: BTreeSet<i64> = inside.chain(ends).chain([*default]).collect();
                numbers.into_iter().map(Value::Number).collect()
            }
        })
    }

    fn can_be_valid(&self) -> bool {
        self.domains.get("validity").is_some_and(|words| words.iter().any(|word| word == "valid"))
    }

    /// What a word can be, to be told to an author: `case.loss: none, some, heavy`.
    fn told(&self, name: &str) -> Option<String> {
        let words = self.domains.get(name).filter(|words| !words.is_empty() && words.len() <= 12)?;
        Some(format!("case.{name}: {}", words.join(", ")))
    }
}

/// Whether part of the expression asks nothing of the case: `'$third-party' == 'guided'`, or `$first-moment && …`.
fn is_switched(expression: &IdedExpr) -> bool {
    let is_literal = |expression: &IdedExpr| matches!(expression.expr, Expr::Literal(_));
    let is_truth = |expression: &IdedExpr| matches!(&expression.expr, Expr::Literal(LiteralValue::Boolean(_)));
    let Expr::Call(call) = &expression.expr else { return false };
    let is_constant = match call.func_name.as_str() {
        operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT => call.args.iter().any(is_truth),
        operator if COMPARISONS.contains(&operator) => call.args.iter().all(is_literal),
        _ => false,
    };
    is_constant || call.args.iter().any(is_switched)
}

/// `valid` says nothing of its own: it is what `validity` is.
fn agrees(case: &BTreeMap<String, Value>) -> bool {
    let (Some(Value::Flag(valid)), Some(Value::Word(validity))) = (case.get("valid"), case.get("validity")) else {
        return true;
    };
    *valid == (validity == "valid")
}

fn combination(axes: &[(&str, Vec<Value>)], mut number: usize) -> BTreeMap<String, Value> {
    let mut case = BTreeMap::new();
    for (name, values) in axes {
        if let Some(value) = values.get(number % values.len().max(1)) {
            case.insert((*name).to_owned(), value.clone());
        }
        number /= values.len().max(1);
    }
    case
}

/// Notes the literals that numbers are compared with. False if a number is used in any other way: then its values
/// cannot be told apart by them.
fn literals<'a>(
    expression: &'a IdedExpr,
    defaults: &'a BTreeMap<String, Value>,
    numbers: &mut BTreeMap<&'a str, BTreeSet<i64>>,
) -> bool {
    let is_number = |expr: &Expr| match expr {
        Expr::Select(select) => {
            defaults.get_key_value(&select.field).filter(|(_, value)| matches!(value, Value::Number(_))).map(|(k, _)| k)
        }
        _ => None,
    };
    match &expression.expr {
        Expr::Call(call) => {
            if let Some((name, literals)) = compared(call, &is_number) {
                numbers.entry(name).or_default().extend(literals);
                return true;
            }
            call.target.iter().all(|target| literals(target, defaults, numbers))
                && call.args.iter().all(|arg| literals(arg, defaults, numbers))
        }
        Expr::List(list) => list.elements.iter().all(|element| literals(element, defaults, numbers)),
        Expr::Select(select) if select.test => true,
        expr @ Expr::Select(_) => is_number(expr).is_none(),
        Expr::Ident(_) | Expr::Literal(_) => true,
        // Maps, structs and comprehensions may carry numbers anywhere.
        _ => !defaults.values().any(|value| matches!(value, Value::Number(_))),
    }
}

/// A number and the whole literals that a call compares it with.
fn compared<'a>(
    call: &'a CallExpr,
    is_number: &impl Fn(&'a Expr) -> Option<&'a String>,
) -> Option<(&'a str, Vec<i64>)> {
    let [left, right] = call.args.as_slice() else { return None };
    let whole = |expr: &Expr| match expr {
        Expr::Literal(LiteralValue::Int(number)) => Some(*number.inner()),
        _ => None,
    };
    if COMPARISONS.contains(&call.func_name.as_str()) {
        let one = |number: &'a IdedExpr, other: &IdedExpr| {
            Some((is_number(&number.expr)?.as_str(), vec![whole(&other.expr)?]))
        };
        return one(left, right).or_else(|| one(right, left));
    }
    if call.func_name == operators::IN
        && let Expr::List(list) = &right.expr
    {
        let all: Option<Vec<i64>> = list.elements.iter().map(|element| whole(&element.expr)).collect();
        return Some((is_number(&left.expr)?.as_str(), all?));
    }
    None
}
