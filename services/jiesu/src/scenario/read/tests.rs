//! What is wrong with a scenario is told with its line and the nearest right name, all of it at once; and the schema says
//! the same as the reader.

use super::text;
use regime::node::{Data, Node};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

const HEAD: &str = "scenario: x\nregime: property-internal-procedure\nat: 2026-03-02 10:00\n";

fn read(yaml: &str) -> Vec<(u32, String)> {
    let errors = text(Path::new("it.yaml"), yaml).err().unwrap_or_default();
    errors.into_iter().map(|error| (error.line, format!("{} / {}", error.zh, error.en))).collect()
}

/// A scenario of these steps, the first of which stands on line 5.
fn steps(steps: &str) -> String {
    format!("{HEAD}steps:\n{steps}")
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_the_nearest_right_name() {
    let h = "  - hand-in: {}\n";
    let cases: Vec<(&str, String, u32, &str)> = vec![
        ("no YAML", "scenario: [".to_owned(), 1, "YAML"),
        ("an empty file", String::new(), 1, "lacks `scenario`"),
        ("a list", "- a\n".to_owned(), 1, "written as names and values"),
        ("an unknown key", format!("{HEAD}stpes:\n  - hand-in: {{}}\n"), 4, "did you mean `steps`"),
        ("a key twice", format!("{HEAD}at: 2026-03-03 10:00\nsteps: [{{hand-in: {{}}}}]\n"), 4, "stands here twice"),
        (
            "an unknown regime",
            steps(h).replace("property-internal-procedure", "property-internal-procedur"),
            2,
            "did you mean `property-internal-procedure`",
        ),
        ("a regime and a pack", format!("pack: a.yaml\n{}", steps(h)), 1, "exclude each other"),
        ("neither", "scenario: x\nat: 2026-03-02 10:00\nsteps: [{hand-in: {}}]\n".to_owned(), 1, "lacks `regime`"),
        (
            "a pack that is not there",
            steps(h).replace("regime: property-internal-procedure", "pack: ./nowhere.yaml"),
            2,
            "cannot be read",
        ),
        (
            "an unknown parameter",
            format!("{HEAD}parameters: {{day-unti: days}}\nsteps: [{{hand-in: {{}}}}]\n"),
            4,
            "did you mean `day-unit`",
        ),
        (
            "a value that a parameter cannot take",
            format!("{HEAD}parameters: {{day-unit: weeks}}\nsteps: [{{hand-in: {{}}}}]\n"),
            4,
            "cannot be `weeks`",
        ),
        (
            "no start",
            "scenario: x\nregime: property-internal-procedure\nsteps: [{hand-in: {}}]\n".to_owned(),
            1,
            "lacks `at`",
        ),
        ("a start that is none", steps(h).replace("2026-03-02", "2026-02-30"), 3, "is not an instant"),
        ("a zone that is none", format!("zone: Asia/Shanghia\n{}", steps(h)), 1, "is not a zone"),
        ("no steps", format!("{HEAD}steps: []\n"), 1, "has no steps"),
        ("a step that does nothing", steps("  - {}\n"), 5, "does nothing"),
        ("a step that does two things", steps("  - {hand-in: {}, pass: 2 days}\n"), 5, "does one thing"),
        (
            "an unknown key of a step",
            steps(&format!("{h}  - {{do: triage, by: receptionist}}\n")),
            6,
            "there is no key `by`",
        ),
        (
            "an unknown command",
            steps(&format!("{h}  - {{do: triaje, as: receptionist}}\n")),
            6,
            "did you mean `triage`",
        ),
        ("nobody to do it", steps(&format!("{h}  - do: triage\n")), 6, "lacks `as`"),
        (
            "an unknown person",
            steps(&format!("{h}  - {{do: triage, as: receptionsit}}\n")),
            6,
            "did you mean `receptionist`",
        ),
        (
            "an unknown argument",
            steps(&format!("{h}  - {{do: triage, as: receptionist, with: {{categroy: parking}}}}\n")),
            6,
            "did you mean `category`",
        ),
        (
            "an unknown word",
            steps(&format!("{h}  - {{do: triage, as: receptionist, with: {{category: praking}}}}\n")),
            6,
            "did you mean `parking`",
        ),
        (
            "an argument that is missing",
            steps(&format!("{h}  - {{do: decline, as: receptionist}}\n")),
            6,
            "`ground` is needed",
        ),
        (
            "an unknown unit",
            steps(&format!("{h}  - {{do: dispatch, as: receptionist, with: {{unit: departmnet}}}}\n")),
            6,
            "did you mean `department`",
        ),
        (
            "an unknown clock",
            steps(&format!("{h}  - {{do: ask-overrun, as: handler, with: {{clock: handlnig, until: 2026-03-09}}}}\n")),
            6,
            "did you mean `handling`",
        ),
        (
            "a day that is none",
            steps(&format!("{h}  - {{do: ask-overrun, as: handler, with: {{clock: handling, until: tomorrow}}}}\n")),
            6,
            "is not a day",
        ),
        ("an unknown question", steps("  - hand-in: {facts: {injry: yes}}\n"), 5, "did you mean `injury`"),
        ("an answer of another kind", steps("  - hand-in: {facts: {times_raised: often}}\n"), 5, "is not a number"),
        ("a flag that is none", steps("  - hand-in: {facts: {injury: perhaps}}\n"), 5, "yes or no"),
        ("an unknown channel", steps("  - hand-in: {channel: phnoe}\n"), 5, "did you mean `phone`"),
        ("an unknown contact", steps("  - hand-in: {contact: {fax: 1}}\n"), 5, "there is no key `fax`"),
        ("a length that is none", steps(&format!("{h}  - pass: a while\n")), 6, "is not a length"),
        ("a length that is a point of the calendar", steps(&format!("{h}  - pass: same-day\n")), 6, "is not a length"),
        (
            "time that is refused",
            steps(&format!("{h}  - {{pass: 2 days, refused: never}}\n")),
            6,
            "time is not refused",
        ),
        (
            "a case that nobody handed in",
            steps(&format!("{h}  - {{case: other, do: close, as: receptionist}}\n")),
            6,
            "there is no case `other`",
        ),
        ("a publication of nothing", steps("  - publish: {}\n"), 5, "lacks `regime`"),
        ("a pack to publish that is not there", steps("  - publish: {pack: ./nowhere.yaml}\n"), 5, "cannot be read"),
        (
            "a word of a version before it is published",
            steps(&format!("{h}  - {{do: mediation-agreed, as: handler}}\n  - publish: {{regime: samr-order-121}}\n")),
            6,
            "there is no command `mediation-agreed`",
        ),
        ("no case at all", steps("  - {do: close, as: receptionist}\n"), 5, "hand one in first"),
        ("a case twice", steps(&format!("{h}{h}")), 6, "there is a case `case` already"),
        ("an empty expectation", steps("  - {hand-in: {}, expect: {}}\n"), 5, "nothing is expected"),
        (
            "an unknown expectation",
            steps("  - {hand-in: {}, expect: {sevrity: minor}}\n"),
            5,
            "did you mean `severity`",
        ),
        (
            "an unknown fact",
            steps("  - {hand-in: {}, expect: {facts: [case-registred]}}\n"),
            5,
            "did you mean `case-registered`",
        ),
        (
            "a fact of an unknown clock",
            steps("  - {hand-in: {}, expect: {facts: [clock-missed(one-mouth)]}}\n"),
            5,
            "did you mean `one-month`",
        ),
        (
            "a bracket that is not closed",
            steps("  - {hand-in: {}, expect: {facts: ['clock-missed(handling']}}\n"),
            5,
            "is not a fact",
        ),
        (
            "a state that is none",
            steps("  - {hand-in: {}, expect: {clocks: {handling: runing}}}\n"),
            5,
            "did you mean `running`",
        ),
        (
            "an unknown key of a clock",
            steps("  - {hand-in: {}, expect: {clocks: {handling: {duo: 2026-03-04 24:00}}}}\n"),
            5,
            "did you mean `due`",
        ),
        (
            "an unknown template",
            steps("  - {hand-in: {}, expect: {notices: [reciept]}}\n"),
            5,
            "did you mean `receipt`",
        ),
        (
            "an unknown recipient",
            steps("  - {hand-in: {}, expect: {notices: [{template: receipt, to: complianant}]}}\n"),
            5,
            "did you mean `complainant`",
        ),
        (
            "an expectation of what is refused",
            steps("  - {hand-in: {}, refused: x, expect: {stage: received}}\n"),
            5,
            "no case to expect",
        ),
        (
            "an unknown role in the organisation",
            format!("{HEAD}organisation: {{staff: {{a: {{roles: {{haed: branch}}}}}}}}\nsteps: [{{hand-in: {{}}}}]\n"),
            4,
            "did you mean `head`",
        ),
        (
            "an unknown kind of unit",
            format!("{HEAD}organisation: {{units: {{a: {{kind: brnach}}}}}}\nsteps: [{{hand-in: {{}}}}]\n"),
            4,
            "did you mean `branch`",
        ),
        (
            "several of a role",
            format!(
                "{HEAD}organisation: {{staff: {{a: {{roles: {{head: branch}}}}, b: {{roles: {{head: branch}}}}}}}}\nsteps: [{{hand-in: {{about-staff: head}}}}]\n"
            ),
            5,
            "several people are `head`",
        ),
    ];
    assert!(cases.len() >= 30);
    for (what, yaml, line, part) in cases {
        let errors = read(&yaml);
        let is_told = errors.iter().any(|(at, text)| *at == line && text.contains(part));
        assert!(is_told, "{what}: line {line} does not say `{part}`: {errors:#?}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let yaml = steps("  - hand-in: {chanel: web}\n  - {do: triaje, as: receptionist}\n  - pass: a while\n");
    let lines: Vec<u32> = read(&yaml).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [5, 6, 7]);
}

#[test]
fn a_parameter_that_is_chosen_is_the_law_of_the_pack_that_travels() {
    let yaml = format!("{HEAD}parameters: {{day-unit: working-days}}\nsteps: [{{hand-in: {{}}}}]\n");
    let script = text(Path::new("it.yaml"), &yaml).unwrap();
    assert_eq!(script.regime.parameters.get("day-unit").map(String::as_str), Some("working-days"));
    assert!(script.setting.pack.yaml.contains("default: working-days, one-of: [days, working-days]"));
}

fn shipped() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                found.push(path);
            }
        }
    }
    found
}

