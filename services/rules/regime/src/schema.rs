//! The shape of a pack as JSON Schema, for editors: what may stand where, and what must. Names and conditions are beyond
//! it; the check knows those. A test holds it to the reader, both ways.

pub(crate) mod shapes;

use serde_json::{Map, Value, json};
use shapes::{Field, Is, SHAPES, Shape};

/// Shapes that hold rules: what changes them changes these one by one. A change of any other says whole fields.
const COLLECTIONS: [&str; 4] = ["pack", "vocabulary", "section on records", "template"];

/// The schema, for packs and for packs that extend another.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    for shape in SHAPES {
        definitions.insert(shape.noun.to_owned(), object(shape, false));
        definitions.insert(changed(shape.noun), object(shape, true));
    }
    let text = |required: Value| {
        json!({"type": "object", "additionalProperties": false, "required": required,
            "properties": {"zh": scalar(), "en": scalar()}})
    };
    definitions.insert("text".to_owned(), text(json!(["zh", "en"])));
    definitions.insert(changed("text"), text(json!([])));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "制度规则包 / A regime as a pack",
        "if": {"type": "object", "required": ["extends"]},
        "then": {"$ref": "#/$defs/changed%20pack"},
        "else": {"$ref": "#/$defs/pack"},
        "$defs": definitions,
    })
}

/// The name of a shape as a tailoring writes it: only what is different.
fn changed(noun: &str) -> String {
    format!("changed {noun}")
}

/// A shape as an object; as a change of one, nothing needs to be there.
fn object(shape: &Shape, is_change: bool) -> Value {
    let is_collection = COLLECTIONS.contains(&shape.noun);
    let mut properties = Map::new();
    for Field(name, is, is_needed) in shape.fields {
        let value = kind(is, is_change && is_collection);
        // What is left out may also stand empty; in a change that would read as a removal.
        let value = if *is_needed || is_change { value } else { or_nothing(&value) };
        properties.insert((*name).to_owned(), value);
    }
    let needed = shape.fields.iter().filter(|field| field.2 && !is_change);
    let mut required: Vec<Value> = needed.map(|field| json!(field.0)).collect();
    if is_change && shape.noun == "pack" {
        properties.insert("extends".to_owned(), scalar());
        properties.insert("set".to_owned(), or_nothing(&json!({"type": "object", "additionalProperties": scalar()})));
        properties.insert("remove".to_owned(), or_nothing(&many(&scalar())));
        required = vec![json!("extends"), json!("regime")];
    } else if is_change {
        properties.insert("replaces".to_owned(), scalar());
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("additionalProperties".to_owned(), json!(false));
    object.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        object.insert("required".to_owned(), Value::from(required));
    }
    if !shape.either.is_empty() && !is_change {
        object.insert("anyOf".to_owned(), shape.either.iter().map(|fields| present(fields)).collect());
    }
    Value::Object(object)
}

/// These fields are there, and not empty.
fn present(fields: &[&str]) -> Value {
    let full: Map<String, Value> =
        fields.iter().map(|field| ((*field).to_owned(), json!({"not": {"type": "null"}}))).collect();
    json!({"required": fields, "properties": full})
}

fn kind(is: &Is, is_change: bool) -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/$defs/{}", name.replace(' ', "%20"))});
    let named = |noun: &str| if is_change { reference(&changed(noun)) } else { reference(noun) };
    match is {
        Is::Word => scalar(),
        Is::Words => many(&scalar()),
        Is::Flag => json!({"enum": [true, false, "yes", "no", "true", "false"]}),
        Is::Text => named("text"),
        Is::Texts => many(&reference("text")),
        Is::One(words) => one(words),
        Is::Some(words) => many(&one(words)),
        Is::Rule(noun) => named(noun),
        // A rule that takes the place of another says so; one that is new is whole.
        Is::Rules(noun) if is_change => {
            let replacing = json!({"allOf": [reference(&changed(noun)), {"required": ["replaces", "cite"]}]});
            many(&json!({"anyOf": [reference(noun), replacing]}))
        }
        Is::Rules(noun) => many(&named(noun)),
        Is::Named(noun) => json!({"type": "object", "additionalProperties": named(noun)}),
        Is::Pairs => json!({"type": "object", "additionalProperties": scalar()}),
        Is::WordsOrRules(noun) => json!({"anyOf": [many(&scalar()), many(&named(noun))]}),
    }
}

fn or_nothing(value: &Value) -> Value {
    json!({"anyOf": [value, {"type": "null"}]})
}

/// A word, a number or a truth value: whoever reads a pack takes what is written.
fn scalar() -> Value {
    json!({"anyOf": [{"type": "string", "pattern": "\\S"}, {"type": ["number", "boolean"]}]})
}

/// One of these, or a parameter that stands for one.
fn one(words: &[&str]) -> Value {
    json!({"anyOf": [{"enum": words}, {"type": "string", "pattern": "\\$[a-z]"}]})
}

/// One or a list.
fn many(of: &Value) -> Value {
    json!({"anyOf": [of, {"type": "array", "items": of}]})
}

#[cfg(test)]
mod tests;
