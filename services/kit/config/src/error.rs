//! What is wrong with a setting, by the name of its key.

/// A setting that cannot be used. The value is never repeated: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("the setting {key} is missing; set {key}, or {key}_FILE to a file that holds it")]
    Missing { key: String },
    #[error("the setting {key} cannot be read as {expected}: {reason}")]
    Malformed { key: String, expected: String, reason: String },
}
