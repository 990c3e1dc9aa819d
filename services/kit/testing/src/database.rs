//! A database for one test: fresh, with the roles, schemas and tables of the services that the test names.

use crate::{finally, server};
use kit_config::DbSettings;
use kit_db::{Pools, schema_name};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, migrate::Migrator,
    postgres::PgConnectOptions,
};
use std::{collections::BTreeMap, str::FromStr as _};

const KEY: &str = "JIESU_TEST_POSTGRES";
const EXAMPLE: &str =
    "postgres://postgres@127.0.0.1:5432/postgres (a superuser; test databases are created and dropped)";

/// A fresh database; dropped with this value.
#[derive(Debug)]
pub struct TestDb {
    admin: String,
    name: String,
    urls: BTreeMap<String, String>,
}

impl TestDb {
    /// Creates the database, and in it the roles, schemas and tables of `services`, kit's own tables first.
    ///
    /// # Errors
    /// Postgres does not answer, or a migration fails.
    pub async fn new(services: &[(&str, &Migrator)]) -> anyhow::Result<Self> {
        let admin = server(KEY, EXAMPLE);
        let name = format!("jiesu_test_{:016x}", rand::random::<u64>());
        let mut connection = PgConnection::connect(&admin).await?;
        // The name is hexadecimal digits of our own making.
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
        connection.close().await?;
        let mut it = Self { admin, name, urls: BTreeMap::new() };
        let schemas: Vec<String> = services.iter().map(|(service, _)| schema_name(service)).collect();
        let accounts: Vec<(&str, &str)> = schemas.iter().map(|schema| (schema.as_str(), "test")).collect();
        let mut connection = PgConnection::connect(&it.url_as(None)?).await?;
        kit_db::bootstrap(&mut connection, &accounts).await?;
        connection.close().await?;
        for ((service, migrator), schema) in services.iter().zip(&schemas) {
            it.urls.insert((*service).to_owned(), it.url_as(Some(schema))?);
            let pools = it.connect(service, 1).await?;
            kit_db::migrate(&pools.commands, schema, &kit_messaging::MIGRATOR).await?;
            kit_db::migrate(&pools.commands, schema, migrator).await?;
            pools.commands.close().await;
            pools.follow.close().await;
        }
        Ok(it)
    }

    /// The URL of this database as the service's own role.
    ///
    /// # Errors
    /// The service was not named to [`TestDb::new`].
    pub fn url(&self, service: &str) -> anyhow::Result<String> {
        self.urls.get(service).cloned().ok_or_else(|| anyhow::anyhow!("{service} has no schema in this test"))
    }

    /// The URL of this database as the administrator, for a look across schemas.
    ///
    /// # Errors
    /// The administrator's URL is malformed.
    pub fn admin_url(&self) -> anyhow::Result<String> {
        self.url_as(None)
    }

    /// What a service would read from its settings.
    ///
    /// # Errors
    /// The service was not named to [`TestDb::new`].
    pub fn settings(&self, service: &str) -> anyhow::Result<DbSettings> {
        Ok(DbSettings { url: self.url(service)?.into(), command_connections: 8, follow_connections: 3 })
    }

    /// The pools of a service.
    ///
    /// # Errors
    /// The service was not named to [`TestDb::new`], or Postgres does not answer.
    pub async fn pools(&self, service: &str) -> anyhow::Result<Pools> {
        self.connect(service, 8).await
    }

    async fn connect(&self, service: &str, command_connections: u32) -> anyhow::Result<Pools> {
        let settings = DbSettings { command_connections, ..self.settings(service)? };
        Ok(kit_db::connect(&settings, service).await?)
    }

    fn url_as(&self, schema: Option<&str>) -> anyhow::Result<String> {
        let mut options = PgConnectOptions::from_str(&self.admin)?.database(&self.name);
        if let Some(schema) = schema {
            options = options.username(&kit_db::role_name(schema)).password("test");
        }
        Ok(options.to_url_lossy().into())
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        finally(move || async move {
            let mut connection = PgConnection::connect(&admin).await?;
            connection.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await?;
            Ok(())
        });
    }
}
