//! Routing, recusal, the ladder, orders and appeals: what is wrong with them is told at its place.

use crate::sample::FULL;
use crate::{Gravity, Instead, Office, OrderTo, PackError, Recused, Regime, RouteTo};

fn found(right: &str, wrong: &str) -> Vec<PackError> {
    let yaml = FULL.replacen(right, wrong, 1);
    assert_ne!(yaml, *FULL, "{right}");
    let errors = Regime::parse("pack.yaml", &yaml).err().unwrap_or_default();
    errors.into_iter().filter(|error| error.gravity == Gravity::Error).collect()
}

fn regime(right: &str, wrong: &str) -> Regime {
    let yaml = FULL.replacen(right, wrong, 1);
    assert_ne!(yaml, *FULL, "{right}");
    Regime::parse("pack.yaml", &yaml).unwrap()
}

const LAST: &str = "  - {to: branch, role: manager, cite: 第四条}";
const TIER: &str = "within: 15 days, to: above, role: director, form: record-sheet";

#[test]
fn every_mistake_is_told_with_its_clause() {
    for (right, wrong, say, clause) in [
        (
            LAST,
            "  - {to: branches, role: manager, cite: 甲}",
            "no destination `branches`; did you mean `branch`?",
            "甲",
        ),
        (LAST, "  - {during: [braek], to: branch, role: manager, cite: 甲}", "`braek`; did you mean `break`?", "甲"),
        ("{during: day-off, role: desk}", "{during: off-day, role: desk, cite: 乙}", "`off-day`", "乙"),
        ("to: handler, due: set", "to: handler, on-duty: yes, due: set", "this one goes to none", "第七条"),
        (
            "who: [accused, accused-unit]",
            "who: [accused, accused-units]",
            "no person to recuse `accused-units`",
            "第四条",
        ),
        ("then: rise", "then: rice", "no role `rice`; did you mean `rise`?", "第四条"),
        (", ruled-by: director", "", "somebody who rules on it (ruled-by)", "第四条"),
        ("zh: 店内, en: In the shop", "zh: 店内", "a title stands in both languages", "第七条"),
        ("role: [manager, desk], zh", "role: [manager, dosk], zh", "no role `dosk`; did you mean `desk`?", "第七条"),
        ("to: handler, due: set", "to: handlers, due: set", "did you mean `handler`?", "第七条"),
        ("to: handler, due: set", "to: handler, due: 3 days", "is `due: set`", "第七条"),
        (
            "who: complainant, after: complainant-told",
            "who: complainants, after: complainant-told",
            "`complainants`",
            "第十条",
        ),
        (TIER, "within: same-day, to: above, role: director", "`same-day` cannot stand here", "第十条"),
        ("acts: [decide, voucher-given]", "acts: [decide, answer]", "does not say who did `answer`", "第七条"),
        ("acts: [decide, voucher-given]", "acts: [decide, decide]", "at least two acts are kept apart", "第七条"),
        ("{stage: received,", "{stage: told,", "the stage `told` stands here twice", "第六条"),
        (
            "    - {do: monthly-report,",
            "    - {do: monthly-report, zh: 汇总, en: Report, role: manager, to: association, cite: 丙}\n    - {do: monthly-report,",
            "the duty `monthly-report` stands here twice",
            "第九条",
        ),
        ("reopen: tested, outcomes", "reopen: tasted, outcomes", "no stage `tasted`; did you mean `tested`?", "第十条"),
    ] {
        let errors = found(right, wrong);
        let error =
            errors.iter().find(|error| error.en.contains(say)).unwrap_or_else(|| panic!("{wrong}: {errors:#?}"));
        assert_eq!((error.clause.as_str(), errors.len()), (clause, 1), "{wrong}: {errors:#?}");
    }
}

#[test]
fn a_tier_stands_once() {
    let tier = FULL.lines().find(|line| line.contains("tier: director")).unwrap();
    let errors = found(tier, &format!("{tier}\n{tier}"));
    assert_eq!(
        errors.iter().map(|error| error.en.as_str()).collect::<Vec<_>>(),
        ["the tier `director` stands here twice"]
    );
}

#[test]
fn a_limit_that_is_none_is_no_limit() {
    assert!(regime("within: 15 days, to: above", "within: none, to: above").appeals[0].within.is_none());
    let plain = Regime::parse("pack.yaml", &FULL).unwrap();
    let appeal = &plain.appeals[0];
    assert!(appeal.within.is_some() && appeal.other_handler && appeal.is_final);
    assert_eq!((appeal.to, appeal.reopen.as_deref()), (RouteTo::Above, Some("tested")));
}

#[test]
fn what_a_pack_says_of_recusal_rungs_and_orders_is_what_is_read() {
    let regime = Regime::parse("pack.yaml", &FULL).unwrap();
    let [unit, asked] = regime.recusal.as_slice() else { panic!("two rules") };
    assert_eq!((unit.who.as_slice(), &unit.then), (&[Recused::Accused, Recused::AccusedUnit][..], &Instead::Rise));
    assert_eq!((&asked.then, asked.ruled_by.as_deref()), (&Instead::Role("director".into()), Some("director")));
    assert_eq!(regime.ladder[0].roles, ["manager", "desk"]);
    let order = regime.order("call-in").unwrap();
    assert_eq!(order.to[0].to, OrderTo::Body("market-office".into()));
    assert_eq!((order.to[0].cite.as_str(), order.to[1].cite.as_str()), ("第七条之三", "第七条之二"));
    assert_eq!((order.grounds[0].only, order.grounds[0].cite.as_str()), (true, "第七条之四"));
    assert!(regime.order("supervision").unwrap().is_dated);
}

#[test]
fn where_a_case_and_an_order_go_may_depend_on_the_hour() {
    let regime = Regime::parse("pack.yaml", &FULL).unwrap();
    assert!(regime.asks_office());
    let case = crate::sample::Told::default().word("category", "goods").flag("injury", false);
    let role = |office| regime.route(&case, || office).map(|route| (route.role.as_str(), route.on_duty)).unwrap();
    assert_eq!(role(Office::Open), ("manager", false));
    for office in [Office::Break, Office::Closed, Office::DayOff] {
        assert_eq!(role(office), ("desk", true));
    }
    let order = regime.order("call-in").unwrap();
    assert!(order.on_duty);
    let to = |office| order.addressee(&case, || office).map(|row| row.to.clone()).unwrap();
    assert_eq!(
        (to(Office::DayOff), to(Office::Break)),
        (OrderTo::Role("desk".into()), OrderTo::Role("manager".into()))
    );
    assert!(!crate::sample::regime().asks_office());
}

#[test]
fn a_category_lies_under_no_other_that_lies_under_it() {
    let errors = found("service: {zh: 服务, en: Service}", "service: {zh: 服务, en: Service, under: repair}");
    let said: Vec<&str> = errors.iter().map(|error| error.en.as_str()).collect();
    assert_eq!(said, ["the category `service` lies under itself", "the category `repair` lies under itself"]);
    assert!(errors[0].line < errors[1].line);
}
