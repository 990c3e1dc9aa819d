//! Units, staff, grants and turns of duty.

use crate::domain::organisation::{Difference, Grant, Organisation, Person, Shift, Unit};
use chrono::{DateTime, Utc};
use kit_core::Text;
use kit_db::Result;
use kit_ids::StaffId;
use kit_messaging::Tx;
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Lets one change of the organisation in at a time, until its transaction ends: each is checked against the whole.
pub(crate) async fn lock(tx: &mut Tx) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('assignment.organisation'))").execute(tx.conn()).await?;
    Ok(())
}

/// The organisation as it now is.
pub(crate) async fn load(conn: &mut PgConnection) -> Result<Organisation> {
    let rows: Vec<UnitRow> =
        sqlx::query_as("SELECT unit_id, parent_id, kind, name_zh, name_en, zone, is_closed, charges FROM units")
            .fetch_all(&mut *conn)
            .await?;
    let units = rows.into_iter().map(|row| (row.unit_id.clone(), row.unit())).collect();
    let rows: Vec<StaffRow> =
        sqlx::query_as("SELECT staff_id, login, name, email, is_active FROM staff").fetch_all(&mut *conn).await?;
    let mut staff: BTreeMap<StaffId, Person> =
        rows.into_iter().map(|row| (StaffId::new(row.staff_id), row.person())).collect();
    let grants: Vec<(Uuid, String, String)> =
        sqlx::query_as("SELECT staff_id, role, unit_id FROM grants").fetch_all(&mut *conn).await?;
    for (staff_id, role, unit_id) in grants {
        if let Some(person) = staff.get_mut(&StaffId::new(staff_id)) {
            person.grants.insert(Grant { role, unit_id });
        }
    }
    let shifts: Vec<(Uuid, String, String, DateTime<Utc>, DateTime<Utc>)> =
        sqlx::query_as("SELECT staff_id, role, unit_id, from_at, until_at FROM shifts").fetch_all(conn).await?;
    for (staff_id, role, unit_id, from, until) in shifts {
        if let Some(person) = staff.get_mut(&StaffId::new(staff_id)) {
            person.shifts.insert(Shift { role, unit_id, from, until });
        }
    }
    Ok(Organisation { units, staff })
}

/// One person, with the grants and the turns of duty.
pub(crate) async fn find_person(conn: &mut PgConnection, staff_id: StaffId) -> Result<Option<Person>> {
    let row: Option<StaffRow> =
        sqlx::query_as("SELECT staff_id, login, name, email, is_active FROM staff WHERE staff_id = $1")
            .bind(staff_id.uuid())
            .fetch_optional(&mut *conn)
            .await?;
    let Some(row) = row else { return Ok(None) };
    let grants: Vec<(String, String)> = sqlx::query_as("SELECT role, unit_id FROM grants WHERE staff_id = $1")
        .bind(staff_id.uuid())
        .fetch_all(&mut *conn)
        .await?;
    let shifts: Vec<(String, String, DateTime<Utc>, DateTime<Utc>)> =
        sqlx::query_as("SELECT role, unit_id, from_at, until_at FROM shifts WHERE staff_id = $1")
            .bind(staff_id.uuid())
            .fetch_all(conn)
            .await?;
    let mut person = row.person();
    person.grants = grants.into_iter().map(|(role, unit_id)| Grant { role, unit_id }).collect();
    let shift = |(role, unit_id, from, until)| Shift { role, unit_id, from, until };
    person.shifts = shifts.into_iter().map(shift).collect();
    Ok(Some(person))
}

/// Who bears a login, with the password's hash.
pub(crate) async fn find_login(
    conn: &mut PgConnection,
    login: &str,
) -> Result<Option<(StaffId, bool, Option<String>)>> {
    let row: Option<(Uuid, bool, Option<String>)> =
        sqlx::query_as("SELECT staff_id, is_active, password_hash FROM staff WHERE login = $1")
            .bind(login)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(id, is_active, hash)| (StaffId::new(id), is_active, hash)))
}

/// Writes what a change comes to.
pub(crate) async fn save(tx: &mut Tx, difference: &Difference) -> Result<()> {
    save_units(tx, &difference.units).await?;
    save_staff(tx, &difference.staff).await?;
    save_grants(tx, &difference.staff).await?;
    save_shifts(tx, &difference.staff).await?;
    save_passwords(tx, &difference.passwords).await
}

