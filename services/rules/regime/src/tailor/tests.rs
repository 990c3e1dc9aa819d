//! A pack that extends another: what it changes, what it leaves, and where its mistakes are.

use crate::sample::PACK;
use crate::{Checked, Gravity, Length, Pack, PackError, Regime, Surroundings, diff};

const OWN: &str = "\
extends: property-internal-procedure
regime: sunshine-estate
title: {zh: 阳光花园投诉处理程序, en: Complaint procedure of Sunshine Estate}
set:
  day-unit: working-days
remove: [scope/already-handled, clocks/handling/overrun, approvals, notices/clock-overdue/overdue/manager-in-charge]
words:
  roles:
    duty-leader: {zh: 值班经理, en: Duty manager, cite: 本单位规定.1}
channels:
  - {channel: wechat, open: yes, requires: [contact, narrative], cite: 本单位规定.2}
  - {replaces: phone, recorded-by: duty-leader, cite: 本单位规定.2}
clocks:
  clear-answer: {within: 1 working-day, cite: 本单位规定.3}
  first-call:
    {zh: 首次联系, en: First call, from: case-registered, until: case-signed, within: 4 hours, cite: 本单位规定.4}
grading:
  - {if: \"case.category == 'security'\", then: important, cite: 本单位规定.5}
guards:
  - {replaces: 二.3#1, needs: [opinion-form-returned, complainant-answered], cite: 本单位规定.6}
templates:
  receipt: {subject: {zh: 阳光花园已收到, en: Received by Sunshine Estate}}
who:
  - {role: duty-leader, may: [record, note], cite: 本单位规定.1}
";

fn base() -> Pack {
    Pack { file: "base.yaml".to_owned(), yaml: PACK.to_owned() }
}

/// The line of the base on which the text stands.
fn line(text: &str) -> u32 {
    let at = PACK.find(text).unwrap();
    u32::try_from(PACK[..at].matches('\n').count() + 1).unwrap()
}

fn checked(own: &str) -> Checked {
    let pack = Pack { file: "own.yaml".to_owned(), yaml: own.to_owned() };
    Regime::check(&pack, &Surroundings { shelf: vec![base()], ..Surroundings::default() })
}

fn error(own: &str, say: &str) -> PackError {
    let found = checked(own).found;
    found.iter().find(|error| error.en.contains(say)).unwrap_or_else(|| panic!("{say}: {found:#?}")).clone()
}

#[test]
fn an_organisation_changes_named_rules_and_the_rest_is_the_text() {
    let Checked { regime, yaml, found } = checked(OWN);
    let regime = regime.unwrap_or_else(|| panic!("{found:#?}"));
    assert_eq!(found, []);
    assert_eq!((regime.id.as_str(), regime.title.zh.as_str()), ("sunshine-estate", "阳光花园投诉处理程序"));
    assert_eq!(regime.parameters.get("day-unit").map(String::as_str), Some("working-days"));
    let clock = |name: &str| regime.clocks.iter().find(|clock| clock.name == name).unwrap();
    assert_eq!(clock("handling").within[1].take, [Length::WorkingDays(3)]);
    assert!(clock("handling").overrun.is_none() && regime.approvals.is_empty());
    assert_eq!(clock("clear-answer").within[0].take, [Length::WorkingDays(1)]);
    assert_eq!(
        (clock("clear-answer").cite.as_str(), clock("clear-answer").until[0].word.as_str()),
        ("本单位规定.3", "complainant-answered")
    );
    assert_eq!(clock("first-call").within[0].take, [Length::Hours(4)]);
    assert!(regime.scope.iter().all(|ground| ground.id != "already-handled") && regime.scope.len() == 3);
    let channel = |id: &str| regime.channels.iter().find(|channel| channel.id == id).unwrap();
    assert_eq!(channel("phone").recorded_by, ["duty-leader"]);
    assert_eq!(channel("walk-in").recorded_by, ["receptionist"]);
    assert_eq!(channel("phone").form.as_deref(), Some("opinion-form"), "what is not changed stays");
    assert!(channel("wechat").is_open_to_public());
    assert_eq!(regime.grading[0].cite, "本单位规定.5", "the organisation's own rule speaks first");
    let guard = regime.guards.iter().find(|guard| guard.cite == "本单位规定.6").unwrap();
    assert_eq!((guard.needs.len(), guard.before.as_slice()), (2, &["tell".to_owned()][..]));
    assert_eq!(regime.templates["receipt"].subject.zh, "阳光花园已收到");
    assert!(regime.templates["receipt"].body.zh.contains("回执码"));
    assert!(regime.roles_for("record").contains(&"duty-leader".to_owned()));
    // The text that a service receives needs nothing else, and is the same regime.
    let complete = Regime::parse("complete.yaml", &yaml).unwrap();
    assert_eq!(format!("{complete:?}"), format!("{regime:?}"));
    assert!(!yaml.contains("extends"));
}

#[test]
fn a_mistake_stands_where_its_author_wrote_it() {
    let broken_base =
        Pack { yaml: PACK.replacen("then: important, cite: 一.2", "then: importent, cite: 一.2", 1), ..base() };
    let around = Surroundings { shelf: vec![broken_base], ..Surroundings::default() };
    let own = OWN.replacen("until: case-signed", "until: case-sigend", 1);
    let found = Regime::check(&Pack { file: "own.yaml".to_owned(), yaml: own }, &around).found;
    let places: Vec<_> = found.iter().map(|error| (error.file.as_str(), error.line, error.clause.as_str())).collect();
    assert_eq!(
        places,
        [("own.yaml", 16, "本单位规定.4"), ("base.yaml", line("then: important, cite: 一.2"), "一.2")],
        "{found:#?}"
    );
    // A value that does not fit the rule that uses it is told where the value was set.
    let error = error(&OWN.replacen("day-unit: working-days", "day-unit: weeks", 1), "cannot be `weeks`");
    assert_eq!((error.file.as_str(), error.line, error.clause.as_str()), ("own.yaml", 5, "三"));
}

#[test]
fn what_a_tailoring_names_must_be_there() {
    for (right, wrong, say, line) in [
        (
            "extends: property",
            "extends: propperty",
            "no pack to extend `propperty-internal-procedure`; did you mean",
            1,
        ),
        ("day-unit: working-days", "day-units: days", "no parameter `day-units`; did you mean `day-unit`?", 5),
        ("scope/already-handled", "scope/already-handeld", "did you mean `scope/already-handled`?", 6),
        ("replaces: phone", "replaces: phon", "no rule `phon`; did you mean `phone`?", 12),
        ("replaces: 二.3#1", "replaces: 二.9", "no rule `二.9`; did you mean `二.", 20),
        ("replaces: 二.3#1", "replaces: 二.1", "say which: 二.1#1, 二.1#2", 20),
        ("regime: sunshine-estate", "regime: property-internal-procedure", "this pack extends itself", 1),
        ("regime: sunshine-estate\n", "", "this pack lacks `regime`", 1),
        ("channels:\n", "chanels:\n", "no field `chanels`; did you mean `channels`?", 10),
        ("within: 1 working-day, cite: 本单位规定.3", "within: 1 working-day", "says on what it rests itself", 14),
        ("within: 1 working-day,", "within: ,", "named in `remove`", 14),
        ("  clear-answer: {within: 1 working-day, cite: 本单位规定.3}", "  clear-answer:", "named in `remove`", 14),
        ("set:\n", "set: [x]\nx:\n", "values of parameters are written as names and values", 4),
    ] {
        let own = OWN.replacen(right, wrong, 1);
        assert_ne!(own, OWN, "{right}");
        let error = error(&own, say);
        assert_eq!((error.file.as_str(), error.line), ("own.yaml", line), "{wrong}: {error}");
        assert_eq!(error.gravity, Gravity::Error);
    }
}

#[test]
fn a_pack_may_extend_one_that_extends_another_but_never_itself() {
    let own = Pack { file: "own.yaml".to_owned(), yaml: OWN.to_owned() };
    let block = "extends: sunshine-estate\nregime: sunshine-block-2\nset: {day-unit: days}\n";
    let pack = Pack { file: "block.yaml".to_owned(), yaml: block.to_owned() };
    let around = Surroundings { shelf: vec![base(), own], ..Surroundings::default() };
    let regime = Regime::check(&pack, &around).regime.unwrap();
    assert_eq!((regime.id.as_str(), regime.parameters["day-unit"].as_str()), ("sunshine-block-2", "days"));
    assert!(regime.clocks.iter().any(|clock| clock.name == "first-call"));
    let round = |file: &str, from: &str, to: &str| Pack {
        file: file.to_owned(),
        yaml: format!("regime: {from}\nextends: {to}\n"),
    };
    let around =
        Surroundings { shelf: vec![round("b.yaml", "b", "a"), round("a.yaml", "a", "b")], ..Surroundings::default() };
    let found = Regime::check(&round("a.yaml", "a", "b"), &around).found;
    assert!(found.iter().any(|error| error.en.contains("extends itself") && error.file == "b.yaml"), "{found:#?}");
    assert!(Regime::parse("own.yaml", OWN).unwrap_err()[0].en.contains("no pack to extend"));
}

#[test]
fn what_is_left_blank_is_no_mistake_but_keeps_the_pack_from_being_published() {
    let blank = PACK.replacen(
        "  day-unit:   {default: days, one-of: [days, working-days],",
        "  answer-in:  {blank: yes, such-as: 2 days, reads: 在____日内, cite: 三.3}\n  day-unit:   {one-of: [days, working-days],",
        1,
    );
    let blank = blank.replacen(
        "until: complainant-answered, within: 2 $day-unit",
        "until: complainant-answered, within: $answer-in",
        1,
    );
    let shelf = vec![Pack { yaml: blank.clone(), ..base() }];
    let around = Surroundings { shelf, ..Surroundings::default() };
    let check = |yaml: &str| Regime::check(&Pack { file: "own.yaml".to_owned(), yaml: yaml.to_owned() }, &around);
    let found = check(&blank);
    assert!(found.regime.is_none());
    let blanks: Vec<_> = found.found.iter().map(|b| (b.gravity, b.line, b.clause.as_str(), b.en.as_str())).collect();
    assert_eq!(blanks.len(), 2, "{blanks:#?}");
    assert_eq!((blanks[0].0, blanks[0].1, blanks[0].2), (Gravity::Blank, line("  day-unit:"), "三.3"));
    assert!(blanks[0].3.contains("`answer-in` is left blank") && blanks[0].3.contains("在____日内"), "{blanks:#?}");
    assert_eq!(Regime::parse("pack.yaml", &blank).unwrap_err().len(), 2);
    let own = "extends: property-internal-procedure\nregime: own\nset: {answer-in: 1 working-day, day-unit: days}\n";
    let regime = check(own).regime.unwrap();
    assert_eq!(regime.clocks[1].within[0].take, [Length::WorkingDays(1)]);
    let wrong = check(&own.replacen("1 working-day", "soon", 1));
    assert_eq!(
        (wrong.found[0].file.as_str(), wrong.found[0].line, wrong.found[0].clause.as_str()),
        ("own.yaml", 3, "三.3")
    );
    let half = check(&own.replacen("answer-in: 1 working-day, ", "", 1));
    assert_eq!(
        (half.found.len(), half.found[0].gravity, half.found[0].file.as_str()),
        (1, Gravity::Blank, "base.yaml")
    );
}

#[test]
fn the_difference_is_told_rule_by_rule_with_both_places() {
    let own = Pack { file: "own.yaml".to_owned(), yaml: OWN.to_owned() };
    let differences = diff(&base(), &own, &[base()]).unwrap();
    let find = |rule: &str, field: Option<&str>| {
        let hit = differences.iter().find(|one| one.rule == rule && one.field.as_deref() == field);
        let hit = hit.unwrap_or_else(|| panic!("{rule} {field:?}: {differences:#?}"));
        let side = |side: &Option<crate::Side>| side.as_ref().map(|s| (s.says.clone(), s.file.clone(), s.line));
        (side(&hit.was), side(&hit.is))
    };
    let side = |says: &str, file: &str, line| Some((says.to_owned(), file.to_owned(), line));
    assert_eq!(
        find("parameters/day-unit", Some("default")),
        (side("days", "base.yaml", line("  day-unit:")), side("working-days", "own.yaml", 5))
    );
    assert_eq!(
        find("clocks/clear-answer", Some("within")),
        (side("2 $day-unit", "base.yaml", line("until: complainant-answered")), side("1 working-day", "own.yaml", 14))
    );
    assert_eq!(find("clocks/handling", Some("overrun")).1, None);
    assert_eq!(find("clocks/first-call", None).0, None);
    assert_eq!(find("scope/already-handled", None).1, None);
    assert!(find("channels/phone", None).0.is_none() && find("templates/receipt/subject", Some("zh")).1.is_some());
    assert_eq!(diff(&base(), &base(), &[]).unwrap(), []);
    let rules: Vec<&str> = differences.iter().map(|one| one.rule.as_str()).collect();
    assert!(rules.iter().all(|rule| !rule.starts_with("routing") && !rule.starts_with("records")), "{rules:#?}");
}
