//! Bearer tokens: signed names with an end. What a person may do is looked up at each call, never in the token.

use crate::Caller;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use kit_core::{Class, Problem};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
}

/// Issues and verifies tokens under the installation's key. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(Arc<Keys>);

struct Keys {
    sign: EncodingKey,
    check: DecodingKey,
    rules: Validation,
}

impl Tokens {
    /// Tokens under `secret`, which all services of an installation share.
    pub fn new(secret: impl AsRef<[u8]>) -> Self {
        let mut rules = Validation::new(Algorithm::HS256);
        // The end is compared with the clock we are handed, which in a simulation is not the machine's.
        rules.validate_exp = false;
        rules.required_spec_claims.clear();
        let secret = secret.as_ref();
        Self(Arc::new(Keys { sign: EncodingKey::from_secret(secret), check: DecodingKey::from_secret(secret), rules }))
    }

    /// A token that names `subject` (`staff_…` or `service:<name>`) until `now + ttl`.
    pub fn issue(&self, subject: &str, now: DateTime<Utc>, ttl: TimeDelta) -> String {
        let claims = Claims { sub: subject.to_owned(), iat: now.timestamp(), exp: (now + ttl).timestamp() };
        encode(&Header::new(Algorithm::HS256), &claims, &self.0.sign).unwrap_or_else(|error| {
            // An empty token is refused everywhere, which is the right outcome of a key that cannot sign.
            tracing::error!(%error, "cannot sign a token");
            String::new()
        })
    }

    /// The caller whom `token` names.
    ///
    /// # Errors
    /// It is not ours, or its end has passed.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Caller, Problem> {
        let claims = decode::<Claims>(token, &self.0.check, &self.0.rules).map_err(|_| invalid())?.claims;
        if claims.exp <= now.timestamp() {
            return Err(Problem::new(
                Class::Unauthenticated,
                "token-expired",
                "登录已过期,请重新登录",
                "Your sign-in has expired; please sign in again",
            ));
        }
        match claims.sub.strip_prefix("service:") {
            Some(name) if !name.is_empty() => Ok(Caller::Service(name.to_owned())),
            Some(_) => Err(invalid()),
            None => claims.sub.parse().map(Caller::Staff).map_err(|_| invalid()),
        }
    }
}

fn invalid() -> Problem {
    Problem::new(
        Class::Unauthenticated,
        "token-invalid",
        "登录凭证无效,请重新登录",
        "This sign-in is not valid; please sign in again",
    )
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_ids::StaffId;

    fn noon() -> DateTime<Utc> {
        "2026-04-15T04:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_token_names_its_subject_until_its_end_on_the_clock_we_are_handed() {
        let tokens = Tokens::new("a key");
        let staff = StaffId::new(uuid::Uuid::from_u128(7));
        let token = tokens.issue(&staff.to_string(), noon(), TimeDelta::hours(8));
        assert_eq!(tokens.verify(&token, noon()), Ok(Caller::Staff(staff)));
        assert_eq!(tokens.verify(&token, noon() + TimeDelta::hours(8)).unwrap_err().code, "token-expired");
        let service = tokens.issue("service:notification", noon(), TimeDelta::minutes(1));
        assert_eq!(tokens.verify(&service, noon()), Ok(Caller::Service("notification".to_owned())));
    }

    #[test]
    fn a_token_of_another_key_a_changed_one_and_nonsense_are_refused() {
        let tokens = Tokens::new("a key");
        let other = Tokens::new("another key").issue("service:triage", noon(), TimeDelta::hours(1));
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZXJ2aWNlOngiLCJpYXQiOjAsImV4cCI6OTk5OTk5OTk5OX0.";
        let nobody = tokens.issue("somebody", noon(), TimeDelta::hours(1));
        for token in [other.as_str(), unsigned, nobody.as_str(), "", "...", "投诉"] {
            assert_eq!(tokens.verify(token, noon()).unwrap_err().class, Class::Unauthenticated, "{token}");
        }
    }
}
