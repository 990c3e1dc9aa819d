//! Packs with every instrument of time in them: what they read as, and how what is wrong in them is refused.

use crate::sample::PACK;
use crate::{Assessed, Counts, DutyDue, Effect, ExtendBy, FactRef, Length, PackError, Regime};

/// The shipped pack with another clock and a breach in it, and another duty.
const CLOCK: &str = "  penalty:
    {zh: 处罚决定, en: Penalty, from: case-dispatched, or-after: never, until: case-resolved, dropped: [case-returned],
     within: 90 days, cite: 六四,
     extend: [
       {by: 30 days, ground: {zh: 复杂, en: Complex}, approve: manager-in-charge, cite: 六四.1},
       {by: date, cap: 60 days, times: unlimited, if: case.injury, approve: general-manager, cite: 六四.2}],
     suspend: {cap: 30 days, times: 2, cite: 六四.3},
     missed: [{order: supervision}, {after: 1 day, climb: 3, assess: lateness, points: 5, against: unit, do: opinion-form-returned, cite: 六五}]}
  promised:
    {zh: 承诺答复, en: Promised answer, from: date-set(promised), until: complainant-answered, within: set, cite: 七}
  time-bar:
    {zh: 投诉时效, en: Time bar, from: date-set(time-bar), from-date: yes, until: case-registered, within: 3 years, cite: 十五}
  defence:
    {zh: 答辩, en: Defence, from: case-accepted, until: note-added, within: 15 working-days, cite: 九}
  investigate:
    {zh: 调查, en: Investigation, from: [note-added, case-reopened], or-after: clock-missed(defence), until: case-resolved, anew: [case-signed, handler-named], within: 15 working-days, cite: 十,
     extend: {by: 5 working-days, on-notice: yes, cite: 十.1}, overrun: {on-approval: yes, cap: none, cite: 十.2},
     remind: [{at: 50%, tell: [handler, first-contact, team, complainant, respondent]}]}

breaches:
  chased: {zh: 催办, en: Had to chase, on: [case-supplemented, complainant-chased], once: yes, assess: lateness, points: 2, cite: 五}

orders:
  supervision: {zh: 督办, en: Supervision, to: handler, answer: {zh: 回复, en: Answer}, cite: 六四}

notices:
  - {on: breach-found(chased), to: manager-in-charge, send: alert, cite: 五}
";
const DUTY: &str = "  ledgers:
    lateness: {zh: 超期考核, en: Lateness, of: staff, cite: 五}
  duties:
    - {do: yearly, zh: 年度报告, en: Yearly report, every: year, within: 10 working-days, role: general-affairs-head, to: manager-in-charge, cite: 八}
    - {do: quarter, zh: 季度考核, en: Quarterly assessment, every: quarter, role: general-affairs-head, to: manager-in-charge, cite: 八}
    - {do: odd, zh: 五月一报, en: Every five months, every: 5 months, before: day 10 of month, role: general-affairs-head, to: manager-in-charge, cite: 八}
";

fn pack() -> String {
    let pack = PACK.replacen("\nnotices:\n", CLOCK, 1).replacen("  duties:\n", DUTY, 1);
    let pack = pack.replacen(
        "answer, resolve, opinion-form-returned,",
        "answer, resolve, set-date, opinion-form-returned,",
        1,
    );
    pack.replacen("approvals:\n", "approvals:\n  - {of: suspension(penalty), by: manager-in-charge, cite: 六四.3}\n", 1)
}

