//! The steps of a span: what happens in the world, and what happens to the watcher meanwhile.

use super::announce;
use super::life::Life;
use super::world::World;
use crate::harness::{FOLLOWED, HANDLER, PATIENCE, staff, told};
use chrono::{Days, TimeDelta, Utc};
use contracts::Fact;
use contracts::deadline_watcher::{AskExtensionRequest, ConfirmTimeRequest, GetTimeRequest, RuleOnExtensionRequest};
use kit_core::Clock as _;
use kit_grpc::timestamp;
use kit_testing::eventually;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use std::collections::BTreeMap;
use uuid::Uuid;

/// From a moment to a season.
fn leap(rng: &mut StdRng) -> TimeDelta {
    let minutes = match rng.random_range(0..100) {
        0..10 => 1..60,
        10..22 => 60..1_440,
        22..45 => 1_440..6_000,
        45..85 => 6_000..70_000,
        _ => 70_000..180_000,
    };
    TimeDelta::minutes(rng.random_range(minutes)) + TimeDelta::milliseconds(rng.random_range(0..60_000))
}

impl World {
    /// Goes through the years of the span, and to where nothing more can come.
    pub(super) async fn run(mut self) -> Self {
        let end = self.manner.start + Days::new(365 * u64::try_from(self.manner.years).unwrap());
        self.announce().await;
        while self.now() < end {
            self.step().await;
        }
        self.release(true).await;
        self.undo_jump().await;
        self.quiet().await;
        self.tick(TimeDelta::days(1200));
        self.quiet().await;
        self.audit().await;
        self
    }

    async fn step(&mut self) {
        let leap = leap(&mut self.fate);
        let is_down = self.manner.is_late && self.weather.random_bool(0.04);
        if is_down {
            while !self.hall.replicas.is_empty() {
                self.lose().await;
            }
        } else {
            self.jump().await;
        }
        self.tick(leap);
        if is_down {
            self.happen().await;
            self.hall.start().await;
            self.figures.restarts += 1;
            return self.quiet().await;
        }
        // The time may go on, and more may happen, before everything was heard of.
        if !(self.manner.is_late && self.weather.random_bool(0.3)) {
            self.quiet().await;
        }
        self.announce().await;
        self.release(false).await;
        self.happen().await;
        self.trouble().await;
        if !(self.manner.is_late && self.weather.random_bool(0.2)) {
            self.quiet().await;
            self.ask().await;
        }
    }

    /// Cases are registered, and something happens in some of those that are there.
    async fn happen(&mut self) {
        let now = self.now();
        let late = if self.manner.is_late { TimeDelta::days(12) } else { TimeDelta::zero() };
        let mut said: BTreeMap<_, Vec<(String, Fact)>> = BTreeMap::new();
        for _ in 0..self.fate.random_range(0..6) {
            let id = self.new_id();
            let (life, fact) = Life::begin(&mut self.fate, id, now, late);
            said.entry(now - TimeDelta::milliseconds(9)).or_default().push((life.id.clone(), fact));
            self.lives.push(life);
            self.figures.cases += 1;
        }
        for life in &mut self.lives {
            let most = if self.manner.is_late { self.fate.random_range(0..4_i64).min(2) } else { 1 };
            if self.fate.random_bool(0.5) {
                continue;
            }
            // No two in one instant, so that all know in which order they happened.
            for n in (0..most).rev() {
                let at = now - TimeDelta::milliseconds(n);
                said.entry(at).or_default().push((life.id.clone(), life.next(&mut self.fate)));
            }
        }
        let is_new = |life: &Life, said: &BTreeMap<_, Vec<(String, Fact)>>| {
            said.values().flatten().any(|(id, fact)| *id == life.id && matches!(fact, Fact::CaseRegistered(_)))
        };
        if !self.manner.is_late {
            // One thing at a time in each case, so that nothing depends on what is heard at once.
            let new: Vec<String> = self.lives.iter().filter(|life| is_new(life, &said)).map(|l| l.id.clone()).collect();
            let is_first = |id: &String, fact: &Fact| !new.contains(id) || matches!(fact, Fact::CaseRegistered(_));
            said.values_mut().for_each(|facts| facts.retain(|(id, fact)| is_first(id, fact)));
        }
        self.lives.retain(|life| life.left > 0);
        if self.manner.is_late && self.weather.random_bool(0.05) {
            let until = now + TimeDelta::minutes(self.weather.random_range(10..40_000));
            let producer = *FOLLOWED.choose(&mut self.weather).unwrap();
            self.held.entry(producer).or_insert((until, Vec::new()));
        }
        for (at, facts) in said {
            self.say(at, facts).await;
        }
    }

