//! The clocks of one shipped regime, on cases as the events tell them: every deadline row of its text.

use chrono::{DateTime, NaiveDate, Utc};
use facts::{CaseView, Extension, ExtensionState, Happened};
use legal_time::{Calendar, ClockState, Counting, Phase, Tz, derive, explain};
use regime::{Length, Regime};
use std::sync::LazyLock;

static REGIME: LazyLock<Regime> = LazyLock::new(|| {
    let pack = packs::regime("property-internal-procedure").unwrap();
    Regime::parse(&pack.file, &pack.yaml).unwrap()
});
static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::parse("cn", &packs::calendar("cn").unwrap()).unwrap());

fn counting() -> Counting<'static> {
    Counting::of(&REGIME, &CALENDAR, Tz::Asia__Shanghai)
}

/// An instant given in Shanghai time.
fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap().to_utc()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn case(severity: &str, validity: &str, happened: &[(&str, &str)]) -> CaseView {
    let history = happened.iter().map(|(word, when)| Happened::new(*word, None, at(when)));
    let (severity, validity) = (severity.to_owned(), validity.to_owned());
    CaseView { severity, validity, history: history.collect(), ..CaseView::default() }
}

fn clock(case: &CaseView, name: &str, now: &str) -> Option<ClockState> {
    derive(&REGIME.clocks, &counting(), case, at(now)).into_iter().find(|state| state.clock == name)
}

const RECEIVED: &[(&str, &str)] = &[("case-registered", "2026-11-17 09:30")];

#[test]
fn each_grade_has_its_days_and_a_case_without_a_grade_has_no_clock() {
    let last_day = |severity: &str, name: &str| {
        clock(&case(severity, "", RECEIVED), name, "2026-11-17 10:00").and_then(|state| state.due.last_day)
    };
    assert_eq!(last_day("", "handling"), None);
    assert_eq!(last_day("minor", "handling"), Some(date("2026-11-19")));
    assert_eq!(last_day("important", "handling"), Some(date("2026-11-20")));
    assert_eq!(last_day("major", "handling"), Some(date("2026-11-27")));
    assert_eq!(last_day("major", "clear-answer"), Some(date("2026-11-19")));
    assert_eq!(last_day("minor", "clear-answer"), None);
    let is_advisory =
        |severity| clock(&case(severity, "", RECEIVED), "handling", "2026-11-17 10:00").unwrap().is_advisory;
    assert!(is_advisory("major") && !is_advisory("minor"));
}

#[test]
fn the_date_a_resident_asks_for_counts_for_a_minor_complaint_only() {
    let mut minor = case("minor", "", RECEIVED);
    minor.asked_by = Some(date("2026-11-28"));
    let asked = clock(&minor, "handling", "2026-11-17 10:00").unwrap();
    assert_eq!((asked.taken, asked.due.last_day), (Length::Asked, Some(date("2026-11-28"))));
    minor.severity = "important".to_owned();
    assert_eq!(clock(&minor, "handling", "2026-11-17 10:00").unwrap().taken, Length::Days(3));
}

#[test]
fn a_valid_complaint_has_a_month_and_one_that_is_not_has_none() {
    let month = |validity| clock(&case("minor", validity, RECEIVED), "one-month", "2026-12-17 23:59");
    let running = month("valid").unwrap();
    assert_eq!((running.due.last_day, running.phase()), (Some(date("2026-12-17")), Phase::Running));
    assert_eq!(month("invalid"), None);
    let missed = clock(&case("minor", "valid", RECEIVED), "one-month", "2026-12-18 00:00").unwrap();
    assert_eq!(missed.phase(), Phase::Missed);
}

#[test]
fn the_form_and_the_call_are_due_the_same_day_each_from_its_own_fact() {
    let told = [("case-registered", "2026-11-17 09:30"), ("case-resolved", "2026-11-18 16:00")];
    let form = clock(&case("minor", "", &told), "form-back", "2026-11-18 17:00").unwrap();
    assert_eq!((form.due.at, form.phase()), (at("2026-11-19 00:00"), Phase::Running));
    assert_eq!(clock(&case("minor", "", &told), "tell-resident", "2026-11-18 17:00"), None);
    let returned = [told[0], told[1], ("opinion-form-returned", "2026-11-19 08:00")];
    let form = clock(&case("minor", "", &returned), "form-back", "2026-11-19 09:00").unwrap();
    assert!(!form.stopped.unwrap().is_on_time);
    let tell = clock(&case("minor", "", &returned), "tell-resident", "2026-11-19 09:00").unwrap();
    assert_eq!(tell.due.at, at("2026-11-20 00:00"));
}

#[test]
fn the_organisation_may_count_working_days_instead() {
    let pack = packs::regime("property-internal-procedure").unwrap();
    let choice = [("day-unit".to_owned(), "working-days".to_owned())].into();
    let regime = Regime::parse_with(&pack.file, &pack.yaml, &choice).unwrap();
    let friday = case("minor", "", &[("case-registered", "2026-11-20 09:30")]);
    let states = derive(&regime.clocks, &counting(), &friday, at("2026-11-20 10:00"));
    assert_eq!(states.first().unwrap().due.last_day, Some(date("2026-11-24")));
}

