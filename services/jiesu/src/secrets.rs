//! The secrets of an installation that `jiesu up` made itself: generated once, kept in its data folder, readable by its
//! owner alone.

use crate::{private::write_secret, services};
use anyhow::{Context as _, Result};
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, fs, path::Path};

/// All of them.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    pub token_key: String,
    /// The master key of the vault: without it no identity and no narrative can be read again.
    pub vault_key: String,
    pub postgres: String,
    pub nats: String,
    pub demo: String,
    /// Of the role that checks from outside whether deadlines are watched.
    #[serde(default = "key")]
    pub dead_man: String,
    /// The database password of each service.
    pub services: BTreeMap<String, String>,
}

impl Secrets {
    /// Those kept in `folder`, made now where there are none.
    ///
    /// # Errors
    /// They cannot be read or written.
    pub fn of(folder: &Path) -> Result<Self> {
        let path = folder.join("secrets.json");
        let mut secrets = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).with_context(|| format!("{} cannot be read", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::generate(),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        for name in services::NAMES {
            // A service that came with a newer version has none yet.
            secrets.services.entry((*name).to_owned()).or_insert_with(key);
        }
        write_secret(&path, &serde_json::to_string_pretty(&secrets)?)?;
        Ok(secrets)
    }

    fn generate() -> Self {
        Self {
            token_key: key(),
            vault_key: key(),
            postgres: key(),
            nats: key(),
            demo: demo_password(),
            dead_man: key(),
            services: BTreeMap::new(),
        }
    }
}

fn key() -> String {
    hex::encode(rand::rng().random::<[u8; 32]>())
}

/// A password that a person can read from a screen and type.
pub fn demo_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let group = || -> String {
        (0..4).filter_map(|_| LETTERS.get(rand::rng().random_range(0..LETTERS.len()))).map(|b| char::from(*b)).collect()
    };
    format!("{}-{}-{}", group(), group(), group())
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}
