//! Argon2id with bounded parallelism: each hash takes 19 MiB and a core for some tens of milliseconds, so they run
//! outside every transaction, on blocking threads, and only a few at once.

use anyhow::Context as _;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc::PasswordHash,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    gate: Arc<Semaphore>,
    at_once: usize,
    /// Verified for a login that nobody bears, so that the answer takes as long as for one that is borne.
    nobody: Arc<str>,
}

impl Passwords {
    /// Production parameters (19 MiB, 2 passes, 1 lane), as many at once as there are cores.
    pub(crate) async fn init() -> anyhow::Result<Self> {
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        let gate = Arc::new(Semaphore::new(at_once));
        let nobody = tokio::task::spawn_blocking(|| hash(&SecretString::from("nobody's password"))).await??;
        Ok(Self { gate, at_once, nobody: nobody.into() })
    }

    /// PHC strings, in order; each with a salt of its own.
    pub(crate) async fn hash_all(&self, passwords: Vec<SecretString>) -> anyhow::Result<Vec<String>> {
        stream::iter(passwords)
            .map(|password| self.run(move || hash(&password)))
            .buffered(self.at_once)
            .try_collect()
            .await
    }

    /// Whether the password is the one hashed; with no hash it never is, and takes as long.
    pub(crate) async fn verify(&self, password: SecretString, hash: Option<String>) -> anyhow::Result<bool> {
        let nobody = Arc::clone(&self.nobody);
        self.run(move || {
            let known = hash.is_some();
            let phc = hash.as_deref().unwrap_or(&nobody);
            let parsed =
                PasswordHash::new(phc).map_err(|e| anyhow::anyhow!("a stored password hash does not parse: {e}"))?;
            let fits = argon2()?.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok();
            Ok(fits && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let permit = Arc::clone(&self.gate).acquire_owned().await.context("the gate is never closed")?;
        // The permit goes along: a caller who goes away does not make room while the work still runs.
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await?
    }
}

fn hash(password: &SecretString) -> anyhow::Result<String> {
    let phc: PasswordHash = argon2()?
        .hash_password(password.expose_secret().as_bytes())
        .map_err(|e| anyhow::anyhow!("hashing failed: {e}"))?;
    Ok(phc.to_string())
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| anyhow::anyhow!("argon2 parameters: {e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only_and_never_against_none() {
        let passwords = Passwords::init().await.unwrap();
        let hashes = passwords.hash_all(vec!["one-password".into(), "one-password".into()]).await.unwrap();
        assert_ne!(hashes[0], hashes[1], "equal passwords have salts of their own");
        assert!(passwords.verify("one-password".into(), Some(hashes[0].clone())).await.unwrap());
        assert!(!passwords.verify("other".into(), Some(hashes[0].clone())).await.unwrap());
        assert!(!passwords.verify("nobody's password".into(), None).await.unwrap());
    }
}
