//! The schema and the reader agree. Packs are bent at every place in every way that changes their shape: what the reader
//! takes the schema takes, and what the reader refuses for its shape the schema refuses.

use super::schema;
use super::shapes::SHAPES;
use crate::check::{checked, examined};
use crate::node::{Data, Key, Node};
use crate::reader::Reader;
use crate::sample::{FULL, PACK};
use crate::{Gravity, Pack, PackError, Surroundings, vocabulary};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const OWN: &str = "extends: property-internal-procedure\nregime: own\nset: {day-unit: days}\nremove: [clocks/one-month, grading/一.1(3), guards/一.1(3)]\nwords: {roles: {clerk: {zh: 甲, en: A}}}\nclocks: {handling: {overrun: {on-approval: no, cite: x}, cite: x}}\nguards: [{replaces: 二.3#1, needs: case-resolved, cite: x}]\nwho: [{role: clerk, may: [note], cite: x}]\n";

/// The tree as an editor sees it: numbers and truth values have their types.
fn json(node: &Node) -> Value {
    match &node.data {
        Data::Empty | Data::Broken => Value::Null,
        Data::Text(text) => match text.as_str() {
            "true" => json!(true),
            "false" => json!(false),
            text => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        },
        Data::List(members) => members.iter().map(json).collect(),
        Data::Map(entries) => entries.iter().map(|(key, node)| (key.name.clone(), json(node))).collect(),
    }
}

fn found(root: &Node) -> Vec<PackError> {
    let reader = Reader::new("pack.yaml");
    if root.get("extends").is_some() {
        let shelf = vec![Pack { file: "base.yaml".to_owned(), yaml: PACK.to_owned() }];
        let around = Surroundings { shelf, ..Surroundings::default() };
        checked(&reader, &Pack { file: "pack.yaml".to_owned(), yaml: root.to_yaml() }, &around);
    } else {
        examined(&reader, &mut root.clone(), None);
    }
    reader.into_found().into_iter().filter(|found| found.gravity == Gravity::Error).collect()
}

/// Whether a mistake is one of shape: something is missing, unheard of, or of another kind.
fn is_shape(error: &PackError) -> bool {
    let en = error.en.as_str();
    [
        "is written as names and values",
        "are written as names and values",
        "a word or a text belongs here",
        "there is no field",
    ]
    .iter()
    .any(|part| en.contains(part))
        || en.starts_with("this ") && en.contains(" lacks `")
        || en.contains("does not cite its clause")
        || en.contains("brings nothing about")
}

/// Every tree that differs from this one at one place, with the path of that place and what was done there.
fn bent(root: &Node) -> Vec<(String, Node)> {
    let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
    at_each(root, &mut Vec::new(), &mut |path, node| {
        let mut put = |what: &str, data: Data| {
            if !seen.insert(format!("{} {what}", kind(root, path))) {
                return;
            }
            let mut tree = root.clone();
            if let Some(place) = place(&mut tree, path) {
                place.data = data;
            }
            all.push((format!("{} {what}", named(root, path)), tree));
        };
        put("nothing", Data::Empty);
        put("blank", Data::Text(" ".to_owned()));
        if !matches!(node.data, Data::Text(_)) {
            put("a word", Data::Text("word".to_owned()));
        }
        if !matches!(node.data, Data::List(_)) {
            put("a list of a list", Data::List(vec![Node { line: node.line, data: Data::List(vec![node.clone()]) }]));
        }
        let odd = Key { name: "odd-one".to_owned(), line: node.line };
        put("an odd map", Data::Map(vec![(odd.clone(), node.clone())]));
        if let Data::Map(entries) = &node.data {
            for at in 0..entries.len() {
                let mut fewer = entries.clone();
                let (key, _) = fewer.remove(at);
                put(&format!("without {}", key.name), Data::Map(fewer));
            }
            let mut more = entries.clone();
            more.push((odd, Node { line: node.line, data: Data::Text("word".to_owned()) }));
            put("an odd key", Data::Map(more));
        }
    });
    all
}

fn at_each(node: &Node, path: &mut Vec<usize>, each: &mut impl FnMut(&[usize], &Node)) {
    each(path, node);
    let below: Vec<&Node> = match &node.data {
        Data::List(members) => members.iter().collect(),
        Data::Map(entries) => entries.iter().map(|(_, node)| node).collect(),
        _ => Vec::new(),
    };
    for (at, node) in below.into_iter().enumerate() {
        path.push(at);
        at_each(node, path, each);
        path.pop();
    }
}

/// What a place is like: its section, the keys of the map that it stands in, and its own. One of a kind is enough.
fn kind(root: &Node, path: &[usize]) -> String {
    let parent = path.split_last().and_then(|(_, path)| at(root, path)).unwrap_or(root);
    let keys: Vec<&str> = parent.pairs().iter().map(|(key, _)| key.name.as_str()).collect();
    let path = named(root, path);
    let section = path.split('/').next().unwrap_or_default();
    format!("{section} {keys:?} {}", path.rsplit('/').next().unwrap_or_default())
}

