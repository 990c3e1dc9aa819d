//! A case of eight clocks and thirty facts.
use chrono::{DateTime, TimeDelta, Utc};
use facts::{CaseView, Happened};
use legal_time::{Calendar, Counting, Tz, derive};
use regime::Regime;

#[test]
fn speed() {
    let pack = packs::regime("property-internal-procedure").unwrap();
    let extra = "  e1: {zh: a, en: a, if: case.valid, from: case-accepted, until: complainant-told, within: 7 working-days, cite: x, remind: [{before: 5 days, tell: [handler, head]}], missed: [{climb: 1}]}
  e2: {zh: a, en: a, from: case-dispatched, until: case-signed, within: 4 hours, cite: x, missed: [{climb: 1}]}
  e3: {zh: a, en: a, if: \"case.severity in ['minor', 'major']\", from: case-registered, until: case-closed, within: 60 days, paused: [{from: note-added, until: measures-ordered, cite: y}], cite: x, missed: [{climb: 1}]}
";
    let yaml = pack.yaml.replacen("\nnotices:\n", &format!("{extra}\nnotices:\n"), 1);
    let regime = Regime::parse("p", &yaml).unwrap_or_else(|e| panic!("{e:#?}"));
    let calendar = Calendar::parse("cn", &packs::calendar("cn").unwrap()).unwrap();
    let counting = Counting::of(&regime, &calendar, Tz::Asia__Shanghai);
    let start: DateTime<Utc> = "2026-11-17T01:00:00Z".parse().unwrap();
    let mut words = vec![
        "case-registered",
        "case-accepted",
        "case-classified",
        "case-graded",
        "validity-judged",
        "case-dispatched",
        "notice-sent",
        "case-signed",
        "investigation-opened",
        "note-added",
        "measures-ordered",
    ];
    while words.len() < 26 {
        words.push("narrative-read");
    }
    words.extend(["complainant-answered", "case-resolved", "opinion-form-returned", "complainant-told"]);
    let history = words
        .iter()
        .zip(0..)
        .map(|(w, n)| Happened { word: (*w).to_owned(), arg: None, at: start + TimeDelta::hours(n) })
        .collect();
    let case = CaseView { severity: "major".into(), validity: "valid".into(), history, ..CaseView::default() };
    let n = derive(&regime.clocks, &counting, &case, start + TimeDelta::days(40)).len();
    let begun = std::time::Instant::now();
    for _ in 0..20_000 {
        std::hint::black_box(derive(
            &regime.clocks,
            &counting,
            std::hint::black_box(&case),
            start + TimeDelta::days(40),
        ));
    }
    println!("clocks {} runs {n}: {:?} each", regime.clocks.len(), begun.elapsed() / 20_000);
}
