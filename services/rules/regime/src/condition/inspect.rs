//! Walks a compiled condition and finds names and words that mean nothing: `case.injuri`, `case.severity == 'majr'`.

use super::{LIST, LISTS};
use crate::Value;
use crate::reader::unknown;
use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};
use std::collections::{BTreeMap, BTreeSet};

const FACT: (&str, &str) = ("案件事实", "fact of a case");

struct Walk<'a> {
    defaults: &'a BTreeMap<String, Value>,
    domains: &'a BTreeMap<String, Vec<String>>,
    /// Names that a macro such as `exists` brings in.
    local: Vec<String>,
    used: BTreeSet<String>,
    found: Vec<(String, String)>,
}

/// The variables that the expression asks, and everything in it that names nothing, each in (zh, en).
pub(super) fn inspect(
    expression: &IdedExpr,
    defaults: &BTreeMap<String, Value>,
    domains: &BTreeMap<String, Vec<String>>,
) -> (BTreeSet<String>, Vec<(String, String)>) {
    let mut walk = Walk { defaults, domains, local: Vec::new(), used: BTreeSet::new(), found: Vec::new() };
    walk.visit(expression);
    (walk.used, walk.found)
}

impl Walk<'_> {
    fn visit(&mut self, expression: &IdedExpr) {
        match &expression.expr {
            Expr::Ident(name) if !self.local.contains(name) => self.bare(name),
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(root) if root == "case" => self.variable(&select.field),
                _ => self.visit(&select.operand),
            },
            Expr::Call(call) if call.func_name == operators::IN && self.listed(call) => {}
            Expr::Call(call) => {
                self.compared(call);
                call.target.iter().for_each(|target| self.visit(target));
                call.args.iter().for_each(|arg| self.visit(arg));
            }
            Expr::List(list) => list.elements.iter().for_each(|element| self.visit(element)),
            Expr::Map(map) => map.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Struct(built) => built.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Comprehension(inner) => {
                // One within another would be gone through so many times as the product of their lengths.
                if !self.local.is_empty() {
                    self.found.push(super::tangled());
                }
                self.visit(&inner.iter_range);
                let before = self.local.len();
                self.local.extend([inner.iter_var.clone(), inner.accu_var.clone()]);
                self.local.extend(inner.iter_var2.clone());
                [&inner.accu_init, &inner.loop_cond, &inner.loop_step, &inner.result]
                    .into_iter()
                    .for_each(|e| self.visit(e));
                self.local.truncate(before);
            }
            Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
        }
    }

    /// Whether it asks for a member of one of the lists: `'case-accepted' in case.done`.
    fn listed(&mut self, call: &CallExpr) -> bool {
        let [left, right] = call.args.as_slice() else { return false };
        let (Expr::Literal(LiteralValue::String(member)), Expr::Select(select)) = (&left.expr, &right.expr) else {
            return false;
        };
        let is_case = matches!(&select.operand.expr, Expr::Ident(root) if root == "case");
        if !is_case || !LISTS.contains(&select.field.as_str()) {
            return false;
        }
        self.used.insert(format!("{}{LIST}{}", select.field, member.inner()));
        self.word(&select.field, member.inner());
        true
    }

    fn entry(&mut self, entry: &EntryExpr) {
        match entry {
            EntryExpr::StructField(field) => self.visit(&field.value),
            EntryExpr::MapEntry(entry) => {
                self.visit(&entry.key);
                self.visit(&entry.value);
            }
        }
    }

    fn bare(&mut self, name: &str) {
        if name == "case" {
            return;
        }
        if self.defaults.contains_key(name) {
            self.found.push((format!("“{name}”应写作“case.{name}”"), format!("`{name}` is written `case.{name}`")));
        } else {
            self.variable(name);
        }
    }

    fn variable(&mut self, name: &str) {
        if LISTS.contains(&name) {
            let (zh, en) = (
                format!("“case.{name}”只能写作“'名称' in case.{name}”"),
                format!("`case.{name}` is only asked as `'name' in case.{name}`"),
            );
            self.found.push((zh, en));
            return;
        }
        self.used.insert(name.to_owned());
        if !self.defaults.contains_key(name) {
            self.found.push(unknown(FACT, name, self.defaults.keys().map(String::as_str)));
        }
    }

    /// A comparison of a variable with a literal that it can never be.
    fn compared(&mut self, call: &CallExpr) {
        let [left, right] = call.args.as_slice() else { return };
        match call.func_name.as_str() {
            operators::EQUALS | operators::NOT_EQUALS => {
                self.compare(left, right);
                self.compare(right, left);
            }
            operators::IN => {
                if let Expr::List(list) = &right.expr {
                    list.elements.iter().for_each(|element| self.compare(left, element));
                }
            }
            _ => {}
        }
    }

    fn compare(&mut self, variable: &IdedExpr, literal: &IdedExpr) {
        let (Expr::Select(select), Expr::Literal(literal)) = (&variable.expr, &literal.expr) else { return };
        if !matches!(&select.operand.expr, Expr::Ident(root) if root == "case") {
            return;
        }
        let name = &select.field;
        let Some(default) = self.defaults.get(name) else { return };
        let fits = match (default, literal) {
            (Value::Word(_), LiteralValue::String(word)) => return self.word(name, word.inner()),
            (Value::Flag(_), LiteralValue::Boolean(_))
            | (Value::Number(_), LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_)) => true,
            _ => false,
        };
        if !fits {
            let (zh, en) = type_of(default);
            self.found.push((
                format!("“case.{name}”是{zh}，不能这样比较"),
                format!("`case.{name}` is a {en} and cannot be compared with this"),
            ));
        }
    }

    fn word(&mut self, name: &str, word: &str) {
        // The empty word asks whether anything has been said yet.
        let Some(domain) = self.domains.get(name).filter(|_| !word.is_empty()) else { return };
        if !domain.iter().any(|known| known == word) {
            let noun = (format!("“case.{name}”的取值"), format!("value of case.{name}"));
            self.found.push(unknown((&noun.0, &noun.1), word, domain.iter().map(String::as_str)));
        }
    }
}

fn type_of(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Flag(_) => ("是非", "flag"),
        Value::Number(_) => ("数字", "number"),
        Value::Word(_) => ("词", "word"),
    }
}
