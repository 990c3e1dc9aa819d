//! Looking behind the services: into every table, and at what a role may read.

use crate::House;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

const SCHEMAS: &[&str] =
    &["intake", "triage", "assignment", "resolution", "deadline_watcher", "notification", "records", "console"];

impl House {
    /// The schemas of the services.
    pub fn schemas(&self) -> &'static [&'static str] {
        SCHEMAS
    }

    /// Runs a statement as the database's administrator, as an accident or an intruder would.
    pub async fn run(&self, sql: &str) {
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&self.admin).await.unwrap();
    }

    /// Where any of the texts stands in any column of any table, as text or as bytes.
    pub async fn search_everything(&self, texts: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        let tables =
            sqlx::query("SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = ANY($1)")
                .bind(SCHEMAS)
                .fetch_all(&self.admin)
                .await
                .unwrap();
        assert!(tables.len() > 30, "only {} tables were looked at", tables.len());
        for table in tables {
            let (schema, name): (String, String) = (table.get(0), table.get(1));
            for text in texts {
                // A whole row as text shows texts as they are and bytes as hex.
                let sql = format!(
                    "SELECT count(*) FROM {schema}.\"{name}\" AS t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0"
                );
                let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
                let count: i64 =
                    sqlx::query_scalar(AssertSqlSafe(sql)).bind(text).bind(hex).fetch_one(&self.admin).await.unwrap();
                if count > 0 {
                    found.push(format!("{schema}.{name}: {text}"));
                }
            }
        }
        found
    }

    /// Whether the role of `reader` may read the log of `owner`.
    pub async fn may_read_as(&self, reader: &str, owner: &str) -> bool {
        let mut connection = PgConnection::connect_with(&self.admin.connect_options()).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("SET ROLE jiesu_{reader}"))).execute(&mut connection).await.unwrap();
        let sql = format!("SELECT count(*) FROM {owner}.event_log");
        sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut connection).await.is_ok()
    }
}
