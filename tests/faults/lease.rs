//! Two instances of one service: what a killed one worked on is the other's within five seconds, and one that was
//! stopped and wakes up applies nothing that is no longer its own.

use nix::sys::signal::Signal;
use sqlx::{Executor as _, Row as _};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::TcpListener,
    time::{Duration, Instant},
};
use system_tests::{
    Dice, Scene,
    fleet::{self, Fleet, Process, Shape},
};

const WITHIN: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_replica_worked_on_moves_within_five_seconds() {
    let mut scene = Scene::open(Dice::of("lease-kill"), Shape::default()).await;
    let (second, names) = replicas(&scene.fleet).await;
    scene
        .under_load(20, async |fleet, dice, load| {
            for _ in 0..3 {
                load.goes_on(5).await;
                shared(fleet, 2).await;
                fleet::pause(dice.milliseconds(0, 1_000)).await;
                let (started, heads) = (Instant::now(), heads(fleet).await);
                second.hold().await;
                owned_by_one(fleet).await;
                let owned = started.elapsed();
                applied(fleet, &heads).await;
                let (applied, left) = (started.elapsed(), owners(fleet).await);
                println!("its partitions had another owner after {owned:.1?}, and moved after {applied:.1?}");
                assert!(left.keys().all(|owner| names.first().contains(owner)), "{left:?} after a kill of the second");
                assert!(owned <= WITHIN && applied <= WITHIN, "it took {owned:.1?}, then {applied:.1?}");
                second.release();
            }
        })
        .await;
    scene.close().await;
}

/// Notes who moves a position, and who owns the partition at that moment. The second instance comes by an address of its
/// own, so the database can tell the two.
const WATCH: &str = "
    CREATE TABLE public.moves (partition smallint, by inet, owner text);
    CREATE FUNCTION public.note_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        INSERT INTO public.moves SELECT l.partition, inet_server_addr(), l.owner
        FROM records.partition_lease AS l WHERE l.partition = NEW.partition;
        RETURN NULL;
    END $$;
    CREATE TRIGGER note_move AFTER UPDATE ON records.follower_position
        FOR EACH ROW EXECUTE FUNCTION public.note_move();";
const SECOND: &str = "127.0.0.2";

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_replica_that_wakes_up_applies_nothing_of_the_others() {
    let mut scene = Scene::open(Dice::of("lease-stop"), Shape::default()).await;
    let (second, names) = replicas(&scene.fleet).await;
    scene.fleet.admin().await.execute(WATCH).await.unwrap();
    scene
        .under_load(20, async |fleet, dice, load| {
            for _ in 0..3 {
                load.goes_on(5).await;
                shared(fleet, 2).await;
                fleet::pause(dice.milliseconds(0, 1_000)).await;
                assert!(second.signal(Signal::SIGSTOP), "it does not run");
                owned_by_one(fleet).await;
                let heads = heads(fleet).await;
                // One that stopped inside a transaction holds what it had locked until the database ends it.
                applied(fleet, &heads).await;
                let left = owners(fleet).await;
                assert!(
                    left.keys().all(|owner| names.first().contains(owner)),
                    "{left:?} while the second stands still"
                );
                load.goes_on(5).await;
                second.signal(Signal::SIGCONT);
                println!("it stood still, the other applied what was said meanwhile, and it woke up");
            }
        })
        .await;
    // Everything once: in the dossiers, in the log of records itself, and in no place beyond a head.
    scene.assert_all_is_well().await;
    let sql = "SELECT host(by) = $1, owner = ANY($2), count(*) FROM public.moves GROUP BY 1, 2";
    let first: Vec<&String> = names.first().iter().collect();
    let rows = sqlx::query(sql).bind(SECOND).bind(first).fetch_all(&mut scene.fleet.admin().await).await.unwrap();
    let moves: BTreeMap<(bool, bool), i64> =
        rows.iter().map(|row| ((row.get(0), row.get::<Option<bool>, _>(1) == Some(true)), row.get(2))).collect();
    println!("moves by (second instance, in a partition of the first): {moves:?}");
    assert!(!moves.contains_key(&(true, true)), "the second applied something in a partition of the first");
    assert!(!moves.contains_key(&(false, false)), "the first applied something in a partition that was not its own");
    assert!(moves.len() == 2, "one of them never applied anything, so nothing is proved");
    second.hold().await;
    scene.close().await;
}

/// The names of the instances, as far as they can be told apart: the first is the one that was there before.
struct Names(BTreeSet<String>);

impl Names {
    fn first(&self) -> &BTreeSet<String> {
        &self.0
    }
}

/// Starts a second instance of records, and waits until they share the partitions.
async fn replicas(fleet: &Fleet) -> (Process, Names) {
    let first = owners(fleet).await.into_keys().collect();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let database = fleet.settings["JIESU_RECORDS_DATABASE_URL"].replace("127.0.0.1", SECOND);
    let more = [("JIESU_RECORDS_LISTEN", format!("127.0.0.1:{port}")), ("JIESU_RECORDS_DATABASE_URL", database)];
    let second = fleet.another("records", "records-2", &more);
    shared(fleet, 2).await;
    println!("the partitions by owner: {:?}", owners(fleet).await);
    (second, Names(first))
}

/// How many partitions each instance of records has at this moment.
async fn owners(fleet: &Fleet) -> BTreeMap<String, i64> {
    let sql = "SELECT l.owner, count(*) FROM records.partition_lease AS l
               JOIN records.replica AS r ON r.instance = l.owner AND r.until >= clock_timestamp() GROUP BY l.owner";
    let rows = sqlx::query(sql).fetch_all(&mut fleet.admin().await).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Waits until so many instances have all partitions, each about as many.
async fn shared(fleet: &Fleet, count: usize) {
    jiesu::desk::until(&format!("{count} owners"), PATIENCE, async || {
        let owners = owners(fleet).await;
        let is_even = owners.values().all(|owned| *owned >= 16 / i64::try_from(count).unwrap());
        Ok((owners.len() == count && owners.values().sum::<i64>() == 16 && is_even).then_some(()))
    })
    .await
    .unwrap();
}

async fn owned_by_one(fleet: &Fleet) {
    shared(fleet, 1).await;
}

/// Where the logs that records follows end.
async fn heads(fleet: &Fleet) -> BTreeMap<(String, i16), i64> {
    let mut admin = fleet.admin().await;
    let mut heads = BTreeMap::new();
    for producer in ["intake", "triage", "assignment", "resolution", "notification"] {
        let sql = sqlx::AssertSqlSafe(format!("SELECT partition, seq FROM {producer}.event_head"));
        for row in sqlx::query(sql).fetch_all(&mut admin).await.unwrap() {
            heads.insert((producer.to_owned(), row.get(0)), row.get(1));
        }
    }
    heads
}

/// Waits until records has applied everything up to there.
async fn applied(fleet: &Fleet, heads: &BTreeMap<(String, i16), i64>) {
    let mut admin = fleet.admin().await;
    jiesu::desk::until("records to apply what was said", PATIENCE, async || {
        let rows = sqlx::query("SELECT producer, partition, seq FROM records.follower_position");
        let rows = rows.fetch_all(&mut admin).await.unwrap();
        let positions: BTreeMap<(String, i16), i64> =
            rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
        Ok(heads.iter().all(|(place, seq)| positions.get(place).is_some_and(|at| at >= seq)).then_some(()))
    })
    .await
    .unwrap();
}
