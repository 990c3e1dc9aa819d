//! An answer to a question of a regime, as requests and events carry it.

use contracts::common::{Fact, FactValue, fact_value::Kind};
use regime::Value;

/// The answer on the wire.
pub fn answer(name: &str, value: &Value) -> Fact {
    let kind = match value {
        Value::Flag(flag) => Kind::Flag(*flag),
        Value::Number(number) => Kind::Number(*number),
        Value::Word(word) => Kind::Word(word.clone()),
    };
    Fact { name: name.to_owned(), value: Some(FactValue { kind: Some(kind) }) }
}

/// What the wire carried; none where it is of a kind that this build does not know.
pub fn answered(value: &FactValue) -> Option<Value> {
    Some(match value.kind.as_ref()? {
        Kind::Flag(flag) => Value::Flag(*flag),
        Kind::Number(number) => Value::Number(*number),
        Kind::Word(word) => Value::Word(word.clone()),
    })
}
