//! What operators decided, and why: a row in the transaction of what they did. The event that tells of it names the
//! row, never the reason.

use super::{LogAdmin, timestamp};
use crate::tx::Tx;
use chrono::{DateTime, Utc};
use contracts::log::Decision;
use kit_core::Problem;
use kit_db::Result;
use uuid::Uuid;

/// Who decides, and why, as the tool that asks knows them.
#[derive(Clone, Debug)]
pub struct Decided {
    actor: String,
    reason: String,
}

impl Decided {
    /// Who and why, both given.
    ///
    /// # Errors
    /// The reason has not 3 to 500 characters, or nobody is named.
    pub fn new(actor: &str, reason: &str) -> std::result::Result<Self, Problem> {
        let (actor, reason) = (actor.trim(), reason.trim());
        let is_plain = |text: &str| !text.contains(|c: char| c.is_control() && c != '\n' && c != '\r' && c != '\t');
        if !(3..=500).contains(&reason.chars().count()) || !is_plain(reason) {
            return Err(Problem::field(
                "reason",
                "bad-reason",
                "请填写理由,3 至 500 个字符",
                "Give a reason of 3 to 500 characters",
            ));
        }
        if !(1..=100).contains(&actor.chars().count()) || !is_plain(actor) {
            return Err(Problem::field(
                "actor",
                "bad-actor",
                "请写明由谁决定(100 个字符以内)",
                "Say who decides, in up to 100 characters",
            ));
        }
        Ok(Self { actor: actor.to_owned(), reason: reason.to_owned() })
    }

    /// Who decides.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Who acted, as an event may name them: a person on the staff by their id; of others only that it was an operator,
    /// since the name of an account may be a person's. The row of the decision has it.
    pub(super) fn public_actor(&self) -> String {
        if self.actor.starts_with("staff_") { self.actor.clone() } else { "operator".to_owned() }
    }

    /// Writes the decision down in the transaction of what it does; answers its id.
    ///
    /// # Errors
    /// The database refused.
    pub async fn keep(&self, tx: &mut Tx, what: &str, subject: &str) -> Result<Uuid> {
        let (id, now) = (tx.id(), tx.now());
        sqlx::query(
            "INSERT INTO operator_decision (decision_id, decided_at, actor, what, subject, reason)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(now)
        .bind(&self.actor)
        .bind(what)
        .bind(subject)
        .bind(&self.reason)
        .execute(tx.conn())
        .await?;
        tracing::info!(decision = %id, what, subject, actor = self.public_actor(), "an operator decided");
        Ok(id)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    decision_id: Uuid,
    decided_at: DateTime<Utc>,
    actor: String,
    what: String,
    subject: String,
    reason: String,
}

impl LogAdmin {
    /// What was decided, newest first, before the row `(decided_at, decision_id)` if one is given; at most `limit` rows.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn decisions(&self, before: Option<(DateTime<Utc>, Uuid)>, limit: usize) -> Result<Vec<Decision>> {
        let (at, id) = before.unzip();
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT decision_id, decided_at, actor, what, subject, reason FROM operator_decision
             WHERE $1::timestamptz IS NULL OR (decided_at, decision_id) < ($1, $2::uuid)
             ORDER BY decided_at DESC, decision_id DESC LIMIT $3",
        )
        .bind(at)
        .bind(id)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(self.log.pool())
        .await?;
        let decision = |row: Row| Decision {
            decision_id: row.decision_id.to_string(),
            decided_at: Some(timestamp(row.decided_at)),
            actor: row.actor,
            what: row.what,
            subject: row.subject,
            reason: row.reason,
        };
        Ok(rows.into_iter().map(decision).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_needs_someone_and_a_reason() {
        assert_eq!(Decided::new("staff_1", " x ").unwrap_err().code, "bad-reason");
        assert_eq!(Decided::new("staff_1", &"x".repeat(501)).unwrap_err().code, "bad-reason");
        assert_eq!(Decided::new("staff_1", "nul\0nul").unwrap_err().code, "bad-reason");
        assert_eq!(Decided::new(" ", "重复录入").unwrap_err().code, "bad-actor");
        assert_eq!(Decided::new("staff_1", "重复录入").unwrap().public_actor(), "staff_1");
        assert_eq!(Decided::new("operator:zhang.wei", "重复录入").unwrap().public_actor(), "operator");
    }
}
