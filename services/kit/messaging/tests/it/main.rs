//! The log against a real Postgres and a real NATS server: what is appended is relayed, what is relayed is applied,
//! once and in order, whatever is stopped, repeated, lost or refused on the way.

mod admin;
mod append;
mod broker;
mod command;
mod follow;
mod forks;
mod house;
mod leases;
mod months;
mod parking;
mod repair;
mod settle;
mod trace;
mod two_producers;
mod versions;
