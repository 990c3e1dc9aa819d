//! A network of its own for one service: it reaches NATS, Postgres and everybody else over a cable each, and each cable
//! can be cut, in both directions or in one, without a word to either end.

use crate::fleet::Wrap;
use std::{fmt, process::Command};

/// What a cable leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cable {
    Nats = 1,
    Postgres = 2,
    Others = 3,
}

/// What no longer gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Both,
    /// What the service says.
    Outward,
    /// What it is told.
    Inward,
}

/// No card has this address: whatever is sent to it arrives nowhere, and nobody says so.
const NOBODY: &str = "02:00:00:00:00:99";

/// The network; gone when dropped.
pub struct Net {
    name: String,
    /// The second number of its addresses, 10.x.…
    block: u8,
}

impl Net {
    /// Makes it.
    ///
    /// # Errors
    /// Why it cannot be made here: whoever is not root may not, or the kernel or the program `ip` lacks something.
    pub fn make() -> Result<Self, String> {
        let block = rand::random_range(64..250);
        let net = Self { name: format!("jiesu{block}"), block };
        ip(&["netns", "add", &net.name])?;
        net.inside(&["link", "set", "lo", "up"])?;
        for cable in [Cable::Nats, Cable::Postgres, Cable::Others] {
            let (near, far) = (net.near(cable), net.far(cable));
            ip(&["link", "add", &near, "type", "veth", "peer", "name", &far, "netns", &net.name])?;
            ip(&["address", "add", &format!("{}/24", net.host(cable)), "dev", &near])?;
            ip(&["link", "set", &near, "up"])?;
            net.inside(&["address", "add", &format!("{}/24", net.service(cable)), "dev", &far])?;
            net.inside(&["link", "set", &far, "up"])?;
        }
        Ok(net)
    }

    /// How `service` is started in it.
    pub fn wrap(&self, service: &str) -> Wrap {
        Wrap {
            service: service.to_owned(),
            before: ["ip", "netns", "exec", &self.name].map(str::to_owned).to_vec(),
            nats: self.host(Cable::Nats),
            postgres: self.host(Cable::Postgres),
            others: self.host(Cable::Others),
            host: self.service(Cable::Others),
        }
    }

    /// Cuts a cable, until [`Net::mend`].
    pub fn cut(&self, cable: Cable, cut: Cut) {
        if cut != Cut::Inward {
            let (to, over) = (self.host(cable), self.far(cable));
            self.inside(&["neighbour", "replace", &to, "lladdr", NOBODY, "nud", "permanent", "dev", &over]).unwrap();
        }
        if cut != Cut::Outward {
            let (to, over) = (self.service(cable), self.near(cable));
            ip(&["neighbour", "replace", &to, "lladdr", NOBODY, "nud", "permanent", "dev", &over]).unwrap();
        }
    }

    /// Mends it.
    pub fn mend(&self, cable: Cable) {
        let _ = self.inside(&["neighbour", "del", &self.host(cable), "dev", &self.far(cable)]);
        let _ = ip(&["neighbour", "del", &self.service(cable), "dev", &self.near(cable)]);
    }

    /// Whether someone in this network reaches a port at the other end of the cable within two seconds.
    pub fn reaches(&self, cable: Cable, port: u16) -> bool {
        let open = format!("exec 3<>/dev/tcp/{}/{port}", self.host(cable));
        let tried =
            Command::new("ip").args(["netns", "exec", &self.name, "timeout", "2", "bash", "-c", &open]).output();
        tried.unwrap().status.success()
    }

    fn inside(&self, arguments: &[&str]) -> Result<(), String> {
        ip(&[&["-n", &self.name], arguments].concat())
    }

    fn host(&self, cable: Cable) -> String {
        format!("10.{}.{}.1", self.block, cable as u8)
    }

    fn service(&self, cable: Cable) -> String {
        format!("10.{}.{}.2", self.block, cable as u8)
    }

    fn near(&self, cable: Cable) -> String {
        format!("{}n{}", self.name, cable as u8)
    }

    fn far(&self, cable: Cable) -> String {
        format!("{}f{}", self.name, cable as u8)
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        // The far ends go with it, and the near ends with them.
        let _ = ip(&["netns", "del", &self.name]);
    }
}

impl fmt::Display for Cable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nats => "NATS",
            Self::Postgres => "Postgres",
            Self::Others => "the others",
        })
    }
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(arguments).output().map_err(|error| format!("the program ip: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("ip {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
}