#[test]
fn a_deadline_explains_itself_day_by_day_in_both_languages() {
    let mut before_the_festival = case("important", "", &[("case-registered", "2026-02-12 09:30")]);
    before_the_festival.extensions.push(Extension {
        extension_id: "ext".to_owned(),
        clock: "handling".to_owned(),
        tier: 0,
        by: None,
        until: Some(date("2026-02-27")),
        state: ExtensionState::Granted,
        asked_by: String::new(),
        approver_role: String::new(),
        at: at("2026-02-13 09:00"),
    });
    let state = clock(&before_the_festival, "handling", "2026-02-13 10:00").unwrap();
    let lines = explain(&REGIME, &counting(), &state);
    let zh: Vec<&str> = lines.iter().map(|line| line.zh.as_str()).collect();
    assert_eq!(
        zh,
        [
            "起算:2026-02-12 09:30,登记",
            "期限:3 日(条款 三.2)",
            "2026-02-12(周四):起算当日,不计入(《民法典》第二百零一条)",
            "2026-02-13(周五):第 1 日",
            "2026-02-14(周六,春节调休上班):第 2 日",
            "2026-02-15(周日,春节放假):第 3 日",
            "2026-02-15(周日,春节放假):期间的最后一日是休息日,顺延至 2026-02-24(周二)(《民法典》第二百零三条)",
            "到期:2026-02-24 24:00",
            "经批准延期至:2026-02-27 24:00(条款 三.1-2)",
        ]
    );
    assert_eq!(lines[4].en, "2026-02-14 (Sat, worked to make up for 春节): day 2");
    assert_eq!(lines[1].en, "Limit: 3 days (clause 三.2)");
}

#[test]
fn an_account_tells_of_working_days_months_targets_lateness_and_a_calendar_that_ends() {
    let account = |case: &CaseView, name: &str, now: &str| {
        let state = clock(case, name, now).unwrap();
        explain(&REGIME, &counting(), &state).into_iter().map(|line| line.zh).collect::<Vec<_>>()
    };
    let month =
        account(&case("minor", "valid", &[("case-registered", "2026-12-10 09:30")]), "one-month", "2026-12-11 00:00");
    assert!(month[3].contains("第二百零二条") && month.last().unwrap().starts_with("暂定:工作日历公布至 2026-12-31"));
    let late = [RECEIVED[0], ("case-resolved", "2026-11-30 10:00")];
    let target = account(&case("major", "", &late), "handling", "2026-11-30 11:00");
    assert!(target.contains(&"此为提示性期限,超过不构成违规".to_owned()));
    assert_eq!(target.last().unwrap(), "停止:2026-11-30 10:00,处理完毕,超期");
    let mut state =
        clock(&case("minor", "", &[("case-registered", "2026-02-12 09:30")]), "handling", "2026-02-12 10:00").unwrap();
    state.taken = Length::WorkingDays(3);
    state.due = counting().due(&state.taken, state.started_at, None).unwrap();
    let lines: Vec<_> = explain(&REGIME, &counting(), &state).into_iter().map(|line| line.zh).collect();
    assert_eq!(
        lines[3..7],
        [
            "2026-02-13(周五):第 1 日".to_owned(),
            "2026-02-14(周六,春节调休上班):第 2 日".to_owned(),
            "2026-02-15 至 2026-02-23:春节放假,不计入".to_owned(),
            "2026-02-24(周二):第 3 日".to_owned(),
        ]
    );
}

#[test]
fn a_pause_is_told_with_its_clause_and_the_days_it_cost() {
    let pack = packs::regime("property-internal-procedure").unwrap();
    let pause = "paused: [{from: opinion-form-returned, until: case-signed, cap: 9 days, cite: 四}],";
    let yaml = pack.yaml.replacen("if: case.valid, from: $start", &format!("if: case.valid, {pause} from: $start"), 1);
    let yaml = yaml.replacen("within: 1 month,", "within: 5 working-days,", 1);
    let regime = Regime::parse(&pack.file, &yaml).unwrap();
    let told = |happened: &[(&str, &str)], now: &str| {
        let states = derive(&regime.clocks, &counting(), &case("", "valid", happened), at(now));
        let state = states.into_iter().find(|state| state.clock == "one-month").unwrap();
        explain(&regime, &counting(), &state)
    };
    let [registered, sent, back] = [
        ("case-registered", "2026-09-28 09:00"),
        ("opinion-form-returned", "2026-09-30 09:00"),
        ("case-signed", "2026-10-09 10:00"),
    ];
    let lines = told(&[registered, sent, back], "2026-10-09 11:00");
    let zh: Vec<&str> = lines.iter().map(|line| line.zh.as_str()).collect();
    assert_eq!(
        zh,
        [
            "起算:2026-09-28 09:00,登记",
            "期限:5 个工作日(条款 一.1(3))",
            "暂停:2026-09-30 09:00 至 2026-10-09 00:00,其间不计入期限(条款 四)",
            "2026-09-28(周一):起算当日,不计入(《民法典》第二百零一条)",
            "2026-09-29(周二):第 1 日",
            "2026-09-30 至 2026-10-08:暂停,不计入",
            "2026-10-09(周五):第 2 日",
            "2026-10-10(周六,国庆节调休上班):第 3 日",
            "2026-10-11(周日):不计入",
            "2026-10-12(周一):第 4 日",
            "2026-10-13(周二):第 5 日",
            "到期:2026-10-13 24:00",
        ]
    );
    assert_eq!(lines[2].en, "Paused: 2026-09-30 09:00 to 2026-10-09 00:00, not counted (clause 四)");
    let still = told(&[registered, sent], "2026-10-01 09:00");
    assert_eq!(still[2].zh, "暂停:自 2026-09-30 09:00 起停止计时,最迟至 2026-10-09 00:00(条款 四)");
}
