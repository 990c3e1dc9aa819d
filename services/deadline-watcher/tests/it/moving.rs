//! A case that moves to another version of its regime: shown first, then told, and nothing told twice.

use crate::harness::{HANDLER, House, REGIME, STRANGER, at, case, code, staff, told};
use contracts::Fact;
use contracts::deadline_watcher::{ClockMove, PreviewVersionRequest};
use contracts::triage::{CaseMoved, RegimePublished};
use kit_grpc::timestamp;

const NAME: &str = "property-internal-procedure@2";

impl House {
    /// The regime with this instead of that, as its second version.
    async fn publish_second(&self, changes: &[(&str, &str)]) {
        let mut pack = packs::regime(REGIME).unwrap().yaml;
        for (old, new) in changes {
            assert!(pack.contains(old), "{old}");
            pack = pack.replace(old, new);
        }
        let event = RegimePublished {
            regime_id: REGIME.to_owned(),
            version: 2,
            pack,
            in_force_from: "2026-11-18".to_owned(),
            ..RegimePublished::default()
        };
        self.say(REGIME, event).await;
        self.knows("reference", 13).await;
    }

    async fn move_case(&self, case_id: &str) {
        let event = CaseMoved {
            case_id: case_id.to_owned(),
            regime_id: REGIME.to_owned(),
            regime_version: 2,
            from_regime_id: REGIME.to_owned(),
            from_regime_version: 1,
            staff_id: staff(HANDLER),
            reason: None,
        };
        self.say(case_id, event).await;
    }
}

/// What names the version: its moved deadlines and its misses.
fn restated(facts: &[Fact]) -> Vec<(&str, &str)> {
    let named = facts.iter().filter_map(|fact| match fact {
        Fact::DeadlineMoved(e) => Some((e.clock.as_str(), e.change_id.as_str())),
        Fact::ClockMissed(e) => Some((e.clock.as_str(), e.change_id.as_str())),
        _ => None,
    });
    named.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_keeps_its_version_until_it_is_moved_and_what_would_move_is_shown_before() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.until("2026-11-19 09:00");
    house.tells(&case(1), "near handling 1").await;
    // Four days instead of two, and a clock that is over already.
    let contact = "clocks:\n  contact: {zh: 联系, en: Contact, from: case-registered, until: complainant-answered, within: 1 day, cite: 九}\n";
    house.publish_second(&[("take: [2 $day-unit, asked]", "take: [4 $day-unit, asked]"), ("clocks:\n", contact)]).await;
    let ask = |version| PreviewVersionRequest { case_id: case(1), regime_version: version, ..Default::default() };
    let mut client = house.client.clone();
    let shown = told(client.preview_version(house.by(HANDLER, ask(2))).await).unwrap().clocks;
    let found = |one: &ClockMove| {
        (
            one.clock.clone(),
            one.state_before.clone(),
            one.state_after.clone(),
            one.due_before,
            one.due_after,
            one.breach.clone(),
        )
    };
    let (due, later) = (Some(timestamp(at("2026-11-20 00:00"))), Some(timestamp(at("2026-11-22 00:00"))));
    let over = Some(timestamp(at("2026-11-19 00:00")));
    let word = |text: &str| text.to_owned();
    let expected = [
        (word("contact"), word(""), word("missed"), None, over, word("made")),
        (word("handling"), word("running"), word("running"), due, later, word("")),
    ];
    assert_eq!(shown.iter().map(found).collect::<Vec<_>>(), expected);
    assert_eq!((shown[0].title.as_ref().unwrap().zh.as_str(), shown[0].cite.as_str()), ("联系", "九"));
    assert_eq!(code(client.preview_version(house.by(HANDLER, ask(3))).await), "unknown-version");
    assert_eq!(code(client.preview_version(house.by(STRANGER, ask(2))).await), "unknown-case");
    assert_eq!(house.told(&case(1)).await, ["started handling", "near handling 1"], "looking changes nothing");

    house.move_case(&case(1)).await;
    let told = house.tells(&case(1), "moved handling").await;
    let mut rest: Vec<&str> = told.iter().skip(2).map(String::as_str).collect();
    rest.sort_unstable();
    assert_eq!(rest, ["missed contact climb 0", "moved handling", "started contact"]);
    let facts = house.facts(&case(1)).await;
    let mut named = restated(&facts);
    named.sort_unstable();
    assert_eq!(named, [("contact", NAME), ("handling", NAME)]);
    // The miss by the new deadline is known when it comes, like any other.
    house.until("2026-11-22 00:00");
    house.tells(&case(1), "missed handling climb 1").await;
    assert!(restated(&house.facts(&case(1)).await).contains(&("handling", "")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_before_the_move_is_not_told_again_and_what_the_version_lacks_ends() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.judge(&case(1), "valid").await;
    house.tells(&case(1), "started one-month").await;
    house.until("2026-11-20 09:00");
    house.tells(&case(1), "missed handling climb 1").await;
    let before = house.told(&case(1)).await.len();
    // One day less, which is over as well; and no limit of a month, but one of two.
    let months =
        [("  one-month:\n", "  two-months:\n"), ("within: 1 month", "within: 2 months"), ("one-month", "two-months")];
    house
        .publish_second(&[&[("take: [2 $day-unit, asked]", "take: [1 $day-unit, asked]")], &months[..]].concat())
        .await;
    house.move_case(&case(1)).await;
    house.tells(&case(1), "stopped one-month on time").await;
    let told = house.told(&case(1)).await;
    let mut rest: Vec<&str> = told.iter().skip(before).map(String::as_str).collect();
    rest.sort_unstable();
    // The step that is taken a day after the miss was not taken yet, and is due by now.
    assert_eq!(
        rest,
        ["moved handling", "overdue handling 1 climb 2", "started two-months", "stopped one-month on time"]
    );
    house.until("2026-11-25 09:00");
    house.grade(&case(1), "important").await;
    house.tells(&case(1), "moved handling").await;
    let misses = house.told(&case(1)).await.iter().filter(|line| line.starts_with("missed handling")).count();
    assert_eq!(misses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_miss_that_is_found_late_is_one_by_the_version_that_the_case_then_had() {
    let mut house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house
        .publish_second(&[("\n  handling:\n", "\n  dealing:\n"), ("clock-missed(handling)", "clock-missed(dealing)")])
        .await;
    house.running.take().unwrap().stop().await.unwrap();
    house.until("2026-11-20 09:00");
    house.move_case(&case(1)).await;
    let _again = house.start_another().await;
    house.tells(&case(1), "missed dealing climb 1").await;
    let facts = house.facts(&case(1)).await;
    assert_eq!(restated(&facts), [("handling", ""), ("dealing", NAME)]);
    assert!(house.told(&case(1)).await.contains(&"stopped handling late".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_moves_waits_for_the_version() {
    let house = House::open().await;
    house.graded(&case(1), "minor", |_| ()).await;
    house.tells(&case(1), "started handling").await;
    house.move_case(&case(1)).await;
    house.knows("parked_event", 1).await;
    house.publish_second(&[("take: [2 $day-unit, asked]", "take: [4 $day-unit, asked]")]).await;
    assert_eq!(house.tells(&case(1), "moved handling").await, ["started handling", "moved handling"]);
}
