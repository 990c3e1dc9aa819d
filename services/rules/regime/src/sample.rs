//! A case made of what a test says, for the tests of this crate; and the shipped pack that they bend.

use crate::{Case, FactRef, Regime, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(crate) const PACK: &str = include_str!("../../packs/regimes/property-internal-procedure.yaml");

/// The worked example of the guide, in which every part of the language occurs.
pub(crate) static FULL: LazyLock<String> = LazyLock::new(|| blocks("pack").concat());

/// The examples of the guide that bear this mark.
pub(crate) fn blocks(mark: &str) -> Vec<String> {
    let fence = format!("```yaml {mark}\n");
    let guide = include_str!("../docs.md").split(&fence).skip(1);
    guide.filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    variables: BTreeMap<String, Value>,
    facts: Vec<FactRef>,
}

impl Told {
    pub(crate) fn word(mut self, name: &str, word: &str) -> Self {
        self.variables.insert(name.into(), Value::Word(word.into()));
        self
    }

    pub(crate) fn flag(mut self, name: &str, flag: bool) -> Self {
        self.variables.insert(name.into(), Value::Flag(flag));
        self
    }

    pub(crate) fn number(mut self, name: &str, number: i64) -> Self {
        self.variables.insert(name.into(), Value::Number(number));
        self
    }

    pub(crate) fn has(mut self, fact: &str) -> Self {
        self.facts.push(fact.parse().unwrap());
        self
    }
}

impl Case for Told {
    fn variables(&self) -> BTreeMap<String, Value> {
        self.variables.clone()
    }

    fn has(&self, fact: &FactRef) -> bool {
        self.facts.iter().any(|known| fact.matches(&known.word, known.arg.as_deref()))
    }
}

pub(crate) fn regime() -> Regime {
    Regime::parse("pack.yaml", PACK).unwrap()
}
