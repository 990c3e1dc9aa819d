//! A command is done once. Its first answer is kept with what it did, in the same transaction, and given again.

use crate::tx::Tx;
use futures::future::BoxFuture;
use kit_core::Problem;
use kit_db::{Error, Result};
use sha2::{Digest as _, Sha256};

/// What a caller asked, and who they are.
#[derive(Clone, Debug)]
pub struct Command {
    pub request_id: String,
    pub name: &'static str,
    pub actor: String,
    pub digest: Vec<u8>,
}

impl Command {
    /// The command `name` with the body `message`, asked by `actor` under `request_id`.
    pub fn new(name: &'static str, request_id: &str, actor: &str, message: &impl prost::Message) -> Self {
        let digest = Sha256::digest(message.encode_to_vec()).to_vec();
        Self { request_id: request_id.to_owned(), name, actor: actor.to_owned(), digest }
    }

    pub(crate) fn check(&self) -> std::result::Result<(), Problem> {
        if (1..=100).contains(&self.request_id.chars().count()) && !self.request_id.contains('\0') {
            return Ok(());
        }
        Err(Problem::field(
            "request_id",
            "bad-request-id",
            "请求编号须为 1 至 100 个字符",
            "The request id must have 1 to 100 characters",
        ))
    }
}

/// Runs `f` unless the command was answered before. The row is taken first: a repetition that comes while the first is
/// still at work waits for it, instead of meeting its half-made changes as a conflict.
pub(crate) async fn once<R, F>(tx: &mut Tx, command: Command, f: F) -> Result<R>
where
    R: prost::Message + Default,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<R>>,
{
    if !claim(tx, &command).await? {
        return first_answer(tx, &command).await;
    }
    let answer = f(tx).await?;
    sqlx::query("UPDATE command_answer SET answer = $2 WHERE request_id = $1")
        .bind(&command.request_id)
        .bind(answer.encode_to_vec())
        .execute(tx.conn())
        .await?;
    Ok(answer)
}

async fn claim(tx: &mut Tx, command: &Command) -> Result<bool> {
    let now = tx.now();
    let done = sqlx::query(
        "INSERT INTO command_answer (request_id, name, actor, digest, answer, answered_at)
         VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (request_id) DO NOTHING",
    )
    .bind(&command.request_id)
    .bind(command.name)
    .bind(&command.actor)
    .bind(&command.digest)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn first_answer<R: prost::Message + Default>(tx: &mut Tx, command: &Command) -> Result<R> {
    let (name, actor, digest, answer): (String, String, Vec<u8>, Vec<u8>) =
        sqlx::query_as("SELECT name, actor, digest, answer FROM command_answer WHERE request_id = $1")
            .bind(&command.request_id)
            .fetch_one(tx.conn())
            .await?;
    if name != command.name || actor != command.actor || digest != command.digest {
        return Err(Problem::conflict(
            "request-id-reused",
            "该请求编号已用于另一项操作",
            "This request id was used for a different request",
        )
        .into());
    }
    R::decode(answer.as_slice()).map_err(|_| Error::Corrupt("a stored answer cannot be read".to_owned()))
}
