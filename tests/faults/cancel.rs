//! Ten thousand requests whose callers go away at a random moment: nothing is left half done, and nothing is left open.

use contracts::{intake, records};
use kit_grpc::Call;
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use system_tests::{
    Dice, Scene,
    fleet::{Fleet, Shape},
    load::{Crew, DOORS, Handed},
};
use tokio::task::JoinSet;

const REQUESTS: usize = 10_000;
/// Requests under way at once.
const CALLERS: usize = 8;
/// Different hand-ins among them: most are tried again and again, each time by a caller who goes away.
const HAND_INS: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_callers_who_go_away_leave_nothing_half_done() {
    let mut scene = Scene::open(Dice::of("cancel"), Shape::default()).await;
    let storm = Arc::new(Storm {
        crew: scene.crew.clone(),
        dice: Mutex::new(scene.dice.again()),
        next: AtomicUsize::new(0),
        counts: Default::default(),
        answered: Mutex::default(),
        asked: Mutex::default(),
    });
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let storm = Arc::clone(&storm);
        callers.spawn(async move { while storm.one().await {} });
    }
    while let Some(done) = callers.join_next().await {
        done.unwrap();
    }
    println!("{}", storm.report());
    for count in &storm.counts {
        assert!(
            count.load(Ordering::SeqCst) > REQUESTS / 50,
            "one of the ways to end did not happen: {}",
            storm.report()
        );
    }
    no_transaction_stays_open(&scene.fleet).await;
    let sql = "SELECT count(*) FROM intake.hand_in_answer WHERE request_id LIKE 'cancel-%'";
    let taken: i64 = sqlx::query_scalar(sql).fetch_one(&mut scene.fleet.admin().await).await.unwrap();
    println!("{taken} hand-ins were taken, whether or not somebody still listened");
    assert!(usize::try_from(taken).unwrap() > storm.answered.lock().unwrap().len(), "nobody went away in the middle");
    // Whoever asks once more is answered, and everyone only once.
    scene.tally.handed.extend(storm.settle().await);
    scene.under_load(20, async |_, _, load| load.goes_on(20).await).await;
    scene.close().await;
}

struct Storm {
    crew: Crew,
    dice: Mutex<Dice>,
    next: AtomicUsize,
    /// How many callers went away, were answered, were refused.
    counts: [AtomicUsize; 2],
    /// Hand-ins that were acknowledged in time.
    answered: Mutex<BTreeSet<(usize, String)>>,
    asked: Mutex<BTreeSet<usize>>,
}

impl Storm {
    /// One request; false when there were enough.
    async fn one(&self) -> bool {
        let (way, place, patience) = {
            let mut dice = self.dice.lock().unwrap();
            (dice.draw(10), dice.draw(HAND_INS), dice.milliseconds(0, 30))
        };
        if self.next.fetch_add(1, Ordering::SeqCst) >= REQUESTS {
            return false;
        }
        let is_answered = tokio::time::timeout(patience, self.ask(way, place)).await.is_ok();
        self.counts[usize::from(is_answered)].fetch_add(1, Ordering::SeqCst);
        true
    }

    async fn ask(&self, way: usize, place: usize) {
        let request_id = format!("cancel-{place}");
        let people = self.crew.people();
        match way {
            0..4 => {
                self.asked.lock().unwrap().insert(place);
                if let Ok(receipt) = self.crew.ask(DOORS[place % DOORS.len()], &request_id).await {
                    self.answered.lock().unwrap().insert((place, receipt.number));
                }
            }
            4 | 5 => {
                let person = people[place % people.len()].under(&format!("cancel-seal-{place}"));
                let _ = person.seal("case_00000000000000000000000000000000", "note", "走开的人").await;
            }
            6 | 7 => {
                let request = records::GetDossierRequest { case_id: String::new(), number: request_id };
                let person = &people[place % people.len()];
                let _ = person.client.records().get_dossier(person.call().request(request)).await;
            }
            _ => {
                let request = intake::GetDoorRequest::default();
                let _ = people[0].client.intake().get_door(Call::default().request(request)).await;
            }
        }
    }

    /// Asks for every hand-in once more, to its end.
    async fn settle(&self) -> Vec<Handed> {
        let asked: Vec<usize> = self.asked.lock().unwrap().iter().copied().collect();
        let mut settled = Vec::new();
        for place in asked {
            let (request_id, kind) = (format!("cancel-{place}"), DOORS[place % DOORS.len()]);
            let receipt = self.crew.hand_in(kind, &request_id).await.expect("nobody is told");
            let answered = self.answered.lock().unwrap();
            for (_, number) in answered.range((place, String::new())..(place + 1, String::new())) {
                assert_eq!(*number, receipt.number, "{request_id} was answered in two ways");
            }
            settled.push(Handed { kind, request_id, receipt: Some(receipt), is_done: true });
        }
        settled
    }

    fn report(&self) -> String {
        let [gone, answered] = [0, 1].map(|place: usize| self.counts[place].load(Ordering::SeqCst));
        let acknowledged = self.answered.lock().unwrap().len();
        format!("{gone} callers went away, {answered} were answered first, {acknowledged} hand-ins were acknowledged")
    }
}

/// What is open at the end of a request must be closed, and what is closed must not come back.
async fn no_transaction_stays_open(fleet: &Fleet) {
    let mut admin = fleet.admin().await;
    jiesu::desk::until("the end of all transactions", Duration::from_secs(12), async || {
        let open: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = 'jiesu' AND state LIKE 'idle in transaction%' AND now() - state_change > interval '2 seconds'",
        )
        .fetch_one(&mut admin)
        .await
        .unwrap();
        assert_eq!(open, 0, "a transaction stands open and idle");
        // None at all, even for a moment, once nobody asks any more.
        let any: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = 'jiesu' AND xact_start < now() - interval '2 seconds'",
        )
        .fetch_one(&mut admin)
        .await
        .unwrap();
        Ok((any == 0).then_some(()))
    })
    .await
    .unwrap();
}