    /// The years that are to be announced by now, and sometimes something else about the calendar.
    async fn announce(&mut self) {
        let missing = announce::missing(&self.calendars, self.now());
        if !missing.is_empty() {
            let years = missing.into_iter().map(|year| announce::year(&mut self.fate, year).1);
            let change = ("cn", years.collect::<String>());
            self.bring(&change, true).await;
        }
        if self.fate.random_bool(0.06) {
            let today = self.now().date_naive();
            let change = announce::other(&mut self.fate, today);
            let is_wanted = self.fate.random_bool(0.8);
            self.bring(&change, is_wanted).await;
        }
    }

    /// Something breaks, in the middle of whatever goes on.
    async fn trouble(&mut self) {
        match self.weather.random_range(0..100) {
            0..3 if self.hall.replicas.len() < 2 => self.hall.start().await,
            3..6 if self.hall.replicas.len() > 1 => self.lose().await,
            6..9 => {
                self.lose().await;
                if self.hall.replicas.is_empty() {
                    self.hall.start().await;
                    self.figures.restarts += 1;
                }
            }
            9..12 => self.figures.cuts += u64::from(self.hall.cut().await > 0),
            _ => {}
        }
    }

    /// A replica ends, in order or not.
    async fn lose(&mut self) {
        let n = self.weather.random_range(0..self.hall.replicas.len());
        if self.weather.random_bool(0.4) {
            self.hall.end(n).await;
        } else {
            self.hall.crash(n).await;
            self.figures.crashes += 1;
        }
    }

    /// The handler asks for more time, and somebody rules on it.
    async fn ask(&mut self) {
        let handled: Vec<&Life> = self.lives.iter().filter(|life| life.is_handled).collect();
        let chosen = handled.choose(&mut self.fate).map(|life| life.id.clone());
        let Some(case_id) = chosen.filter(|_| self.fate.random_bool(0.3)) else { return };
        let until = self.now().with_timezone(&Utc).date_naive() + Days::new(self.fate.random_range(1..40));
        let (is_granted, ruler) = (self.fate.random_bool(0.7), self.fate.random_range(2..4));
        let ask = AskExtensionRequest {
            request_id: Uuid::new_v4().to_string(),
            case_id: case_id.clone(),
            clock: "handling".to_owned(),
            until: until.to_string(),
            reason_ref: "ref_00000000000070008000000000000001".to_owned(),
            ..AskExtensionRequest::default()
        };
        let mut client = self.hall.clocks().await;
        let asked = told(client.ask_extension(self.hall.of(&staff(HANDLER), ask)).await);
        if let Ok(asked) = asked {
            self.figures.extensions += 1;
            let (request_id, extension_id) = (Uuid::new_v4().to_string(), asked.extension_id);
            let rule = RuleOnExtensionRequest { request_id, case_id, extension_id, is_granted };
            let ruled = told(client.rule_on_extension(self.hall.of(&staff(ruler), rule)).await);
            assert!(ruled.is_ok() || ruled.is_err_and(|problem| problem.code == "not-permitted"));
        }
        self.quiet().await;
    }

    /// Somebody sets the machine's clock, or takes that back; or the machine stands still, and its clock is set right.
    async fn jump(&mut self) {
        if !self.wrong.is_zero() {
            if self.weather.random_bool(0.3) {
                self.undo_jump().await;
            }
            return;
        }
        let by = TimeDelta::minutes(self.weather.random_range(6..500_000));
        match self.weather.random_range(0..100) {
            0..2 => self.wrong = by,
            2..4 => self.wrong = -by,
            4 if self.manner.is_late => return self.stand_still(by).await,
            _ => return,
        }
        self.hall.machine.put_ahead(self.wrong);
        self.figures.jumps += 1;
    }

    async fn undo_jump(&mut self) {
        self.hall.machine.put_ahead(-self.wrong);
        self.wrong = TimeDelta::zero();
    }

    async fn stand_still(&mut self, by: TimeDelta) {
        self.quiet().await;
        self.figures.jumps += 1;
        self.hall.machine.stand_still(by);
        self.hall.lag = by;
        self.hall.machine.put_ahead(by);
        // What others say now is of a time that the watcher does not believe in yet.
        self.happen().await;
        self.quiet().await;
        let shown = self.hall.machine.now();
        let confirm = ConfirmTimeRequest {
            request_id: Uuid::new_v4().to_string(),
            clock: Some(timestamp(shown)),
            actor: "operator:lin".to_owned(),
            reason: "已与授时服务器核对".to_owned(),
        };
        told(self.hall.calendars().await.confirm_time(self.hall.of("service:jiesu", confirm)).await).unwrap();
        eventually("the clock is believed", PATIENCE, async || {
            self.hall.clock.advance(TimeDelta::seconds(2));
            for n in 0..self.hall.replicas.len() {
                let ask = self.hall.of("service:jiesu", GetTimeRequest {});
                let is = told(self.hall.calendars_of(n).await.get_time(ask).await).unwrap().standing;
                if is != "believed" {
                    return Err(is);
                }
            }
            Ok(())
        })
        .await;
        self.hall.lag = TimeDelta::zero();
        self.quiet().await;
    }
}
