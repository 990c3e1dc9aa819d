//! Who handles a case, and who watches them. Owns the organisation (units, staff, roles, sign-in) and the dispatch of
//! each case: to a handler by the regime's routing, never to whoever is excluded, and up the ladder when it is late; with
//! the orders, teams and rulings of those who handle it.
//! Consumes what intake, triage, resolution and deadline-watcher publish; publishes `UnitChanged`, `StaffChanged`,
//! `CaseDispatched`, `CaseSigned`, `CaseReturned`, `DispatchRuled`, `HandlerNamed`, `HandlerRecused`, `RecusalAsked`,
//! `RecusalGranted`, `RecusalRefused`, `CaseEscalated`, `OrderGiven`, `OrderAnswered` and `TeamFormed`.

mod app;
mod consume;
mod convert;
mod domain;
mod grpc;
mod passwords;
mod publish;
mod store;
mod usecase;
mod wiring;

pub use wiring::Assignment;

/// The tables of this service, from version 1001 on; those of the kit come first.
static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
