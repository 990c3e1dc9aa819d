//! One row of what a service keeps as its own copy of others' law.

/// The state of one thing as of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: String,
    pub id: String,
    pub version: i64,
    pub body: Vec<u8>,
}
