//! kill -9, blindly and at named points, of everything, again and again.

use std::{collections::BTreeMap, time::Instant};
use system_tests::{
    Dice, Scene,
    fleet::{self, Fleet, Process, Shape},
    load::Load,
    number,
};

/// What one load goes through before everything is counted; a long run is many of these.
const ROUND: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_kills_lose_no_case_and_double_no_effect() {
    let wanted = usize::try_from(number("JIESU_FAULT_KILLS").unwrap_or(ROUND as u64)).unwrap();
    let dice = Dice::of("kills");
    let shape = Shape::default().crashing(dice.seed);
    let mut scene = Scene::open(dice, shape).await;
    let mut killed = 0;
    while killed < wanted {
        let goal = ROUND.min(wanted - killed);
        scene.under_load(goal / 5, async |fleet, dice, load| killed += one_round(fleet, dice, load, goal).await).await;
        let verdict = scene.assert_all_is_well().await;
        println!(
            "PROGRESS kills {killed} of {wanted}, acknowledged {}, lost {}, doubled {}",
            verdict.acknowledged, verdict.lost, verdict.doubled
        );
    }
    let points = own_deaths(&scene.fleet);
    println!("deaths at named points: {points:?}");
    assert!(
        points.len() >= if wanted < ROUND { 1 } else { 7 },
        "too few of the named points were met: is the binary built with its crash points?"
    );
    scene.fleet.stop().await;
}

async fn one_round(fleet: &Fleet, dice: &mut Dice, load: &Load, goal: usize) -> usize {
    fleet.sicken();
    let (started, before) = (Instant::now(), deaths(fleet));
    let (mut ours, mut backends) = (0, 0);
    let killed = loop {
        let killed = deaths(fleet) - before + backends;
        if killed >= goal {
            break killed;
        }
        let is_backend = dice.draw(100) < 6;
        if is_backend {
            backends += usize::from(fleet.postgres.kill_backend(dice.draw(1_000)));
        } else {
            ours += usize::from(strike(fleet, dice));
        }
        fleet::pause(dice.milliseconds(100, 1_600)).await;
    };
    let acknowledged = load.acknowledged();
    println!(
        "{killed} kills in {:.0?}: {ours} blind, {backends} connections of Postgres, the rest at named points",
        started.elapsed()
    );
    println!("{acknowledged} hand-ins acknowledged meanwhile");
    for process in fleet.processes() {
        let (name, kills, others) = (process.name(), process.kills(), process.other_ends());
        println!("{name}: started {}, killed {kills}, ended otherwise {others}", process.starts());
    }
    killed
}

/// Kills someone blindly; false if they were down already.
fn strike(fleet: &Fleet, dice: &mut Dice) -> bool {
    match dice.draw(100) {
        0..6 => fleet.postgres.kill(dice.chance(50)),
        6..18 => fleet.nats.process.kill(),
        _ => {
            let victim = dice.draw(fleet.services.len());
            fleet.services[victim].kill()
        }
    }
}

fn own_deaths(fleet: &Fleet) -> BTreeMap<String, usize> {
    let mut points = BTreeMap::new();
    for (point, count) in fleet.services.iter().flat_map(Process::own_deaths) {
        *points.entry(point).or_default() += count;
    }
    points
}

fn deaths(fleet: &Fleet) -> usize {
    fleet.processes().map(Process::kills).sum()
}
