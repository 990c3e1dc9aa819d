//! Whether a login and a password belong together. It takes as long for a login that nobody bears.

use crate::domain::organisation::Person;
use crate::domain::throttle::Throttle;
use crate::passwords::Passwords;
use crate::store;
use chrono::{DateTime, Utc};
use kit_core::{Class, Problem};
use kit_db::{Error, Result};
use secrecy::SecretString;
use sqlx::PgPool;
use std::sync::{Mutex, PoisonError};

const LONGEST_LOGIN: usize = 64;
const LONGEST_PASSWORD: usize = 200;

/// Checks a password against the stored hash, within the limits of attempts.
pub(crate) struct SignIn {
    pub passwords: Passwords,
    pub throttle: Mutex<Throttle>,
}

impl SignIn {
    /// The person, if the password is theirs.
    pub(crate) async fn check(
        &self,
        pool: &PgPool,
        now: DateTime<Utc>,
        login: &str,
        password: String,
    ) -> Result<Person> {
        if login.chars().count() > LONGEST_LOGIN || password.chars().count() > LONGEST_PASSWORD {
            return Err(wrong().into());
        }
        if !self.throttle().begin(login, now) {
            return Err(too_many().into());
        }
        let result = self.verify(pool, login, password.into()).await;
        match &result {
            Ok(_) => self.throttle().succeeded(login),
            Err(Error::Problem(_)) => {}
            Err(_) => self.throttle().abandoned(login),
        }
        result
    }

    async fn verify(&self, pool: &PgPool, login: &str, password: SecretString) -> Result<Person> {
        let mut conn = pool.acquire().await?;
        let known = store::organisation::find_login(&mut conn, login).await?;
        // Not held while the password is hashed: that takes long, and connections are few.
        drop(conn);
        let hash = known.as_ref().and_then(|(_, _, hash)| hash.clone());
        let fits = self.passwords.verify(password, hash).await.map_err(|e| Error::Corrupt(e.to_string()))?;
        let Some((staff_id, true, _)) = known.filter(|_| fits) else {
            return Err(wrong().into());
        };
        let mut conn = pool.acquire().await?;
        let person = store::organisation::find_person(&mut conn, staff_id).await?;
        person.ok_or_else(|| wrong().into())
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wrong() -> Problem {
    Problem::new(
        Class::Unauthenticated,
        "wrong-credentials",
        "登录名或密码不正确",
        "The login or the password is wrong",
    )
}

fn too_many() -> Problem {
    Problem::new(
        Class::Exhausted,
        "too-many-attempts",
        "尝试次数过多,请 15 分钟后再试",
        "Too many attempts; try again in 15 minutes",
    )
}
