//! Conditions of rules, in CEL over `case`. With its children, the one place that knows the CEL library.

mod decide;
mod inspect;
mod wording;

use crate::{Case, FactRef, Value};
use cel::objects::{Key, Map};
use cel::{Context, Env, Program};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A condition, compiled. Without a program it always holds.
#[derive(Clone)]
pub struct Condition {
    text: String,
    program: Option<Arc<Compiled>>,
}

struct Compiled {
    program: Program,
    env: Arc<Env>,
    /// The variables that the program asks, with their defaults.
    defaults: BTreeMap<String, Value>,
    /// What it came to before, by the values of its variables. Grades and flags are few, and a clock asks again and again.
    known: Mutex<Vec<(Vec<Value>, bool)>>,
}

/// `case.done` and `case.linked` are lists of what happened and how the case is linked. A condition asks of each only
/// whether something is in it, and that stands among its variables as a flag: `done:case-verified(untrue)`.
const LISTS: [&str; 2] = ["done", "linked"];
const LIST: char = ':';

/// How many answers are kept; a condition on a number may be asked about any.
const KNOWN: usize = 32;

impl Condition {
    /// The condition that every case meets.
    pub fn always() -> Self {
        Self { text: String::new(), program: None }
    }

    /// As the pack writes it; empty where it always holds.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the case meets it.
    pub fn holds(&self, case: &dyn Case) -> bool {
        let Some(compiled) = &self.program else { return true };
        compiled.holds(&|name| asked(case, name))
    }
}

/// A variable of the case, or whether something is in one of its lists.
fn asked(case: &dyn Case, name: &str) -> Option<Value> {
    let Some((list, member)) = name.split_once(LIST) else { return case.variable(name) };
    let fact = match (list, member) {
        ("done", fact) => fact.parse().ok()?,
        (_, relation) => FactRef::about("case-linked", relation),
    };
    Some(Value::Flag(case.has(&fact)))
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.program.is_some() { &self.text } else { "always" })
    }
}

/// What conditions of one pack may speak of.
pub(crate) struct Variables {
    env: Arc<Env>,
    defaults: BTreeMap<String, Value>,
    /// The words that a variable can be, where they are known.
    domains: BTreeMap<String, Vec<String>>,
    /// How often conditions may still be tried.
    tries: Cell<usize>,
}

/// So often conditions of one pack are tried to find what is wrong with them; in a pack that needs more, what was not tried
/// is not found.
const TRIES: usize = 300_000;

impl Variables {
    /// Each variable with its default; and for words, what they can be.
    pub(crate) fn new(defaults: BTreeMap<String, Value>, domains: BTreeMap<String, Vec<String>>) -> Self {
        Self { env: Arc::new(Env::stdlib()), defaults, domains, tries: Cell::new(TRIES) }
    }

