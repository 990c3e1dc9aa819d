//! A pack that is wrong is refused with every mistake at its place. Each row bends the shipped pack in one spot.

mod handing;
mod instruments;

use crate::sample::PACK;
use crate::{Ends, Manner, Regime, Roll};

/// What is replaced, by what, and what must then be said: part of the English text, and the clause.
struct Bent(&'static str, &'static str, &'static str, &'static str);

const BENT: &[Bent] = &[
    // Names that are not known.
    Bent(
        "then: important, cite: 一.2",
        "then: importent, cite: 一.2",
        "no severity `importent`; did you mean `important`?",
        "一.2",
    ),
    Bent("{otherwise: minor,", "{otherwise: mnior,", "no severity `mnior`; did you mean `minor`?", "一.3"),
    Bent(
        "{role: general-manager, cite: 三.2}",
        "{role: genral-manager, cite: 三.2}",
        "no role `genral-manager`; did you mean `general-manager`?",
        "三.2",
    ),
    Bent(
        "recorded-by: receptionist, form: opinion-form, requires: [contact, subject, narrative], identity: $identity, cite: 二.1",
        "recorded-by: receptionits, form: opinion-form, requires: [contact, subject, narrative], identity: $identity, cite: 二.1",
        "did you mean `receptionist`?",
        "二.1",
    ),
    Bent("{channel: web,", "{channel: wep,", "no channel `wep`; did you mean `web`?", "二.5, implied"),
    Bent(
        "open: yes, form: opinion-form, requires: [contact,",
        "open: yes, form: opinion-form, requires: [contacts,",
        "no form field `contacts`; did you mean `contact`?",
        "二.5, implied",
    ),
    Bent(
        "open: yes, form: opinion-form",
        "open: yes, form: opinions-form",
        "no form `opinions-form`; did you mean `opinion-form`?",
        "二.5, implied",
    ),
    Bent("{before: tell,", "{before: tel,", "no command or step `tel`; did you mean `tell`?", "二.3"),
    Bent(
        "needs: opinion-form-returned, cite: 二.3",
        "needs: opinion-form-return, cite: 二.3",
        "no fact `opinion-form-return`; did you mean `opinion-form-returned`?",
        "二.3",
    ),
    Bent(
        "{of: overrun, if: \"case.severity == 'minor'\"",
        "{of: overrum, if: \"case.severity == 'minor'\"",
        "no matter of approval `overrum`; did you mean `overrun`?",
        "三.1",
    ),
    Bent(
        "on: clock-missed(one-month)",
        "on: clock-missed(one-mouth)",
        "no clock `one-mouth`; did you mean `one-month`?",
        "一.1(3)",
    ),
    Bent("on: clock-missed(one-month)", "on: case-accepted(one-month)", "`case-accepted` takes no brackets", "一.1(3)"),
    Bent(
        "on: clock-missed(one-month)",
        "on: case-resolved(substantiatd)",
        "no finding `substantiatd`; did you mean `substantiated`?",
        "一.1(3)",
    ),
    Bent(
        "on: clock-missed(one-month)",
        "on: clock-missed(one-month",
        "is not a fact: a bracket is not closed",
        "一.1(3)",
    ),
    Bent(
        "from: opinion-form-returned, until: complainant-told",
        "from: opinion-form-retuned, until: complainant-told",
        "did you mean `opinion-form-returned`?",
        "二.3",
    ),
    Bent(
        "until: complainant-told, within",
        "until: complainant-tolled, within",
        "no fact `complainant-tolled`; did you mean `complainant-told`?",
        "二.3",
    ),
    Bent("task: [call, visit], role", "task: [call, vist], role", "no way `vist`; did you mean `visit`?", "二.3"),
    Bent("by: email, send: receipt", "by: emial, send: receipt", "no way `emial`; did you mean `email`?", "二.1"),
    Bent(
        "send: report, cite: 二.4",
        "send: reprot, cite: 二.4",
        "no template `reprot`; did you mean `report`?",
        "二.4",
    ),
    Bent(
        "{role: head, may: [contain, note]",
        "{role: head, may: [contian, note]",
        "no command or step `contian`; did you mean `contain`?",
        "二.1",
    ),
    Bent(
        "{role: patrol-team, may",
        "{role: patrol-taem, may",
        "no role `patrol-taem`; did you mean `patrol-team`?",
        "二.3-4",
    ),
    Bent(
        "{to: department-complained-of,",
        "{to: department-complaint-of,",
        "no destination `department-complaint-of`; did you mean",
        "二.1",
    ),
    Bent("then: refer, cite", "then: refar, cite", "no outcome `refar`; did you mean `refer`?", "一, implied"),
    Bent("take: 3 $day-unit", "take: 3 $day-units", "no parameter `day-units`; did you mean `day-unit`?", "三.2"),
    Bent("{{due}} 到期。\"", "{{dew}} 到期。\"", "no placeholder `dew`; did you mean `due`?", ""),
    Bent("{{due}} 到期。\"", "{% if due %}{{due}} 到期。\"", "a template holds no `{%`, but placeholders", ""),
    Bent("{{due}} 到期。\"", "{{due}} 到期。{# \"", "a template holds no `{#`, but placeholders", ""),
    Bent("at: resolve, if", "at: resolved, if", "no command or step `resolved`; did you mean `resolve`?", "二.6"),
    Bent("numbering: \"TS-{unit}", "nubmering: \"TS-{unit}", "no field `nubmering`; did you mean `numbering`?", ""),
    Bent(
        "tell: [handler, manager-in-charge]",
        "tell: [handlers, manager-in-charge]",
        "did you mean `handler`?",
        "一.1(3)",
    ),
    // Conditions.
    Bent(
        "case.loss == 'heavy' || case.injury",
        "case.loss == 'heavy' || case.injuri",
        "no fact of a case `injuri`; did you mean `injury`?",
        "一.1(2)",
    ),
    Bent(
        "case.loss == 'heavy' || case.injury",
        "case.loss == 'heavie' || case.injury",
        "no value of case.loss `heavie`; did you mean `heavy`?",
        "一.1(2)",
    ),
    Bent(
        "if: \"case.severity == 'important'\", by",
        "if: \"case.severity == 'importend'\", by",
        "did you mean `important`?",
        "三.2",
    ),
    Bent(
        "case.promise_unmet && case.times_raised >= 2",
        "case.promise_unmet && case.times_raised",
        "does not come to yes or no",
        "一.1(1)",
    ),
    Bent(
        "case.promise_unmet && case.times_raised >= 2",
        "case.promise_unmet && case.times_raised >= 'two'",
        "does not come to yes or no",
        "一.1(1)",
    ),
    Bent("case.promise_unmet && case.times_raised >= 2", "case.promise_unmet &&", "does not read", "一.1(1)"),
    Bent(
        "case.promise_unmet && case.times_raised >= 2",
        "promise_unmet && case.times_raised >= 2",
        "is written `case.promise_unmet`",
        "一.1(1)",
    ),
    Bent(
        "case.promise_unmet && case.times_raised >= 2",
        "case.promise_unmet == 'yes'",
        "`case.promise_unmet` is a flag and cannot be compared",
        "一.1(1)",
    ),
    Bent(
        "case.severity in ['important', 'major']\", to",
        "case.severity in ['important', 'magor']\", to",
        "did you mean `major`?",
        "二.2",
    ),
    // Pauses, and counting anew.
    Bent("within: 1 month,", "anew: case-sigend, within: 1 month,", "did you mean `case-signed`?", "一.1(3)"),
    Bent(
        "within: 1 month,",
        "anew: case-resolved, within: 1 month,",
        "what ends this clock cannot begin it",
        "一.1(3)",
    ),
    Bent(
        "within: 1 month,",
        "within: 1 month, paused: [{from: case-sigend, until: case-returned, cite: p}],",
        "no fact `case-sigend`; did you mean `case-signed`?",
        "p",
    ),
    Bent(
        "within: 1 month,",
        "within: 1 month, paused: [{from: case-signed, untill: case-returned, until: case-returned, cite: p}],",
        "no field `untill`; did you mean `until`?",
        "p",
    ),
    Bent(
        "within: 1 month,",
        "within: 1 month, paused: [{from: case-signed, cite: p}],",
        "this pause lacks `until`",
        "p",
    ),
    Bent(
        "within: 1 month,",
        "within: 1 month, paused: [{from: case-signed, until: case-signed, cite: p}],",
        "this pause ends with the fact that starts it",
        "p",
    ),
    Bent(
        "within: 1 month,",
        "within: 1 month, paused: [{from: case-signed, until: case-returned, cap: same-day, cite: p}],",
        "`same-day` cannot stand here",
        "p",
    ),
    Bent(
        "within: 1 month,",
        "within: 1 month, paused: [{from: case-signed, until: case-returned}],",
        "this pause does not cite its clause",
        "",
    ),
    // The manner of counting.
    Bent(
        "roll: $day-off, ends",
        "roll: holydays, ends",
        "no choice `holydays`; did you mean `holidays`?",
        "三, implied",
    ),
    Bent("ends: midnight", "ends: closing", "no choice `closing`; did you mean `close`?", "三, implied"),
    Bent("{roll: $day-off, ends", "{rolls: $day-off, ends", "no field `rolls`; did you mean `roll`?", "三, implied"),
    Bent("ends: midnight, cite: \"三, implied\"}", "ends: midnight}", "this manner of counting does not cite", ""),
    // Something that is missing, or there twice.
    Bent(
        "- {to: department-complained-of, role: head, cite: 二.1}",
        "- {to: department-complained-of, role: head}",
        "does not cite its clause",
        "",
    ),
    Bent("{otherwise: minor, cite: 一.3}", "{otherwise: minor, cite: }", "does not cite its clause", ""),
    Bent("send: report, cite: 二.4", "cite: 二.4", "a notice has a template to send (send) or a call or visit", "二.4"),
    Bent("{default: days, one-of", "{one-of", "the parameter `day-unit` is left blank", "三"),
    Bent("{default: days, one-of", "{default: weeks, one-of", "the parameter `day-unit` cannot be `weeks`", "三"),
    Bent("[letter, email], recorded", "[letter, email, web], recorded", "the channel `web` stands here twice", "二.5"),
    Bent(
        "{ground: public-authority,",
        "{ground: between-neighbours,",
        "the ground `between-neighbours` stands here twice",
        "一, implied",
    ),
    Bent("    repair:     {", "    redo:     {", "`redo` stands here twice", ""),
    Bent("  form-back:\n", "  one-month:\n", "`one-month` stands here twice", ""),
    Bent("send: report, cite: 二.4}", "send: report, send: alert, cite: 二.4}", "`send` stands here twice", "二.4"),
    Bent(
        "say: {zh: 先停止或减轻正在发生的损害, en: First stop or limit the harm that is going on}",
        "say: {zh: 先停止或减轻正在发生的损害}",
        "lacks `en`",
        "二.7",
    ),
    Bent("done: complainant-told, zh", "zh", "this notice lacks `done`", "二.3"),
    Bent(
        "{channel: web, open: yes,",
        "{channel: web,",
        "either recorded by a role (recorded-by) or open",
        "二.5, implied",
    ),
    // Values that are no values.
    Bent("within: 1 month,", "within: 1 moon,", "`1 moon` is not a length", "一.1(3)"),
    Bent("within: 1 month,", "within: 1 mouth,", "no unit `mouth`; did you mean `months`?", "一.1(3)"),
    Bent("within: 1 month,", "within: 1000000000 days,", "there are 1 to 36500 days in a length", "一.1(3)"),
    Bent("within: 1 month,", "within: before day 0 of month,", "as `before day 30 of month`", "一.1(3)"),
    Bent("{before: 5 days,", "{before: before day 5 of month,", "of month` cannot stand here", "一.1(3)"),
    Bent(
        "{if: \"case.severity == 'minor'\",     take",
        "{during: [open, braek], take",
        "no choice `braek`; did you mean `break`?",
        "三.1",
    ),
    Bent("within: 1 month,", "within: asked,", "`asked` alone", "一.1(3)"),
    Bent("missed: [{climb: 3}]", "missed: [{climb: 4}]", "rung 4 is not on the ladder, which has 3 rungs", "一.1(3)"),
    Bent("{after: 1 day, climb: 2}", "{after: same-day, climb: 2}", "`same-day` cannot stand here", "三"),
    Bent("[{at: 50%, tell: handler}], missed", "[{at: 150%, tell: handler}], missed", "not between 1% and 99%", "三.3"),
    Bent("{n:5}", "{m:5}", "`{m:5}` is no part of a numbering", ""),
    Bent("from: 2020-01-01", "from: 2020-13-01", "`2020-13-01` is not a date", ""),
    Bent("before: day 30 of month", "before: the 30th", "is written as `day 30 of month`", "二.4"),
    Bent("keep: forever", "keep: 4 hours", "kept forever, or for days, months or years", "二.4"),
    Bent("{type: number, default: 1", "{type: number, default: one", "`one` is not a whole number", "一.1(1)"),
    Bent(
        "loss:          {type: word, default: none",
        "loss:          {type: word, default: nothing",
        "no choice `nothing`",
        "一.1(2)",
    ),
    Bent("    patrol-team:  ", "    Patrol-Team:  ", "is made of small letters", "二.4"),
    Bent("automatic: yes,", "automatic: maybe,", "`automatic` is yes or no", "一.1(3)"),
    Bent(
        "then: important, cite: 一.2",
        "then: important, automatic: yes, cite: 一.2",
        "only a rule `on` a fact can be automatic",
        "一.2",
    ),
    Bent(
        "from: case-resolved, until: opinion-form-returned, within",
        "from: opinion-form-returned, until: opinion-form-returned, within",
        "ends with the fact that starts it",
        "二.1",
    ),
];

