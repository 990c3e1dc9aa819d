//! Hundreds of broken packs. Each is made so that it cannot be right, and each is refused at a place, without a panic.

use crate::check::examined;
use crate::node::{Data, Key, Node};
use crate::reader::Reader;
use crate::sample::{FULL, PACK};
use crate::schema::shapes::{Is, SHAPES, Shape};
use crate::{Gravity, Pack, PackError, Regime, Surroundings};
use std::collections::BTreeSet;

type Entries = Vec<(Key, Node)>;

/// Every map of a pack, once for each noun and its keys: its shape and the path to it.
fn maps(root: &Node) -> Vec<(&'static Shape, Vec<usize>)> {
    let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
    walk(root, "pack", &mut Vec::new(), &mut |shape, path, node| {
        let keys: Vec<&str> = node.pairs().iter().map(|(key, _)| key.name.as_str()).collect();
        if seen.insert(format!("{} {keys:?}", shape.noun)) {
            all.push((shape, path.to_vec()));
        }
    });
    all
}

fn walk(node: &Node, noun: &str, path: &mut Vec<usize>, each: &mut impl FnMut(&'static Shape, &[usize], &Node)) {
    let Some(shape) = SHAPES.iter().find(|shape| shape.noun == noun) else { panic!("no shape {noun}") };
    each(shape, path, node);
    for (at, (key, value)) in node.pairs().iter().enumerate() {
        let Some(field) = shape.fields.iter().find(|field| field.0 == key.name) else { continue };
        path.push(at);
        match &field.1 {
            Is::Rule(noun) => walk(value, noun, path, each),
            Is::Named(noun) => {
                for (at, (_, value)) in value.pairs().iter().enumerate() {
                    path.push(at);
                    walk(value, noun, path, each);
                    path.pop();
                }
            }
            Is::Rules(noun) | Is::WordsOrRules(noun) => {
                if let Data::List(members) = &value.data {
                    for (at, member) in members.iter().enumerate().filter(|(_, member)| !member.pairs().is_empty()) {
                        path.push(at);
                        walk(member, noun, path, each);
                        path.pop();
                    }
                }
            }
            _ => {}
        }
        path.pop();
    }
}

/// The tree with the entries of the map at `path` changed.
fn changed(root: &Node, path: &[usize], change: impl FnOnce(&mut Entries)) -> Node {
    let mut root = root.clone();
    let place = path.iter().fold(&mut root, |node, at| match &mut node.data {
        Data::List(members) => &mut members[*at],
        Data::Map(entries) => &mut entries[*at].1,
        _ => panic!("no such place"),
    });
    let Data::Map(entries) = &mut place.data else { panic!("a shape is a map") };
    change(entries);
    root
}

fn at<'a>(root: &'a Node, path: &[usize]) -> &'a Node {
    path.iter().fold(root, |node, at| match &node.data {
        Data::Map(entries) => &entries[*at].1,
        _ => &node.members()[*at],
    })
}

fn word(node: &Node, text: &str) -> Node {
    Node { line: node.line, data: Data::Text(text.to_owned()) }
}

/// What a field of a kind can never be.
fn wrong(is: &Is, node: &Node) -> Node {
    let key = Key { name: "odd-one".to_owned(), line: node.line };
    let map = Data::Map(vec![(key, word(node, "x"))]);
    match is {
        Is::Word | Is::Words | Is::WordsOrRules(_) => Node { line: node.line, data: map },
        _ => word(node, "odd-one"),
    }
}

/// Fields that hold the names of other things.
const REFERENCES: [&str; 18] = [
    "recorded-by",
    "form",
    "requires",
    "then",
    "otherwise",
    "on",
    "role",
    "before",
    "needs",
    "of",
    "by",
    "from",
    "until",
    "anew",
    "tell",
    "send",
    "done",
    "may",
];

fn refused(what: &str, errors: &[PackError], lines: u32) {
    let error = errors.iter().find(|error| error.gravity == Gravity::Error);
    let error = error.unwrap_or_else(|| panic!("{what}: taken, {errors:#?}"));
    assert!(error.line >= 1 && error.line <= lines + 1, "{what}: {error}");
    assert!(error.file == "pack.yaml" && !error.zh.is_empty() && !error.en.is_empty(), "{what}: {error}");
}

