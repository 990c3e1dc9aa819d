//! What an administrator does once per installation: a role and a schema for each service, and no right on any other.

use crate::{Error, Result};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::time::Duration;

/// The schema of a service: its name with `_` for `-`.
pub fn schema_name(service: &str) -> String {
    service.replace('-', "_")
}

/// The role of a schema, `jiesu_<schema>`.
pub fn role_name(schema: &str) -> String {
    format!("jiesu_{schema}")
}

/// Makes sure that every schema has its role with this password, owned by that role alone. Safe to repeat, and to run
/// from several places at once.
///
/// # Errors
/// The connection is not an administrator's, or a schema's name is not made of `a–z`, `0–9` and `_`.
pub async fn bootstrap(admin: &mut PgConnection, services: &[(&str, &str)]) -> Result<()> {
    let database: String = sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut *admin).await?;
    for (schema, password) in services {
        check_name(schema)?;
        patiently(admin, &role_sql(schema, password)).await?;
    }
    let mut script = format!(
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC;",
        database = quoted(&database)
    );
    for (schema, _) in services {
        script.push_str(&schema_sql(&database, schema));
    }
    patiently(admin, &script).await
}

/// Makes sure that a role of this name and password can reach a schema, where it may call what is for everybody, and
/// read no table. Safe to repeat.
///
/// # Errors
/// The connection is not an administrator's, there is no such schema, or a name is not made of `a–z`, `0–9` and `_`.
pub async fn guest(admin: &mut PgConnection, guest: &str, password: &str, schema: &str) -> Result<()> {
    check_name(guest)?;
    check_name(schema)?;
    let database: String = sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut *admin).await?;
    patiently(admin, &role_sql(guest, password)).await?;
    let (database, schema, role) = (quoted(&database), quoted(schema), quoted(&role_name(guest)));
    let script = format!("GRANT CONNECT ON DATABASE {database} TO {role}; GRANT USAGE ON SCHEMA {schema} TO {role};");
    patiently(admin, &script).await
}

fn check_name(schema: &str) -> Result<()> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name =
        schema.starts_with(|c: char| c.is_ascii_lowercase()) && schema.len() <= 40 && schema.chars().all(is_plain);
    if is_name { Ok(()) } else { Err(Error::Corrupt("a schema name that is not a service's".to_owned())) }
}

/// `CREATE ROLE` has no `IF NOT EXISTS`; two installers may see it missing and both create it.
fn role_sql(schema: &str, password: &str) -> String {
    let role = quoted(&role_name(schema));
    let password = literal(password);
    format!(
        "DO $jiesu$ BEGIN
             CREATE ROLE {role} LOGIN NOINHERIT PASSWORD {password};
         EXCEPTION WHEN duplicate_object OR unique_violation THEN
             ALTER ROLE {role} LOGIN PASSWORD {password};
         END $jiesu$;"
    )
}

fn schema_sql(database: &str, schema: &str) -> String {
    let (database, name, role) = (quoted(database), quoted(schema), quoted(&role_name(schema)));
    format!(
        "GRANT CONNECT ON DATABASE {database} TO {role};
         CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION {role};
         REVOKE ALL ON SCHEMA {name} FROM PUBLIC;"
    )
}

/// Roles and rights are rows of shared catalogues: whoever changes one at the same time gets an error, not a wait.
async fn patiently(admin: &mut PgConnection, script: &str) -> Result<()> {
    let mut attempt = 0;
    loop {
        match in_one_transaction(admin, script).await {
            Err(sqlx::Error::Database(refusal)) if attempt < 60 && is_collision(refusal.code().as_deref()) => {
                attempt += 1;
                pause(Duration::from_millis(10 + u64::from(std::process::id() % 17) + 5 * attempt)).await;
            }
            outcome => return Ok(outcome?),
        }
    }
}

async fn in_one_transaction(admin: &mut PgConnection, script: &str) -> sqlx::Result<()> {
    let mut transaction = admin.begin().await?;
    transaction.execute("SET LOCAL client_min_messages TO warning").await?;
    // Built from checked names and quoted literals only.
    transaction.execute(AssertSqlSafe(script.to_owned())).await?;
    transaction.commit().await
}

/// `tuple concurrently updated`, unique violation, duplicate role or schema, deadlock.
fn is_collision(code: Option<&str>) -> bool {
    matches!(code, Some("XX000" | "23505" | "42710" | "42P06" | "40P01" | "40001"))
}

#[expect(clippy::disallowed_methods, reason = "waits for another installer, not for an instant of the house")]
async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}

fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    // The E form means the same whatever standard_conforming_strings says; no `$` may end the quoting of a DO block.
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''").replace('$', "\\x24"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_cannot_be_escaped_from() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("it's \\ here"), "E'it''s \\\\ here'");
        assert_eq!(literal("$jiesu$"), "E'\\x24jiesu\\x24'");
    }

    #[test]
    fn only_plain_schema_names_are_taken() {
        assert!(check_name("deadline_watcher").is_ok());
        for bad in ["", "Intake", "a-b", "x;drop", "1a", "a\"b"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