/// The line on which `text` stands, counted from 1.
fn line(yaml: &str, text: &str) -> u32 {
    let at = yaml.find(text).unwrap_or_else(|| panic!("{text} is not in the pack"));
    u32::try_from(yaml[..at].matches('\n').count() + 1).unwrap()
}

#[test]
fn every_mistake_is_found_at_its_line_with_its_clause_and_the_nearest_name() {
    for Bent(right, wrong, say, clause) in BENT {
        let yaml = PACK.replacen(right, wrong, 1);
        assert_ne!(yaml, PACK, "{right}");
        let expected = line(PACK, right);
        let errors = Regime::parse("pack.yaml", &yaml).err().unwrap_or_default();
        let found =
            errors.iter().find(|error| error.en.contains(say)).unwrap_or_else(|| panic!("{wrong}: {errors:#?}"));
        assert!(
            found.line == expected || found.line == expected + 1 && right.starts_with("  "),
            "{wrong}: line {expected}, {found}"
        );
        assert_eq!(found.clause, *clause, "{wrong}: {found}");
        assert!(!found.zh.is_empty() && found.file == "pack.yaml");
    }
}

#[test]
fn a_mistake_causes_no_second_one_but_where_a_name_is_really_gone() {
    let really_gone = ["Patrol-Team", "nubmering", "  one-month:"];
    for Bent(right, wrong, ..) in BENT.iter().filter(|bent| !really_gone.iter().any(|gone| bent.1.contains(gone))) {
        let errors = Regime::parse("pack.yaml", &PACK.replacen(right, wrong, 1)).err().unwrap_or_default();
        assert_eq!(errors.len(), 1, "{wrong}: {errors:#?}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_the_file() {
    let yaml = PACK
        .replacen("then: important, cite: 一.2", "then: importent", 1)
        .replacen("within: 1 month", "within: 1 moon", 1)
        .replacen("send: report", "send: reprot", 1);
    let errors = Regime::parse("pack.yaml", &yaml).unwrap_err();
    let lines: Vec<u32> = errors.iter().map(|error| error.line).collect();
    assert_eq!(errors.len(), 4, "{errors:#?}");
    assert!(lines.is_sorted());
    let shown = errors.last().map(ToString::to_string).unwrap_or_default();
    assert!(shown.starts_with("pack.yaml:") && shown.contains("[二.4]") && shown.contains("是否指“report”"), "{shown}");
}

#[test]
fn what_is_no_pack_is_refused_without_a_panic() {
    for yaml in [
        "",
        "just a text",
        "[]",
        "- a\n- b",
        "regime: x",
        "regime: [x]\nwords: 3\nclocks: []\nwho: {}\n",
        "a: b: c",
        "\u{0}",
        "words: {kinds: {x: y}}",
    ] {
        assert!(Regime::parse("pack.yaml", yaml).is_err(), "{yaml}");
    }
    // A pack cut off anywhere is refused or read, but never a panic.
    for cut in (0..PACK.len()).step_by(311).filter(|cut| PACK.is_char_boundary(*cut)) {
        let _ = Regime::parse("pack.yaml", &PACK[..cut]);
    }
}

#[test]
fn a_pack_without_a_manner_of_counting_counts_as_the_civil_code_and_an_organisation_may_choose() {
    let counting = |yaml: &str| Regime::parse("pack.yaml", yaml).unwrap().counting;
    let silent = PACK.replacen("counting: {roll: $day-off, ends: midnight, cite: \"三, implied\"}\n", "", 1);
    assert_eq!(counting(&silent), Manner::default());
    let other = PACK.replacen("day-off:    {default: weekends-and-holidays", "day-off:    {default: holidays", 1);
    let other = other.replacen("ends: midnight", "ends: close", 1);
    let cite = "三, implied".to_owned();
    assert_eq!(counting(&other), Manner { roll: Roll::Holidays, ends: Ends::Close, cite });
}