fn at<'a>(root: &'a Node, path: &[usize]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, at| match &node.data {
        Data::Map(entries) => entries.get(*at).map(|(_, node)| node),
        _ => node.members().get(*at),
    })
}

/// The path in words.
fn named(root: &Node, path: &[usize]) -> String {
    let (mut node, mut names) = (root, Vec::new());
    for at in path {
        match &node.data {
            Data::Map(entries) => {
                names.push(entries[*at].0.name.clone());
                node = &entries[*at].1;
            }
            _ => {
                names.push(at.to_string());
                node = &node.members()[*at];
            }
        }
    }
    names.join("/")
}

fn place<'a>(root: &'a mut Node, path: &[usize]) -> Option<&'a mut Node> {
    path.iter().try_fold(root, |node, at| match &mut node.data {
        Data::List(members) => members.get_mut(*at),
        Data::Map(entries) => entries.get_mut(*at).map(|(_, node)| node),
        _ => None,
    })
}

/// A pack with one rule of each list, so that bending it everywhere stays quick.
fn thin(yaml: &str) -> Node {
    let mut root = Node::parse(yaml, 0).unwrap();
    let Data::Map(sections) = &mut root.data else { panic!("a pack is a map") };
    for (key, node) in sections {
        match &mut node.data {
            Data::List(members) if members.len() > 2 && key.name != "who" && key.name != "ladder" => {
                // The first, and the last that looks otherwise.
                let shape = |node: &Node| node.pairs().iter().map(|(key, _)| key.name.clone()).collect::<Vec<_>>();
                let mut seen = BTreeSet::new();
                members.retain(|member| seen.insert(shape(member)));
            }
            _ => {}
        }
    }
    root
}

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).unwrap()
}

#[test]
fn good_packs_fit_the_schema() {
    let validator = validator();
    for yaml in [PACK, FULL.as_str(), OWN] {
        let root = Node::parse(yaml, 0).unwrap();
        assert_eq!(found(&root), [], "{yaml}");
        let errors: Vec<String> =
            validator.iter_errors(&json(&root)).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors, [""; 0]);
    }
}

#[test]
fn what_the_reader_takes_the_schema_takes_and_what_it_refuses_for_its_shape_the_schema_refuses() {
    let validator = validator();
    let (mut taken, mut refused, mut odd) = (0, 0, Vec::new());
    for yaml in [FULL.as_str(), OWN] {
        for (what, tree) in bent(&thin(yaml)) {
            let errors = found(&tree);
            let fits = validator.is_valid(&json(&tree));
            // Whether a named rule of a tailoring changes one or is new, only its base can tell.
            let is_partial =
                |error: &&PackError| yaml == OWN && (error.en.contains(" lacks ") || error.en.contains("cite"));
            let may_change = ["words/", "clocks/"].iter().any(|section| what.starts_with(section));
            let shape = errors.iter().find(|error| is_shape(error) && !(may_change && is_partial(error)));
            taken += usize::from(errors.is_empty());
            refused += usize::from(shape.is_some());
            if errors.is_empty() && !fits {
                odd.push(format!("{what}: the reader takes it, the schema does not"));
            }
            if let Some(error) = shape.filter(|_| fits) {
                odd.push(format!("{what}: the schema takes it, the reader does not: {error}"));
            }
        }
    }
    assert!(odd.is_empty(), "{}: {odd:#?}", odd.len());
    assert!(taken > 50 && refused > 500, "{taken} taken, {refused} refused");
}

#[test]
fn every_map_of_the_reader_has_the_fields_of_the_schema() {
    let reader = Reader::new("pack.yaml");
    checked(&reader, &Pack { file: "pack.yaml".to_owned(), yaml: FULL.clone() }, &Surroundings::default());
    let seen = reader.shapes.borrow().clone();
    for shape in SHAPES {
        let ours: BTreeSet<String> = shape.fields.iter().map(|field| field.0.to_owned()).collect();
        let theirs = seen.get(shape.noun).unwrap_or_else(|| panic!("the sample has no {}", shape.noun));
        assert_eq!(&ours, theirs, "{}", shape.noun);
    }
    let known: BTreeSet<&str> = SHAPES.iter().map(|shape| shape.noun).chain(["text in both languages"]).collect();
    let unknown: Vec<_> = seen.keys().filter(|noun| !known.contains(**noun)).collect();
    assert_eq!(unknown, [&""; 0]);
}

#[test]
fn the_closed_lists_of_the_schema_are_those_of_the_house() {
    let schema = schema();
    let listed = |pointer: &str| {
        let words = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        words.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let house = |terms: &[vocabulary::Term]| terms.iter().map(|term| term.id.to_owned()).collect::<Vec<_>>();
    assert_eq!(listed("/$defs/channel/properties/channel/anyOf/0/anyOf/0/enum"), house(vocabulary::CHANNELS));
    assert_eq!(listed("/$defs/channel/properties/requires/anyOf/0/anyOf/0/anyOf/0/enum"), house(vocabulary::FIELDS));
}
