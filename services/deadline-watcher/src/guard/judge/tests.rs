//! A clock set to and fro, beside time that only passes.

use super::*;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

fn noon() -> DateTime<Utc> {
    "2026-11-27T12:00:00Z".parse().unwrap()
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

fn at(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

fn judge() -> Judge {
    Judge::begin(None, noon(), at(0))
}

#[test]
fn a_clock_that_keeps_time_is_believed() {
    let mut judge = judge();
    for n in 0..1000_u32 {
        let wall = noon() + TimeDelta::milliseconds(i64::from(n) * 250);
        assert_eq!(judge.read(wall, Duration::from_millis(u64::from(n) * 250)), wall);
        assert_eq!(judge.standing(wall), Standing::Believed);
    }
}

#[test]
fn a_jump_ahead_is_held_until_it_is_taken_back() {
    let mut judge = judge();
    let wall = noon() + minutes(600);
    assert_eq!(judge.read(wall, at(1)), noon() + minutes(1));
    assert_eq!(judge.standing(wall), Standing::Held { by: minutes(599) });
    assert_eq!(judge.read(wall + minutes(9), at(10)), noon() + minutes(10));
    assert_eq!(judge.read(noon() + minutes(11), at(11)), noon() + minutes(11));
    assert_eq!(judge.standing(noon() + minutes(11)), Standing::Believed);
}

#[test]
fn a_jump_ahead_is_believed_once_it_is_confirmed_and_not_by_an_old_confirmation() {
    let mut judge = judge();
    let wall = noon() + minutes(600);
    judge.read(wall, at(1));
    judge.believe(wall - minutes(120), wall, at(1));
    judge.believe(wall + minutes(30), wall, at(1));
    assert!(judge.standing(wall).is_held());
    judge.believe(wall - minutes(10), wall, at(1));
    assert_eq!(judge.read(wall + minutes(1), at(2)), wall + minutes(1));
    assert_eq!(judge.standing(wall + minutes(1)), Standing::Believed);
}

#[test]
fn a_jump_back_is_made_good_by_what_elapses() {
    let mut judge = judge();
    let wall = noon() - minutes(60);
    assert_eq!(judge.read(wall, at(1)), noon() + minutes(1));
    assert_eq!(judge.standing(wall), Standing::Behind { by: minutes(61) });
    assert_eq!(judge.read(wall + minutes(29), at(30)), noon() + minutes(30));
}

#[test]
fn a_jump_back_that_is_confirmed_is_waited_for() {
    let mut judge = judge();
    judge.read(noon() - minutes(60), at(1));
    judge.believe(noon() - minutes(60), noon() - minutes(59), at(2));
    assert_eq!(judge.read(noon() - minutes(30), at(31)), noon() + minutes(1));
    assert_eq!(judge.read(noon() + minutes(2), at(63)), noon() + minutes(2));
    assert_eq!(judge.read(noon() + minutes(3), at(64)), noon() + minutes(3));
}

#[test]
fn a_small_step_back_is_met_at_half_the_pace() {
    let mut judge = judge();
    judge.read(noon() + minutes(10), at(10));
    // Two minutes back: after four more they meet, and until then nothing stands still or goes back.
    let mut last = noon() + minutes(10);
    for n in 1..=4 {
        let wall = noon() + minutes(8 + n);
        let now = judge.read(wall, at(10 + n.unsigned_abs()));
        assert!(now > last, "{now}");
        last = now;
    }
    assert_eq!(last, noon() + minutes(12));
}

#[test]
fn a_process_that_starts_again_knows_a_jump_in_between_unless_the_machine_was_off() {
    let mark = |is_same_boot| Some(Mark { reached: noon(), elapsed: at(5), is_same_boot });
    let wall = noon() + minutes(600);
    let mut same = Judge::begin(mark(true), wall, at(8));
    assert_eq!(same.read(wall, at(8)), noon() + minutes(3));
    let mut other = Judge::begin(mark(false), wall, at(1));
    assert_eq!(other.read(wall, at(1)), wall);
    let mut behind = Judge::begin(mark(false), noon() - minutes(600), at(1));
    assert_eq!(behind.read(noon() - minutes(599), at(2)), noon() + minutes(1));
}

#[test]
fn whatever_is_done_to_the_clock_the_present_never_goes_back_nor_ahead_of_what_elapsed() {
    for seed in 0..200 {
        let mut dice = StdRng::seed_from_u64(seed);
        let (mut judge, mut wall, mut elapsed, mut last) = (judge(), noon(), Duration::ZERO, noon());
        for _ in 0..200 {
            let passed = Duration::from_millis(dice.random_range(0..5_000));
            elapsed += passed;
            wall += TimeDelta::from_std(passed).unwrap();
            if dice.random_range(0..10) == 0 {
                wall += minutes(dice.random_range(-500..500));
            }
            let now = judge.read(wall, elapsed);
            assert!(now >= last, "seed {seed}");
            assert!(now - last <= TimeDelta::from_std(passed).unwrap() + CORRECTION, "seed {seed}");
            last = now;
        }
    }
}
