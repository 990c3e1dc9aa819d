//! Makes a new migration file enough reason to build again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
