//! How far a producer has come, said every two seconds over core NATS by whoever relays the partition, and remembered by
//! those who follow. It is how a lost last event is found, and a stream that is gone.

use crate::{
    broker::Broker,
    error::BrokerError,
    genesis,
    log::Log,
    pace::{Backoff, pause},
    position::{Place, Standing},
};
use contracts::common::Heads;
use futures::{StreamExt as _, stream::select_all};
use prost::Message as _;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How often heads are said.
pub(crate) const EVERY: Duration = Duration::from_secs(2);

/// Says the heads of this instance's partitions until `stop`.
pub(crate) async fn say(log: &Log, broker: &Broker, stop: &CancellationToken) {
    while pause(EVERY, stop).await {
        let owned = log.owned.borrow().clone();
        if owned.is_empty() {
            continue;
        }
        match genesis::heads(&log.pools.follow).await {
            Ok(mut heads) => {
                heads.retain(|head| u16::try_from(head.partition).is_ok_and(|partition| owned.contains(&partition)));
                // Said again in two seconds, so a failure is nobody's concern.
                let _ = broker
                    .say(broker.heads_subject(log.service()), &Heads { producer: log.service().to_owned(), heads })
                    .await;
            }
            Err(error) => tracing::debug!(%error, "cannot read the heads now"),
        }
    }
}

/// What the producers of a follower said last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board(Arc<Mutex<BTreeMap<Place, Standing>>>);

impl Board {
    /// What was heard since the last time, by place.
    pub(crate) fn take(&self) -> BTreeMap<Place, Standing> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Listens until `stop`.
    pub(crate) async fn listen(&self, broker: &Broker, producers: &[&str], stop: &CancellationToken) {
        let mut backoff = Backoff::default();
        loop {
            if let Some(Err(error)) = stop.run_until_cancelled(self.hear(broker, producers, &mut backoff)).await {
                tracing::warn!(%error, "cannot hear the heads of others");
            }
            if !pause(backoff.next(), stop).await {
                return;
            }
        }
    }

    async fn hear(&self, broker: &Broker, producers: &[&str], backoff: &mut Backoff) -> Result<(), BrokerError> {
        let mut subscriptions = Vec::new();
        for producer in producers {
            let subject = broker.heads_subject(producer);
            let heard = broker.client.subscribe(subject).await;
            subscriptions.push(heard.map_err(BrokerError::while_doing("listening for heads"))?);
        }
        backoff.reset();
        let mut messages = select_all(subscriptions);
        while let Some(message) = messages.next().await {
            if let Ok(said) = Heads::decode(message.payload) {
                self.note(said);
            }
        }
        Ok(())
    }

    fn note(&self, said: Heads) {
        let mut board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for head in said.heads {
            let Ok(partition) = u16::try_from(head.partition) else { continue };
            board.insert((said.producer.clone(), partition), Standing { seq: head.seq, hash: head.hash });
        }
    }
}
