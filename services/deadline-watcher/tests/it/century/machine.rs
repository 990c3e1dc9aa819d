//! What happens to the machine of the watcher: its clock is set to and fro, or it stands still for a while.

use super::world::World;
use crate::harness::{PATIENCE, told};
use chrono::TimeDelta;
use contracts::deadline_watcher::{ConfirmTimeRequest, GetTimeRequest};
use kit_core::Clock as _;
use kit_grpc::timestamp;
use kit_testing::eventually;
use rand::Rng as _;
use uuid::Uuid;

impl World {
    /// Somebody sets the machine's clock, or takes that back; or the machine stands still, and its clock is set right.
    pub(super) async fn jump(&mut self) {
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

    pub(super) async fn undo_jump(&mut self) {
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