fn regime() -> Regime {
    Regime::parse("pack.yaml", &pack()).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

#[test]
fn every_instrument_reads_as_it_is_written() {
    let regime = regime();
    let clock = |name: &str| regime.clocks.iter().find(|clock| clock.name == name).unwrap();
    let penalty = clock("penalty");
    let [head, meeting] = penalty.extend.as_slice() else { panic!("{:?}", penalty.extend) };
    assert_eq!((head.by, head.times, head.counts), (ExtendBy::Whole(Length::Days(30)), Some(1), Counts::FromEnd));
    assert_eq!(
        (head.approve.as_deref(), head.ground.as_ref().unwrap().en.as_str()),
        (Some("manager-in-charge"), "Complex")
    );
    assert_eq!((meeting.by, meeting.times), (ExtendBy::Date { cap: Some(Length::Days(60)) }, None));
    let suspend = penalty.suspend.as_ref().unwrap();
    assert_eq!((suspend.cap, suspend.times, suspend.approve.as_ref()), (Some(Length::Days(30)), Some(2), None));
    assert_eq!(penalty.dropped, [FactRef::new("case-returned")]);
    assert_eq!(penalty.or_after, []);
    let [first, later] = penalty.missed.as_slice() else { panic!("{:?}", penalty.missed) };
    assert_eq!((first.climb, first.cite.as_str()), (0, "六四"));
    assert_eq!(first.effects, [Effect::Order("supervision".to_owned())]);
    let assess = Effect::Assess { ledger: "lateness".to_owned(), points: 5, against: Assessed::Unit };
    assert_eq!(later.effects, [Effect::Do(FactRef::new("opinion-form-returned")), assess]);
    assert_eq!((later.climb, later.cite.as_str()), (3, "六五"));
    assert!(clock("time-bar").is_from_date && !clock("promised").is_from_date);
    assert_eq!(clock("investigate").or_after, [FactRef::about("clock-missed", "defence")]);
    assert_eq!(clock("investigate").from, ["note-added", "case-reopened"].map(FactRef::new));
    assert_eq!(clock("investigate").anew, ["case-signed", "handler-named"].map(FactRef::new));
    let breach = regime.breaches.first().unwrap();
    assert_eq!((breach.name.as_str(), breach.is_once), ("chased", true));
    assert_eq!(breach.on, ["case-supplemented", "complainant-chased"].map(FactRef::new));
    let duties: Vec<_> = regime.records.duties.iter().map(|duty| (duty.months, duty.due)).collect();
    let within = DutyDue::Within(Length::WorkingDays(10));
    let before = |day| DutyDue::BeforeDay(day);
    assert_eq!(duties, [(12, within), (3, DutyDue::PeriodEnd), (5, before(10)), (1, before(30))]);
}

/// What is replaced, by what, what must then be said, and the clause.
const BENT: &[(&str, &str, &str, &str)] = &[
    ("by: 30 days, ground", "by: 1000000000 days, ground", "there are 1 to 36500 days in a length", "六四.1"),
    ("by: 30 days, ground", "by: same-day, ground", "`same-day` cannot stand here", "六四.1"),
    ("by: 30 days, ground", "by: 30 days, cap: 2 days, ground", "`cap` is for `by: date`", "六四.1"),
    ("by: 30 days, ground", "by: 3 working-days, counts: from-start, ground", "has the unit of the term", "六四.1"),
    ("by: 30 days, ground", "by: 30 days, counts: from-stat, ground", "did you mean `from-start`?", "六四.1"),
    (
        "approve: manager-in-charge, cite: 六四.1",
        "approve: manager-in-chrge, cite: 六四.1",
        "did you mean `manager-in-charge`?",
        "六四.1",
    ),
    ("approve: manager-in-charge, cite: 六四.1", "cite: 六四.1", "nobody could grant it", "六四.1"),
    ("times: unlimited", "times: 1000000000", "`1000000000` is no number from 1 to 100", "六四.2"),
    ("times: unlimited", "times: 0", "`0` is no number from 1 to 100", "六四.2"),
    ("if: case.injury, approve", "if: case.injuri, approve", "did you mean `injury`?", "六四.2"),
    ("{cap: 30 days, times: 2", "{cap: asked, times: 2", "`asked` cannot stand here", "六四.3"),
    ("  - {of: suspension(penalty), by: manager-in-charge, cite: 六四.3}\n", "", "nobody could grant it", "六四.3"),
    ("of: suspension(penalty)", "of: suspension(defence)", "nobody could grant it", "六四.3"),
    ("of: suspension(penalty)", "of: suspension(penalti)", "no clock `penalti`; did you mean `penalty`?", "六四.3"),
    (
        "of: suspension(penalty), by: manager-in-charge",
        "of: suspension(penalty), by: [manager-in-charge, general-manager]",
        "is approved by one role",
        "六四.3",
    ),
    ("on-notice: yes", "on-notice: yes, approve: manager-in-charge", "has nobody who approves it", "十.1"),
    ("tell: [handler, first-contact, team", "tell: [handlr, first-contact, team", "did you mean `handler`?", "十"),
    ("anew: [case-signed,", "anew: [case-resolved, case-signed,", "cannot begin it anew", "十"),
    ("[note-added, case-reopened], or", "[note-added, case-resolved], or", "ends with the fact that starts it", "十"),
    ("[note-added, case-reopened], or", "[note-added, case-repened], or", "did you mean `case-reopened`?", "十"),
    ("{order: supervision}", "{}", "brings nothing about", "六四"),
    ("{order: supervision}", "{order: supervison}", "did you mean `supervision`?", "六四"),
    ("points: 5", "points: 1000000000", "is no number from 1 to 10000", "六五"),
    ("against: unit", "against: unti", "did you mean `unit`?", "六五"),
    (
        "do: opinion-form-returned, cite: 六五",
        "do: opinion-form-returnd, cite: 六五",
        "did you mean `opinion-form-returned`?",
        "六五",
    ),
    ("from: date-set(time-bar), from-date", "from: case-accepted, from-date", "is `from: date-set(time-bar)`", "十五"),
    ("within: 3 years", "within: [3 years, set]", "not both", "十五"),
    ("dropped: [case-returned]", "dropped: [case-resolved]", "what drops a run is another fact", "六四"),
    ("or-after: clock-missed(defence)", "or-after: note-added", "another fact than those", "十"),
    ("or-after: clock-missed(defence)", "or-after: clock-missed(defense)", "did you mean `defence`?", "十"),
    (
        "on: [case-supplemented, complainant-chased]",
        "on: [case-supplemented, breach-found(chased)]",
        "`chased` waits for itself: chased → chased",
        "五",
    ),
    ("on: breach-found(chased)", "on: breach-found(chasd)", "no breach `chasd`; did you mean `chased`?", "五"),
    ("every: year", "every: yaer", "no period `yaer`; did you mean `year`?", "八"),
    ("every: 5 months", "every: 1000000000 months", "is not a period of 1 to 1200 months", "八"),
    ("every: year, within", "every: year, before: day 3 of month, within", "not both", "八"),
    // A clock that starts on its own end through others.
    (
        "from: case-accepted, until: note-added",
        "from: clock-stopped(defence), until: note-added",
        "defence → defence",
        "九",
    ),
    (
        "from: case-accepted, until: note-added",
        "from: clock-stopped, until: note-added",
        "`defence` waits for itself",
        "九",
    ),
];

/// A text that says 及时 sets no number: the clock has a name, and runs in no case.
#[test]
fn a_length_that_is_none_is_no_mistake_and_never_governs() {
    let parameter = "parameters:\n  timely: {default: none, reads: 及时, cite: 十一}\n";
    let clocks = "  soon: {zh: 及时告知, en: Tell in time, from: appeal-lodged, until: suspension-asked, within: $timely, advisory: yes, cite: 十一, missed: [{climb: 1}]}
  partly: {zh: 部分, en: Partly, from: case-registered, until: case-resolved, cite: 十二,
     within: [{take: $timely, cite: 十二.1}, {if: case.injury, take: [$timely, asked], cite: 十二.2}, {take: 3 days, cite: 十二.3}]}\n";
    let yaml =
        pack().replacen("parameters:", parameter, 1).replacen("\nbreaches:\n", &format!("{clocks}\nbreaches:\n"), 1)
            + "\neffects:\n  - {on: clock-missed(soon), climb: 1, cite: 十一}\n";
    let found = Regime::check(
        &crate::Pack { file: "pack.yaml".to_owned(), yaml: yaml.clone() },
        &crate::Surroundings::default(),
    );
    assert!(found.found.iter().all(|one| one.gravity == crate::Gravity::Warning), "{:#?}", found.found);
    assert!(
        !found.found.iter().any(|one| one.clause.starts_with("十二") || one.clause == "十一"),
        "{:#?}",
        found.found
    );
    let regime = found.regime.unwrap();
    let clock = |name: &str| regime.clocks.iter().find(|clock| clock.name == name).unwrap();
    let case = crate::sample::Told::default();
    let office = || crate::Office::Open;
    assert!(clock("soon").is_absent() && clock("soon").term(&case, office).is_none());
    let taken = |case| clock("partly").term(&case, office).map(|term| term.take.clone());
    assert_eq!(taken(case.clone()), Some(vec![Length::Days(3)]));
    assert_eq!(taken(case.flag("injury", true)), Some(vec![Length::Asked]));
    for (is_chinese, say) in [(true, "原文没有写明期限"), (false, "the text sets no number")] {
        let page = crate::explain(&regime, is_chinese);
        assert!(page.contains(say), "{page}");
    }
    let set = yaml.replacen("timely: {default: none", "timely: {default: 3 days", 1);
    assert!(errors(&set).iter().any(|error| error.clause == "十一"), "a number makes it a clock that nothing stops");
}

fn errors(pack: &str) -> Vec<PackError> {
    Regime::parse("pack.yaml", pack).err().unwrap_or_default()
}

#[test]
fn every_mistake_in_an_instrument_is_found_with_its_clause_and_the_nearest_name() {
    let pack = pack();
    for (right, wrong, say, clause) in BENT {
        let bent = pack.replacen(right, wrong, 1);
        assert_ne!(bent, pack, "{right}");
        let errors = errors(&bent);
        let found = errors.iter().find(|error| error.en.contains(say));
        let found = found.unwrap_or_else(|| panic!("{wrong}: {errors:#?}"));
        assert_eq!(found.clause, *clause, "{wrong}: {found}");
        assert!(found.line > 1 && !found.zh.is_empty(), "{found}");
    }
}

#[test]
fn clocks_that_start_each_other_in_a_circle_are_refused_with_the_way_round() {
    let circle = pack().replacen(
        "from: case-accepted, until: note-added",
        "from: clock-stopped(investigate), until: note-added",
        1,
    );
    let said: Vec<String> = errors(&circle).into_iter().map(|error| error.en).collect();
    assert_eq!(
        said,
        [
            "`defence` waits for itself: defence → investigate → defence",
            "`investigate` waits for itself: investigate → defence → investigate",
        ]
    );
    // A long chain is no circle.
    let clock = |n: usize| {
        format!(
            "  c{n}: {{zh: 链, en: Chain, from: clock-stopped(c{}), until: case-closed, within: 1 day, cite: 链}}\n",
            n + 1
        )
    };
    let last = "  c200: {zh: 链, en: Chain, from: case-accepted, until: case-closed, within: 1 day, cite: 链}\n";
    let chain: String = (0..200).map(clock).chain([last.to_owned()]).collect();
    let long = PACK.replacen("\nnotices:\n", &format!("{chain}\nnotices:\n"), 1);
    assert!(Regime::parse("pack.yaml", &long).is_ok());
}
