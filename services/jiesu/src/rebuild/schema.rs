//! The schema beside the service's own, the lock under which both stand still, the comparison, and the exchange.

use anyhow::{Context as _, Result};
use kit_config::DbSettings;
use kit_db::{Pools, role_name, schema_name};
use kit_runtime::{Derived, Service};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions};
use std::str::FromStr as _;

/// Tables of kit's own that are told by the events too, and what of a row is.
const KIT: &[Derived] = &[
    Derived { table: "reference", state: "to_jsonb(t)" },
    Derived {
        table: "parked_event",
        state: "jsonb_build_array(t.key, t.producer, t.partition, t.seq, t.state = 'failed')",
    },
];

/// Both schemas. Their names are the service's, never from outside.
pub(super) struct Side {
    admin_url: String,
    name: String,
    beside: String,
    pub(super) first: Pools,
    pub(super) second: Pools,
}

/// How a table came out.
#[derive(Clone, Debug)]
pub struct Compared {
    pub table: String,
    pub rows: i64,
    /// Rows that only the old one has, and only the new one.
    pub lost: i64,
    pub gained: i64,
}

impl Compared {
    /// Whether both say the same.
    pub fn is_equal(&self) -> bool {
        self.lost == 0 && self.gained == 0
    }
}

impl Side {
    /// Makes the schema beside that of `S`, empty, with all its tables.
    pub(super) async fn make<S: Service>(admin_url: &str) -> Result<Self> {
        let name = schema_name(S::NAME);
        let beside = format!("{name}_rebuild");
        let role = role_name(&name);
        let mut admin = PgConnection::connect(admin_url).await.context("the administrator cannot reach Postgres")?;
        let sql = format!(
            "SET client_min_messages TO warning; DROP SCHEMA IF EXISTS {beside} CASCADE; DROP SCHEMA IF EXISTS {name}_before CASCADE;
             CREATE SCHEMA {beside} AUTHORIZATION {role}"
        );
        admin.execute(AssertSqlSafe(sql)).await?;
        admin.close().await?;
        // What is made here must belong to the service.
        let options = PgConnectOptions::from_str(admin_url)?.options([("role", role)]);
        let settings = DbSettings { url: admin_url.into(), command_connections: 4, follow_connections: 2 };
        let first = kit_db::connect_in(options.clone(), &settings, S::NAME, &name).await?;
        let second = kit_db::connect_in(options, &settings, S::NAME, &beside).await?;
        kit_db::migrate(&second.commands, &beside, &kit_messaging::MIGRATOR).await?;
        kit_db::migrate(&second.commands, &beside, S::migrator()).await?;
        Ok(Self { admin_url: admin_url.to_owned(), name, beside, first, second })
    }

    /// Stops every instance of the service from applying anything until the answer is ended. They wait for it, and try
    /// again if that takes too long.
    pub(super) async fn freeze(&self) -> Result<Freeze<'_>> {
        let mut admin = PgConnection::connect(&self.admin_url).await?;
        let sql = format!("BEGIN; LOCK TABLE {}.follower_position IN SHARE MODE", self.name);
        admin.execute(AssertSqlSafe(sql)).await?;
        Ok(Freeze { side: self, admin })
    }

    /// Drops what stands beside.
    pub(super) async fn remove(self) -> Result<()> {
        for pools in [&self.first, &self.second] {
            tokio::join!(pools.commands.close(), pools.follow.close());
        }
        let mut admin = PgConnection::connect(&self.admin_url).await?;
        let sql = format!(
            "SET client_min_messages TO warning; DROP SCHEMA {} CASCADE; DROP SCHEMA IF EXISTS {}_before CASCADE",
            self.beside, self.name
        );
        admin.execute(AssertSqlSafe(sql)).await?;
        Ok(admin.close().await?)
    }
}

/// An open transaction in which the service stands still.
pub(super) struct Freeze<'a> {
    side: &'a Side,
    admin: PgConnection,
}

impl Freeze<'_> {
    /// Compares every table that can be made anew.
    pub(super) async fn compare(&mut self, derived: &[Derived]) -> Result<Vec<Compared>> {
        let mut all = Vec::new();
        for Derived { table, state } in KIT.iter().chain(derived) {
            let (name, beside) = (&self.side.name, &self.side.beside);
            let states = |schema: &str| format!("SELECT {state} FROM {schema}.{table} AS t");
            let (old, new) = (states(name), states(beside));
            let sql = format!(
                "SELECT (SELECT count(*) FROM {beside}.{table}),
                        (SELECT count(*) FROM ({old} EXCEPT ALL {new}) AS lost),
                        (SELECT count(*) FROM ({new} EXCEPT ALL {old}) AS gained)"
            );
            let (rows, lost, gained): (i64, i64, i64) =
                sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut self.admin).await?;
            all.push(Compared { table: (*table).to_owned(), rows, lost, gained });
        }
        Ok(all)
    }

    /// Puts the new tables where the old ones were.
    pub(super) async fn replace(mut self, derived: &[Derived]) -> Result<()> {
        let (name, beside) = (&self.side.name, &self.side.beside);
        // A third place, since a table takes its indexes along and their names are the same.
        self.admin.execute(AssertSqlSafe(format!("CREATE SCHEMA {name}_before"))).await?;
        for Derived { table, .. } in KIT.iter().chain(derived) {
            let sql = format!(
                "ALTER TABLE {name}.{table} SET SCHEMA {name}_before; ALTER TABLE {beside}.{table} SET SCHEMA {name}"
            );
            self.admin.execute(AssertSqlSafe(sql)).await?;
        }
        self.admin.execute("COMMIT").await?;
        Ok(self.admin.close().await?)
    }

    /// Leaves everything as it was.
    pub(super) async fn undo(mut self) -> Result<()> {
        self.admin.execute("ROLLBACK").await?;
        Ok(self.admin.close().await?)
    }
}
