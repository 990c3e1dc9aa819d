//! kill -9, blindly and at named points, of everything, again and again.

use std::time::Instant;
use system_tests::{
    Dice,
    fleet::{self, Fleet, Shape},
    load::{Crew, KINDS, Tally},
    number,
    oracle::{self, Clean},
};

/// What one load goes through before everything is counted; a long run is many of these.
const ROUND: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_kills_lose_no_case_and_double_no_effect() {
    let wanted = usize::try_from(number("JIESU_FAULT_KILLS").unwrap_or(ROUND as u64)).unwrap();
    let mut dice = Dice::of("kills");
    let fleet = Fleet::start(Shape::default().crashing(dice.seed)).await;
    fleet.heal().await;
    let crew = Crew::of(&fleet).await;
    let mut all = crew.play("clean", 2 * KINDS.len(), 4).await;
    let clean = Clean::learn(&fleet, &all).await;
    let (mut killed, mut round) = (0, 0);
    while killed < wanted {
        round += 1;
        let goal = ROUND.min(wanted - killed);
        let (kills, tally) = one_round(&fleet, &crew, &mut dice, round, goal).await;
        killed += kills;
        all = all.and(tally);
        let verdict = oracle::assert_all_is_well(&fleet, &all, &clean).await;
        println!(
            "PROGRESS kills {killed} of {wanted}, acknowledged {}, lost {}, doubled {}",
            verdict.acknowledged, verdict.lost, verdict.doubled
        );
    }
    fleet.stop().await;
}

async fn one_round(fleet: &Fleet, crew: &Crew, dice: &mut Dice, round: usize, goal: usize) -> (usize, Tally) {
    fleet.sicken();
    let started = Instant::now();
    let before = deaths(fleet);
    let mut backends = 0;
    let load = crew.start(&format!("kills-{round}"), 6);
    loop {
        let killed = deaths(fleet) - before + backends;
        if killed >= goal {
            break;
        }
        backends += usize::from(strike(fleet, dice));
        fleet::pause(dice.milliseconds(100, 1_600)).await;
    }
    let killed = deaths(fleet) - before + backends;
    fleet.heal().await;
    println!("{killed} kills in {:.0?}, {} hand-ins acknowledged", started.elapsed(), load.acknowledged());
    for process in fleet.processes() {
        let (name, kills, others) = (process.name(), process.kills(), process.other_ends());
        println!("{name}: started {}, killed {kills}, ended otherwise {others}", process.starts());
    }
    let tally = load.finish().await;
    let least = goal / 10;
    assert!(
        tally.acknowledged() >= least,
        "only {} hand-ins in all this time: no load, no proof",
        tally.acknowledged()
    );
    (killed, tally)
}

/// Kills someone; answers whether it was one whom no watcher counts.
fn strike(fleet: &Fleet, dice: &mut Dice) -> bool {
    match dice.draw(100) {
        0..6 => {
            fleet.postgres.kill(dice.chance(50));
            false
        }
        6..12 => fleet.postgres.kill_backend(dice.draw(1_000)),
        12..24 => {
            fleet.nats.process.kill();
            false
        }
        _ => {
            let victim = dice.draw(fleet.services.len());
            fleet.services[victim].kill();
            false
        }
    }
}

fn deaths(fleet: &Fleet) -> usize {
    fleet.processes().map(fleet::Process::kills).sum()
}
