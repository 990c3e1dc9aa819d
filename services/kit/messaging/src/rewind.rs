//! Asks a producer what it has after a follower's standing, and what it thinks of it.

use crate::broker::Broker;
use contracts::common::{RewindReply, RewindRequest, Standing};
use prost::Message as _;

/// Asks a producer once. `None`: it does not answer.
pub(crate) async fn ask(
    broker: &Broker,
    producer: &str,
    follower: &str,
    standings: Vec<Standing>,
) -> Option<RewindReply> {
    let request = RewindRequest { follower: follower.to_owned(), standings };
    let genesis = broker.genesis_subject(producer);
    let subject = format!("{}.rewind", genesis.strip_suffix(".genesis")?);
    let reply = broker.client.request(subject, request.encode_to_vec().into()).await.ok()?;
    RewindReply::decode(reply.payload).ok()
}
