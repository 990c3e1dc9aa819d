//! Which rules apply to a case, whether we take it, and how grave it is. Owns the regimes, and the classification,
//! grade and validity of each case. Consumes what intake, assignment, resolution and deadline-watcher publish;
//! publishes `RegimePublished`, `CaseClassified`, `CaseAccepted`, `CaseDeclined`, `CaseReferred`, `ReportBackReceived`,
//! `FactsStated`, `CaseGraded`, `ValidityJudged`, `ContainmentRecorded` and `CaseMoved`.

mod app;
mod consume;
mod convert;
mod domain;
mod grpc;
mod publish;
mod store;
mod usecase;
mod wiring;

pub use wiring::Triage;

/// The tables of this service, from version 1001 on; those of the kit come first.
static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
