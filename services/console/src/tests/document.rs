//! The API document says what the router and the answers do, and the other way round.

use crate::{
    api::{document::document, operations::operations, schemas::schemas},
    routes, samples,
    view::door::Door,
    wordbook::Wordbook,
};
use serde_json::{Value, to_value};
use std::collections::BTreeSet;

#[test]
fn every_route_of_the_api_is_described_and_every_description_is_a_route() {
    let served: BTreeSet<(String, String)> = routes::all()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| (route.method.to_owned(), route.path))
        .collect();
    let document = document("http://x");
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert((method.clone(), path.clone()));
        }
    }
    assert_eq!(served, described);
    assert!(served.len() > 35);
}

#[test]
fn names_of_operations_are_single_and_their_answers_have_schemas() {
    let all = operations();
    let names: BTreeSet<_> = all.iter().map(|operation| operation.id.clone()).collect();
    assert_eq!(names.len(), all.len());
    let schemas = schemas();
    for operation in &all {
        assert!(schemas.get(operation.answer).is_some(), "{}", operation.answer);
    }
    let text = document("http://x").to_string();
    for reference in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(schemas.get(reference).is_some(), "{reference}");
    }
}

#[test]
fn the_answers_have_the_fields_their_schemas_name() {
    let words = Wordbook::default();
    let case = samples::case(&words);
    let samples: Vec<(&str, Value)> = vec![
        ("Case", to_value(&case).unwrap()),
        ("Joint", to_value(samples::joint(&words)).unwrap()),
        ("Duties", to_value(samples::duties().found).unwrap()),
        ("OneDuty", to_value(samples::duty_page(&words, "done").one).unwrap()),
        ("LedgerPage", to_value(samples::ledger()).unwrap()),
        ("ToPublish", to_value(samples::publicity::to_publish()).unwrap()),
        ("PublishedPage", to_value(samples::published()).unwrap()),
        ("Queue", to_value(samples::queue(&words)).unwrap()),
        ("Statistics", to_value(samples::statistics(&words)).unwrap()),
        ("Followed", to_value(samples::followed()).unwrap()),
        ("Receipt", to_value(samples::receipt()).unwrap()),
        ("Sheet", to_value(samples::surveys::sheet()).unwrap()),
        ("Surveys", to_value(samples::surveys::list()).unwrap()),
        ("SurveyResults", to_value(samples::surveys::results("closed", 8)).unwrap()),
        ("Door", to_value(Door::from(samples::door())).unwrap()),
    ];
    let schemas = schemas();
    for (name, value) in samples {
        fits(&schemas, &schemas[name], &value, name);
    }
}

fn fits(schemas: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return fits(schemas, &schemas[name], value, &format!("{at}:{name}"));
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        if !value.is_null() {
            fits(schemas, &choices[0], value, at);
        }
        return;
    }
    match schema["type"].as_str() {
        Some("object") if schema.get("properties").is_some() => {
            let wanted: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().collect();
            let found: BTreeSet<_> = value.as_object().unwrap_or_else(|| panic!("{at}: {value}")).keys().collect();
            assert_eq!(wanted, found, "{at}");
            for (name, value) in value.as_object().unwrap() {
                fits(schemas, &schema["properties"][name], value, &format!("{at}.{name}"));
            }
        }
        Some("array") => {
            for item in value.as_array().unwrap_or_else(|| panic!("{at}: {value}")) {
                fits(schemas, &schema["items"], item, &format!("{at}[]"));
            }
        }
        Some("string") => assert!(value.is_string(), "{at}: {value}"),
        Some("integer") => assert!(value.is_i64() || value.is_u64(), "{at}: {value}"),
        Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
        _ => {}
    }
}
