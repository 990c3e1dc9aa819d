//! Where to resume in the stream after a restart, or after another instance. An economy: written once a second, outside
//! any other transaction, and used only for the very stream that it was taken from.

use crate::{
    lease::{self, Owned},
    log::Log,
    position::number,
};
use kit_db::Result;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

const EVERY: Duration = Duration::from_secs(1);

/// A message of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The stream, told apart from others of its name by when it was made.
    pub(super) created: Arc<str>,
    pub(super) seq: u64,
}

/// The cursor of a session, which stands for all partitions of the instance.
#[derive(Debug)]
pub(super) struct Cursor {
    producers: String,
    present: Option<Mark>,
    saved: Option<Mark>,
    at: Instant,
}

impl Cursor {
    pub(super) fn new(producers: &[String]) -> Self {
        Self { producers: producers.join(","), present: None, saved: None, at: Instant::now() }
    }

    /// The mark up to which everything of all owned partitions was judged, if they agree on the stream.
    pub(super) async fn load(&self, log: &Log, owned: &Owned) -> Result<Option<Mark>> {
        let found: (i64, i64, Option<String>, Option<i64>) = sqlx::query_as(
            "SELECT count(*), count(DISTINCT stream_created), min(stream_created), min(stream_seq)
             FROM reader_cursor WHERE producers = $1 AND partition = ANY($2)",
        )
        .bind(&self.producers)
        .bind(lease::columns(owned))
        .fetch_one(&log.pools.follow)
        .await?;
        let (rows, 1, Some(created), Some(seq)) = found else { return Ok(None) };
        let is_whole = usize::try_from(rows).is_ok_and(|rows| rows == owned.len());
        Ok(is_whole.then(|| Mark { created: created.into(), seq: seq.unsigned_abs() }))
    }

    /// Everything up to here was judged, and nothing is missing.
    pub(super) fn reached(&mut self, mark: Mark) {
        self.present = Some(mark);
    }

    /// Stores it now and then.
    pub(super) async fn save(&mut self, log: &Log, owned: &Owned) {
        let Some(mark) = self.present.clone().filter(|mark| self.saved.as_ref() != Some(mark)) else { return };
        if self.at.elapsed() < EVERY {
            return;
        }
        self.at = Instant::now();
        let stored = sqlx::query(
            "INSERT INTO reader_cursor (partition, producers, stream_created, stream_seq)
             SELECT partition, $2, $3, $4 FROM partition_lease WHERE partition = ANY($1) AND owner = $5
             ON CONFLICT (partition) DO UPDATE SET producers = EXCLUDED.producers,
                 stream_created = EXCLUDED.stream_created, stream_seq = EXCLUDED.stream_seq",
        )
        .bind(lease::columns(owned))
        .bind(&self.producers)
        .bind(&*mark.created)
        .bind(number(mark.seq))
        .bind(&*log.instance)
        .execute(&log.pools.follow)
        .await;
        // One that is not stored costs reading a little more of the stream again.
        if stored.is_ok() {
            self.saved = Some(mark);
        }
    }
}
