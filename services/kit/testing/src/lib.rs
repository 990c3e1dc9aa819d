//! What tests of services stand on: a database and a stream of their own, and patience with a limit.

mod database;
mod nats;
mod patience;

pub use database::TestDb;
pub use nats::TestNats;
pub use patience::eventually;

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their servers are")]
#[expect(clippy::panic, reason = "a test without its server must fail, and say why")]
fn server(key: &str, example: &str) -> String {
    std::env::var(key).unwrap_or_else(|_| panic!("{key} is not set: tests need a real server, such as {example}"))
}

/// Runs a clean-up that must wait, from a `drop` that cannot, even inside a runtime.
fn finally<F: Future<Output = anyhow::Result<()>>>(work: impl FnOnce() -> F + Send + 'static) {
    let outcome = std::thread::spawn(move || -> anyhow::Result<()> {
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work())
    })
    .join();
    if !matches!(outcome, Ok(Ok(()))) {
        tracing::warn!("a test could not clean up after itself");
    }
}