async fn save_units(tx: &mut Tx, units: &[Unit]) -> Result<()> {
    // Arrays of arrays cannot be unnested by row, so the charges travel as JSON.
    sqlx::query(
        "INSERT INTO units (unit_id, parent_id, kind, name_zh, name_en, zone, is_closed, charges, version)
         SELECT w.unit_id, w.parent_id, w.kind, w.name_zh, w.name_en, w.zone, w.is_closed,
             ARRAY(SELECT jsonb_array_elements_text(w.charges)), 1
         FROM UNNEST($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::jsonb[])
             AS w (unit_id, parent_id, kind, name_zh, name_en, zone, is_closed, charges)
         ON CONFLICT (unit_id) DO UPDATE SET parent_id = excluded.parent_id, kind = excluded.kind,
             name_zh = excluded.name_zh, name_en = excluded.name_en, zone = excluded.zone,
             is_closed = excluded.is_closed, charges = excluded.charges, version = units.version + 1",
    )
    .bind(column(units, |unit| unit.unit_id.clone()))
    .bind(column(units, |unit| unit.parent_id.clone()))
    .bind(column(units, |unit| unit.kind.clone()))
    .bind(column(units, |unit| unit.name.zh.clone()))
    .bind(column(units, |unit| unit.name.en.clone()))
    .bind(column(units, |unit| unit.zone.clone()))
    .bind(column(units, |unit| unit.is_closed))
    .bind(column(units, |unit| Json(unit.charges.clone())))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn save_staff(tx: &mut Tx, staff: &[Person]) -> Result<()> {
    sqlx::query(
        "INSERT INTO staff (staff_id, login, name, email, is_active, version)
         SELECT w.*, 1 FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[]) AS w
         ON CONFLICT (staff_id) DO UPDATE SET login = excluded.login, name = excluded.name, email = excluded.email,
             is_active = excluded.is_active, version = staff.version + 1",
    )
    .bind(column(staff, |person| person.staff_id.uuid()))
    .bind(column(staff, |person| person.login.clone()))
    .bind(column(staff, |person| person.name.clone()))
    .bind(column(staff, |person| person.email.clone()))
    .bind(column(staff, |person| person.is_active))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn save_grants(tx: &mut Tx, staff: &[Person]) -> Result<()> {
    sqlx::query("DELETE FROM grants WHERE staff_id = ANY($1)")
        .bind(column(staff, |person| person.staff_id.uuid()))
        .execute(tx.conn())
        .await?;
    let grants: Vec<(Uuid, &Grant)> =
        staff.iter().flat_map(|person| person.grants.iter().map(|grant| (person.staff_id.uuid(), grant))).collect();
    sqlx::query(
        "INSERT INTO grants (staff_id, role, unit_id) SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[])",
    )
    .bind(column(&grants, |(staff_id, _)| *staff_id))
    .bind(column(&grants, |(_, grant)| grant.role.clone()))
    .bind(column(&grants, |(_, grant)| grant.unit_id.clone()))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn save_shifts(tx: &mut Tx, staff: &[Person]) -> Result<()> {
    sqlx::query("DELETE FROM shifts WHERE staff_id = ANY($1)")
        .bind(column(staff, |person| person.staff_id.uuid()))
        .execute(tx.conn())
        .await?;
    let shifts: Vec<(Uuid, &Shift)> =
        staff.iter().flat_map(|person| person.shifts.iter().map(|shift| (person.staff_id.uuid(), shift))).collect();
    sqlx::query(
        "INSERT INTO shifts (staff_id, role, unit_id, from_at, until_at)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])",
    )
    .bind(column(&shifts, |(staff_id, _)| *staff_id))
    .bind(column(&shifts, |(_, shift)| shift.role.clone()))
    .bind(column(&shifts, |(_, shift)| shift.unit_id.clone()))
    .bind(column(&shifts, |(_, shift)| shift.from))
    .bind(column(&shifts, |(_, shift)| shift.until))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn save_passwords(tx: &mut Tx, passwords: &[(StaffId, String)]) -> Result<()> {
    sqlx::query(
        "UPDATE staff SET password_hash = w.hash
         FROM UNNEST($1::uuid[], $2::text[]) AS w (staff_id, hash) WHERE staff.staff_id = w.staff_id",
    )
    .bind(column(passwords, |(staff_id, _)| staff_id.uuid()))
    .bind(column(passwords, |(_, hash)| hash.clone()))
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn column<T, C>(rows: &[T], take: impl Fn(&T) -> C) -> Vec<C> {
    rows.iter().map(take).collect()
}

#[derive(sqlx::FromRow)]
struct UnitRow {
    unit_id: String,
    parent_id: Option<String>,
    kind: String,
    name_zh: String,
    name_en: String,
    zone: String,
    is_closed: bool,
    charges: Vec<String>,
}

impl UnitRow {
    fn unit(self) -> Unit {
        Unit {
            unit_id: self.unit_id,
            parent_id: self.parent_id,
            kind: self.kind,
            name: Text::new(self.name_zh, self.name_en),
            zone: self.zone,
            is_closed: self.is_closed,
            charges: self.charges,
        }
    }
}

#[derive(sqlx::FromRow)]
struct StaffRow {
    staff_id: Uuid,
    login: String,
    name: String,
    email: String,
    is_active: bool,
}

impl StaffRow {
    fn person(self) -> Person {
        Person {
            staff_id: StaffId::new(self.staff_id),
            login: self.login,
            name: self.name,
            email: self.email,
            grants: BTreeSet::new(),
            is_active: self.is_active,
            shifts: BTreeSet::new(),
        }
    }
}