    /// Whether so many more conditions may be tried.
    fn may_try(&self, many: usize) -> bool {
        let left = self.tries.get().checked_sub(many);
        self.tries.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Compiles a condition and tries it.
    ///
    /// # Errors
    /// All that is wrong with it, each in (zh, en).
    pub(crate) fn compile(&self, text: &str) -> Result<Condition, Vec<(String, String)>> {
        if is_tangled(text) {
            return Err(vec![tangled()]);
        }
        let program = self.env.compile(text).map_err(|errors| {
            let errors = errors.to_string();
            let error = errors.lines().next().unwrap_or_default();
            vec![(format!("条件“{text}”不合语法：{error}"), format!("the condition `{text}` does not read: {error}"))]
        })?;
        let (used, mistakes) = inspect::inspect(program.expression(), &self.defaults, &self.domains);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let known = self.defaults.iter().filter(|(name, _)| used.contains(*name));
        let mut defaults: BTreeMap<String, Value> =
            known.map(|(name, default)| (name.clone(), default.clone())).collect();
        defaults.extend(used.into_iter().filter(|name| name.contains(LIST)).map(|name| (name, Value::Flag(false))));
        let compiled = Compiled { program, env: Arc::clone(&self.env), defaults, known: Mutex::default() };
        for known in self.samples(&compiled.defaults).into_iter().take_while(|_| self.may_try(1)) {
            if let Err(error) = compiled.evaluate(&compiled.values(&|name| known.get(name).cloned())) {
                return Err(vec![(
                    format!("条件“{text}”不能得出是或否：{error}"),
                    format!("the condition `{text}` does not come to yes or no: {error}"),
                )]);
            }
        }
        Ok(Condition { text: text.to_owned(), program: Some(Arc::new(compiled)) })
    }

    /// Cases on which a condition is tried: the defaults, and the defaults with one variable changed at a time, so
    /// that both sides of an `or` are reached.
    fn samples(&self, defaults: &BTreeMap<String, Value>) -> Vec<BTreeMap<String, Value>> {
        let mut samples = vec![BTreeMap::new()];
        for (name, default) in defaults {
            let others = match default {
                Value::Flag(flag) => vec![Value::Flag(!flag)],
                Value::Number(number) => vec![Value::Number(number.saturating_add(1)), Value::Number(0)],
                Value::Word(_) => self.domains.get(name).into_iter().flatten().cloned().map(Value::Word).collect(),
            };
            samples.extend(others.into_iter().map(|value| BTreeMap::from([(name.clone(), value)])));
        }
        samples
    }
}

impl Compiled {
    fn holds(&self, variable: &dyn Fn(&str) -> Option<Value>) -> bool {
        let values = self.values(variable);
        let find = |known: &[(Vec<Value>, bool)]| known.iter().find(|(of, _)| *of == values).map(|(_, holds)| *holds);
        if let Some(holds) = find(&self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            return holds;
        }
        let holds = self.evaluate(&values) == Ok(true);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN {
            known.clear();
        }
        known.push((values, holds));
        holds
    }

    /// Its variables, in the order of their names. A missing one, or one of another type, takes its default: a rule
    /// never fails on what nobody has said yet.
    fn values(&self, variable: &dyn Fn(&str) -> Option<Value>) -> Vec<Value> {
        let value = |(name, default): (&String, &Value)| {
            variable(name).filter(|value| same_type(value, default)).unwrap_or_else(|| default.clone())
        };
        self.defaults.iter().map(value).collect()
    }

    fn evaluate(&self, values: &[Value]) -> Result<bool, String> {
        let key = |name: &str| Key::String(Arc::new(name.to_owned()));
        let named = || self.defaults.keys().zip(values);
        let mut map: HashMap<_, _> = named()
            .filter(|(name, _)| !name.contains(LIST))
            .map(|(name, value)| (key(name), cel_value(value)))
            .collect();
        for list in LISTS {
            let holds = |(name, value): (&String, &Value)| {
                let member = name.strip_prefix(list)?.strip_prefix(LIST)?;
                (*value == Value::Flag(true)).then(|| cel::Value::String(Arc::new(member.to_owned())))
            };
            map.insert(key(list), cel::Value::List(Arc::new(named().filter_map(holds).collect())));
        }
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.add_variable_from_value("case", cel::Value::Map(Map { map: Arc::new(map) }));
        match self.program.execute(&context) {
            Ok(cel::Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(format!("{:?}", other.type_of())),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Whether a condition is more than a person reads aloud. The parser and the interpreter recurse, a good 30 KiB of stack
/// for each operator of a chain where nothing is optimised, and a pack must not be able to exhaust a thread's stack.
fn is_tangled(text: &str) -> bool {
    let is_operator = |c: &char| c.is_ascii_punctuation() && !matches!(c, '\'' | '"' | ',' | '_');
    let operators = |text: &str| text.chars().filter(is_operator).count();
    let nested = text.chars().filter(|c| matches!(c, '(' | '[' | '{' | '?')).count();
    // `&&` and `||` make no chains: they are balanced as they are read.
    let longest = text.split("&&").flat_map(|part| part.split("||")).map(operators).max();
    text.len() > 500 || nested > 8 || operators(text) > 48 || longest > Some(24)
}

fn tangled() -> (String, String) {
    let zh = "条件过长或嵌套过深，请拆成几条规则";
    (zh.to_owned(), "this condition is too long or too nested; make it several rules".to_owned())
}

fn same_type(a: &Value, b: &Value) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn cel_value(value: &Value) -> cel::Value {
    match value {
        Value::Flag(flag) => cel::Value::Bool(*flag),
        Value::Number(number) => cel::Value::Int(*number),
        Value::Word(word) => cel::Value::String(Arc::new(word.clone())),
    }
}

#[cfg(test)]
mod tests;