#[test]
fn a_pack_that_is_bent_out_of_shape_anywhere_is_refused_at_a_place() {
    let mut packs: Vec<(String, Node)> = Vec::new();
    for yaml in [PACK, FULL.as_str()] {
        let root = Node::parse(yaml, 0).unwrap();
        for (shape, path) in maps(&root) {
            let mut put = |what: String, change: &dyn Fn(&mut Entries)| {
                packs.push((format!("{} {what}", shape.noun), changed(&root, &path, change)));
            };
            put("with an odd key".to_owned(), &|entries| {
                let (key, node) = entries[0].clone();
                entries.push((Key { name: "odd-one".to_owned(), ..key }, node));
            });
            put("with a key twice".to_owned(), &|entries| entries.push(entries[0].clone()));
            for field in shape.fields {
                if field.2 {
                    put(format!("without {}", field.0), &|entries| entries.retain(|(key, _)| key.name != field.0));
                }
                put(format!("with another kind of {}", field.0), &|entries| {
                    if let Some((_, node)) = entries.iter_mut().find(|(key, _)| key.name == field.0) {
                        *node = wrong(&field.1, node);
                    } else {
                        let (key, node) = entries[0].clone();
                        entries.push((Key { name: field.0.to_owned(), ..key }, wrong(&field.1, &node)));
                    }
                });
                let is_reference = REFERENCES.contains(&field.0) && shape.noun != "day in force";
                let is_there = at(&root, &path).pairs().iter().any(|(key, _)| key.name == field.0);
                if is_there && is_reference && matches!(field.1, Is::Word | Is::Words | Is::Some(_) | Is::One(_)) {
                    put(format!("with an unknown {}", field.0), &|entries| {
                        let of_field = entries.iter_mut().filter(|(key, _)| key.name == field.0);
                        of_field.for_each(|(_, node)| *node = word(node, "no-such-name"));
                    });
                }
            }
        }
    }
    assert!(packs.len() > 500, "{}", packs.len());
    let mut taken = Vec::new();
    for (what, mut root) in packs {
        let reader = Reader::new("pack.yaml");
        examined(&reader, &mut root, None);
        let found = reader.into_found();
        if found.iter().any(|found| found.gravity == Gravity::Error) {
            refused(&what, &found, 300);
        } else {
            taken.push(what);
        }
    }
    assert_eq!(taken, [""; 0]);
}

fn check(yaml: &str) -> Vec<PackError> {
    let pack = Pack { file: "pack.yaml".to_owned(), yaml: yaml.to_owned() };
    Regime::check(&pack, &Surroundings::default()).found
}

#[test]
fn hostile_yaml_is_refused_at_a_place() {
    let bomb = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned(), |yaml, n| {
        let m = n - 1;
        yaml + &format!("a{n}: &a{n} [*a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}]\n")
    });
    let deep = |open: &str, close: &str, n: usize| format!("regime: {}x{}\n", open.repeat(n), close.repeat(n));
    let hostile = [
        bomb.clone(),
        PACK.to_owned() + &bomb,
        deep("[", "]", 40),
        deep("{a: ", "}", 40),
        "[".repeat(200_000),
        "- ".repeat(10_000),
        (0..60).map(|n| " ".repeat(n) + "a:\n").collect(),
        "a: &a [*a]\n".to_owned(),
        "a: *nobody\n".to_owned(),
        PACK.replacen("words:\n", "<<: {a: b}\nwords:\n", 1),
        PACK.replacen("regime: ", "? [a, b]\n: c\nregime: ", 1),
        PACK.replacen("regime: ", "? {a: b}\n: c\nregime: ", 1),
        PACK.replacen("title: {", "title: {{", 1),
        PACK.replacen("title: {zh", "title: !!python/object:os.system {zh", 1).replacen("regime: ", "regimes: ", 1),
        PACK.to_owned() + "---\nregime: second\n",
        PACK.to_owned() + "...\n%YAML 9.9\n---\nx: y\n",
        "\u{0}\u{1}\u{2}".to_owned(),
        PACK.replacen("calendar: cn", "calendar: \u{0}cn", 1),
        PACK.replacen("calendar: cn", "calendar: \"cn", 1),
        PACK.replacen("calendar: cn", "calendar: [cn", 1),
        PACK.replacen("calendar: cn", "calendar:\tcn: x", 1),
        PACK.replacen("  kinds:", "\tkinds:", 1),
        PACK.replacen("words:\n", "words: |\n", 1),
        PACK.replacen("words:\n", "words: ~\nvocabulary:\n", 1),
        String::from_utf8_lossy(&(0..=255).cycle().take(9_000).collect::<Vec<u8>>()).into_owned(),
        "\u{feff}\u{feff}regime: x\n".to_owned(),
        "%PDF-1.7\n%\u{fffd}\u{fffd}\n1 0 obj <</Type/Catalog>>\n".to_owned(),
        "PK\u{3}\u{4}\u{14}\u{0}".to_owned(),
        "<?xml version=\"1.0\"?><regime/>".to_owned(),
        "{\"regime\": \"x\", \"regime\": \"y\"}".to_owned(),
        "a".repeat(5_000_000),
        format!("{}: x\n", "k".repeat(2_000_000)),
        (0..100_000).map(|n| format!("k{n}: x\n")).collect(),
        String::new(),
        "\n\n# nothing\n".to_owned(),
        "~".to_owned(),
        "null\n".to_owned(),
        "extends: \n".to_owned(),
        "extends: [a]\nregime: x\n".to_owned(),
        "extends: x\nregime: x\n".to_owned(),
    ];
    for yaml in hostile {
        let lines = u32::try_from(yaml.lines().count()).unwrap();
        refused(&yaml.chars().take(80).collect::<String>(), &check(&yaml), lines);
    }
}

