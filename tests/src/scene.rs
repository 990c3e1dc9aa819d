//! The course of a fault test: a clean run to compare with, a load, the fault while it runs, healing, rest, and the count.

use crate::{
    Dice,
    fleet::{Fleet, Shape},
    load::{Crew, KINDS, Load, Tally},
    oracle::{self, Clean, Verdict},
};

/// People who hand in and act at once.
const WORKERS: usize = 6;

/// An installation with what was done to it so far.
pub struct Scene {
    pub fleet: Fleet,
    pub crew: Crew,
    pub dice: Dice,
    pub tally: Tally,
    pub clean: Clean,
    phases: usize,
}

impl Scene {
    /// Starts the installation and plays a clean run.
    pub async fn open(dice: Dice, shape: Shape) -> Self {
        let fleet = Fleet::start(shape).await;
        // A crash point that was armed at the start would make the clean run unclean.
        fleet.heal().await;
        let crew = Crew::of(&fleet).await;
        let tally = crew.play("clean", 2 * KINDS.len(), 4).await;
        let clean = Clean::learn(&fleet, &tally).await;
        Self { fleet, crew, dice, tally, clean, phases: 0 }
    }

    /// Lets `fault` happen while people work, heals, and lets them end what they began. Work must have gone on: at least
    /// `least` hand-ins are acknowledged while the fault lasts.
    pub async fn under_load(&mut self, least: usize, fault: impl AsyncFnOnce(&Fleet, &mut Dice, &Load)) {
        self.phases += 1;
        let load = self.crew.start(&format!("load-{}", self.phases), WORKERS);
        fault(&self.fleet, &mut self.dice, &load).await;
        let acknowledged = load.acknowledged();
        assert!(acknowledged >= least, "only {acknowledged} hand-ins while the fault lasted: no load, no proof");
        self.fleet.heal().await;
        let tally = load.finish().await;
        self.tally = std::mem::take(&mut self.tally).and(tally);
    }

    /// Waits for rest, and counts everything since the beginning.
    pub async fn assert_all_is_well(&self) -> Verdict {
        oracle::assert_all_is_well(&self.fleet, &self.tally, &self.clean).await
    }

    /// The last count, and the end.
    pub async fn close(self) {
        self.assert_all_is_well().await;
        self.fleet.stop().await;
    }
}

impl Load {
    /// Waits until this many more hand-ins were acknowledged: work goes on.
    pub async fn goes_on(&self, more: usize) {
        let goal = self.acknowledged() + more;
        jiesu::desk::until(&format!("{more} more hand-ins"), std::time::Duration::from_mins(1), async || {
            Ok((self.acknowledged() >= goal).then_some(()))
        })
        .await
        .unwrap();
    }
}
