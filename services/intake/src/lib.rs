//! Intake: the doors. Owns submissions, parties and their identities (the vault) and receipts. Publishes
//! `SubmissionReceived`, `CaseRegistered`, `CaseSupplemented`, `CaseWithdrawn`, `IdentityRead` and `NarrativeRead`;
//! follows all others for the law and for how far each case is. `README.md` says the rest.

mod app;
mod backlog;
mod consume;
mod convert;
mod domain;
mod grpc;
mod receipts;
mod store;
mod usecase;
mod wiring;

use kit_runtime::{Context, Parts, Service};

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// The service.
#[derive(Clone, Copy, Debug, Default)]
pub struct Intake;

impl Service for Intake {
    const NAME: &'static str = "intake";

    fn migrator() -> &'static sqlx::migrate::Migrator {
        &MIGRATOR
    }

    async fn build(ctx: Context) -> anyhow::Result<Parts> {
        wiring::build(ctx).await
    }
}
