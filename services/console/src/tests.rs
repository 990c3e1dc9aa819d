//! Tests that look at the console as a whole: every page drawn, every route described, and the HTTP edge.

mod document;
mod fake_intake;
mod fake_notification;
mod files;
mod http;
mod pages;