/// YAML as an editor hands it to the schema; here, every scalar is a text.
fn json(node: &Node) -> Value {
    match &node.data {
        Data::Empty | Data::Broken => Value::Null,
        Data::Text(text) => Value::String(text.trim().to_owned()),
        Data::List(members) => members.iter().map(json).collect(),
        Data::Map(entries) => {
            Value::Object(entries.iter().map(|(key, node)| (key.name.clone(), json(node))).collect::<Map<_, _>>())
        }
    }
}

fn schema() -> jsonschema::Validator {
    let text = include_str!("../../../../../tests/scenarios/schema.json");
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

#[test]
fn every_shipped_scenario_reads_and_is_of_the_schema() {
    let (schema, files) = (schema(), shipped());
    assert!(!files.is_empty());
    for file in files {
        let yaml = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text(&file, &yaml).err().unwrap_or_default(), [], "{}", file.display());
        let errors: Vec<String> =
            schema.iter_errors(&json(&Node::parse(&yaml, 0).unwrap())).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses_whatever_the_pack() {
    let schema = schema();
    for yaml in [
        steps(""),
        steps("  - {}\n"),
        steps("  - {hand-in: {}, pass: 2 days}\n"),
        steps("  - {hand-in: {chanel: web}}\n"),
        steps("  - do: triage\n"),
        steps("  - {hand-in: {}, expect: {}}\n"),
        steps("  - {hand-in: {}, expect: {sevrity: minor}}\n"),
        steps("  - {hand-in: {}, expect: {clocks: {handling: runing}}}\n"),
        steps("  - publish: {}\n"),
        steps("  - pass: a while\n"),
        steps("  - hand-in: {}\n").replace("10:00", "noon"),
        steps("  - hand-in: {}\n").replace("regime:", "regmie:"),
    ] {
        assert!(!read(&yaml).is_empty(), "{yaml}");
        assert!(!schema.is_valid(&json(&Node::parse(&yaml, 0).unwrap())), "{yaml}");
    }
}

/// A field that services fold anew is known to the reader by itself; the schema must be told.
#[test]
fn the_schema_knows_every_field_of_a_case_and_every_argument() {
    let text = include_str!("../../../../../tests/scenarios/schema.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    let expected = &schema["$defs"]["expect"]["properties"];
    for field in crate::scenario::seen::fields() {
        assert!(expected.get(&field).is_some(), "the schema lacks the field {field}");
    }
    let with = &schema["$defs"]["step"]["properties"]["with"]["properties"];
    for name in crate::scenario::command::arguments() {
        assert!(with.get(name).is_some(), "the schema lacks the argument {name}");
    }
}
