//! Notification on a real Postgres, with a real mail server and an intake that knows addresses.

mod delivering;
mod folder;
mod harness;
mod mail;
mod peers;
mod planning;
mod surveys;
mod tasks;
