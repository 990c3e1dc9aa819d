//! The log as a stream of messages; a failure in the middle is told like that of any other call.

use contracts::log::ReadLogResponse;
use futures::{StreamExt as _, stream::BoxStream};
use kit_grpc::Ctx;
use tonic::Status;

pub(crate) type Parts = BoxStream<'static, Result<ReadLogResponse, Status>>;

pub(crate) fn answer(ctx: Ctx, parts: kit_messaging::Parts) -> Parts {
    parts.map(move |part| part.map_err(|error| ctx.status(error))).boxed()
}