#[test]
fn a_pack_of_which_there_is_too_much_costs_little() {
    let many = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    let long = "k".repeat(1_000_000);
    let ring = |n: usize| {
        many(n, &|at| {
            let next = (at + 1) % n;
            format!(
                "  c{at}: {{zh: x, en: x, from: clock-stopped(c{next}), until: case-closed, within: 1 day, cite: x}}\n"
            )
        })
    };
    let effects = many(999, &|at| format!("  - {{on: ordered(o{at}), order: o{}, cite: x}}\n", (at + 1) % 999));
    let orders = many(999, &|at| format!("  o{at}: {{zh: x, en: x, to: handler, due: set, cite: x}}\n"));
    let packs = [
        PACK.replacen(
            "  kinds:\n",
            &("  kinds:\n".to_owned() + &many(1_000, &|n| format!("    k{n}: {{zh: x, en: x}}\n"))),
            1,
        ),
        PACK.replacen("routing:\n", &("routing:\n".to_owned() + &"  - x\n".repeat(60_000)), 1),
        PACK.replacen("    head: ", &format!("    {long}: {{zh: x, en: x, cite: x}}\n    head: "), 1).replacen(
            "role: head, cite: 二.1}",
            &format!("role: {long}x, cite: 二.1}}"),
            1,
        ),
        PACK.replacen("clocks:\n", &("clocks:\n".to_owned() + &ring(900)), 1),
        PACK.replacen("\nclocks:\n", &format!("\norders:\n{orders}effects:\n{effects}\nclocks:\n"), 1),
    ];
    for yaml in packs {
        let lines = u32::try_from(yaml.lines().count()).unwrap();
        let errors = check(&yaml);
        refused(&yaml.lines().last().unwrap_or_default().chars().take(80).collect::<String>(), &errors, lines);
    }
    let crowd = check(&PACK.replacen("routing:\n", &("routing:\n".to_owned() + &"  - x\n".repeat(1_001)), 1));
    let line = PACK[..PACK.find("routing:").unwrap()].matches('\n').count() + 1;
    assert!(crowd[0].en.contains("1002 entries"), "{}", crowd[0]);
    assert!(crowd[0].line.abs_diff(u32::try_from(line).unwrap()) <= 1, "{} {line}", crowd[0]);
}

#[test]
fn a_pack_that_another_editor_saved_is_the_same_pack() {
    for yaml in [PACK, FULL.as_str()] {
        let regime = format!("{:?}", Regime::parse("pack.yaml", yaml).unwrap());
        for other in
            [format!("\u{feff}{yaml}"), yaml.replace('\n', "\r\n"), format!("\u{feff}{}", yaml.replace('\n', "\r\n"))]
        {
            let saved = Regime::parse("pack.yaml", &other).unwrap_or_else(|errors| panic!("{errors:#?}"));
            assert!(format!("{saved:?}") == regime);
        }
    }
}

#[test]
fn numbers_that_no_law_means_are_refused_at_their_line() {
    let huge = ["99999999999999999999999999", "4294967296", "-1", "0", "1e9", "0x10", "1.5", "١٢", "NaN", ".inf"];
    let places = [
        ("within: 1 month,", "within: {} months,"),
        ("{after: 1 day, climb: 2}", "{after: {} days, climb: 2}"),
        ("{after: 1 day, climb: 2}", "{after: 1 day, climb: {}}"),
        ("{at: 50%, tell: handler}, {before: 4", "{at: {}%, tell: handler}, {before: 4"),
        ("{before: 4 hours,", "{before: {} hours,"),
        ("before: day 30 of month", "before: day {} of month"),
        ("keep: forever", "keep: {} years"),
        ("{n:5}", "{n:{}}"),
    ];
    let mut count = 0;
    for (right, wrong) in places {
        let line = PACK[..PACK.find(right).unwrap()].matches('\n').count() + 1;
        for number in huge {
            let errors = check(&PACK.replacen(right, &wrong.replacen("{}", number, 1), 1));
            refused(&format!("{wrong} {number}"), &errors, 300);
            assert!(
                errors.iter().any(|error| error.line.abs_diff(u32::try_from(line).unwrap()) <= 1),
                "{wrong} {number}"
            );
            count += 1;
        }
    }
    for number in ["99999999999999999999999999", "1e9", "0x10", "1.5", "NaN", ".inf", "-1", "1000000000001"] {
        let errors =
            check(&PACK.replacen("{type: number, default: 1,", &format!("{{type: number, default: {number},"), 1));
        refused(number, &errors, 300);
        count += 1;
    }
    assert_eq!(count, 88);
}
