//! Where settings come from. `KEY` is read from the environment, or from the file that `KEY_FILE` names, so that a
//! secret can be mounted instead of being shown by every process listing.

use crate::ConfigError;
use secrecy::SecretString;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A place that knows settings by their key. Empty and absent are the same.
pub trait Source: Send + Sync {
    /// The value of `key`, if it is set.
    fn get(&self, key: &str) -> Option<String>;
}

/// The process environment: `KEY`, or the contents of the file named by `KEY_FILE` without its final line break.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvSource;

impl Source for EnvSource {
    #[expect(clippy::disallowed_methods, reason = "this is the source that everyone else reads through")]
    fn get(&self, key: &str) -> Option<String> {
        if let Some(value) = std::env::var(key).ok().filter(|v| !v.is_empty()) {
            return Some(value);
        }
        let path = std::env::var(format!("{key}_FILE")).ok().filter(|v| !v.is_empty())?;
        let text = std::fs::read_to_string(path).ok()?;
        Some(text.trim_end_matches(['\r', '\n']).to_owned()).filter(|v| !v.is_empty())
    }
}

/// Settings made in this process: for tests, and for one process that runs the whole house.
#[derive(Clone, Default)]
pub struct MapSource(pub BTreeMap<String, String>);

impl MapSource {
    /// The settings of `map`.
    pub fn new(map: BTreeMap<String, String>) -> Self {
        Self(map)
    }

    /// With `key` set to `value`.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(key.into(), value.into());
        self
    }

    /// Sets `key` to `value`.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }
}

impl FromIterator<(String, String)> for MapSource {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Source for MapSource {
    fn get(&self, key: &str) -> Option<String> {
        self.0.get(key).filter(|v| !v.is_empty()).cloned()
    }
}

impl fmt::Debug for MapSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys only: a value may be a secret.
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The value of `key`, or `default` where it is not set.
///
/// # Errors
/// It is set and does not parse.
pub fn parse<T>(source: &dyn Source, key: &str, default: T) -> Result<T, ConfigError>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    Ok(parse_optional(source, key)?.unwrap_or(default))
}

/// The value of `key`, if it is set.
///
/// # Errors
/// It is set and does not parse.
pub fn parse_optional<T>(source: &dyn Source, key: &str) -> Result<Option<T>, ConfigError>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    let Some(value) = source.get(key) else { return Ok(None) };
    value.trim().parse().map(Some).map_err(|e: T::Err| ConfigError::Malformed {
        key: key.to_owned(),
        expected: short_name::<T>(),
        reason: e.to_string(),
    })
}

/// The value of `key`.
///
/// # Errors
/// It is not set.
pub fn required(source: &dyn Source, key: &str) -> Result<String, ConfigError> {
    source.get(key).ok_or_else(|| ConfigError::Missing { key: key.to_owned() })
}

/// The value of `key`, kept out of debug output.
///
/// # Errors
/// It is not set.
pub fn secret(source: &dyn Source, key: &str) -> Result<SecretString, ConfigError> {
    required(source, key).map(SecretString::from)
}

fn short_name<T>() -> String {
    let name = std::any::type_name::<T>();
    name.rsplit("::").next().unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_key_and_not_the_value() {
        let source = MapSource::default().with("JIESU_PORT", "not-a-secret-really");
        let error = parse(&source, "JIESU_PORT", 1_u16).unwrap_err().to_string();
        assert!(error.contains("JIESU_PORT") && error.contains("u16"), "{error}");
        assert!(!error.contains("not-a-secret-really"), "{error}");
        assert_eq!(parse(&source, "JIESU_OTHER", 1_u16), Ok(1));
        assert!(required(&source, "JIESU_TOKEN_KEY").unwrap_err().to_string().contains("JIESU_TOKEN_KEY_FILE"));
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        let source = MapSource::default().with("A", "");
        assert!(source.get("A").is_none());
    }
}
