//! The gRPC face that all services share: who calls ([`Caller`], [`Ctx`]), tokens, the two ways between a
//! [`kit_core::Problem`] and a [`tonic::Status`], the server layer, the channels to the peers, and the pages
//! of lists ([`page`]).

mod caller;
mod convert;
mod layer;
pub mod page;
mod peers;
mod status;
mod tokens;
pub mod trace;

pub use caller::{Caller, Ctx, ctx};
pub use convert::{instant, need_ref, parse_id, parse_ref, parse_refs, text, timestamp};
pub use layer::{ServerLayer, ServerService};
pub use peers::{Call, Peers};
pub use status::{PROBLEM_METADATA, problem, reply, to_status};
pub use tokens::Tokens;

/// The largest message taken in, in bytes: tonic's own default, written down.
pub const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// The same for a message that carries a file, which is at most 10 MB.
pub const MAX_FILE_BYTES: usize = 11 * 1024 * 1024;
