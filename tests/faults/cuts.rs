//! The network between one service and NATS, or Postgres, is cut for a while: in both directions, and in only one.

use std::time::Duration;
use system_tests::{
    Dice, Scene,
    fleet::{self, Fleet, Shape},
    load::Load,
    net::{Cable, Cut, Net},
    number,
};

const VICTIMS: &[&str] =
    &["intake", "triage", "assignment", "resolution", "deadline-watcher", "notification", "records"];

#[tokio::test(flavor = "multi_thread")]
async fn a_service_cut_off_from_the_broker_catches_up() {
    let Some((mut scene, net)) = scene("cut-nats").await else { return };
    scene
        .under_load(20, async |fleet, _, load| {
            for cut in [Cut::Both, Cut::Outward, Cut::Inward] {
                during(fleet, &net, Cable::Nats, cut, load).await;
            }
        })
        .await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_cut_off_from_its_database_catches_up() {
    let Some((mut scene, net)) = scene("cut-postgres").await else { return };
    scene
        .under_load(0, async |fleet, _, load| {
            for cut in [Cut::Both, Cut::Outward, Cut::Inward] {
                during(fleet, &net, Cable::Postgres, cut, load).await;
            }
        })
        .await;
    scene.close().await;
}

/// An installation with one service in a network of its own; `None` where there can be no such network.
async fn scene(name: &str) -> Option<(Scene, Net)> {
    let net = match Net::make() {
        Ok(net) => net,
        Err(why) => {
            println!("SKIPPED BY THE ENVIRONMENT: no network of its own can be made here: {why}");
            return None;
        }
    };
    let mut dice = Dice::of(name);
    let victim = VICTIMS[dice.draw(VICTIMS.len())];
    println!("{victim} has a network of its own");
    let scene = Scene::open(dice, Shape::default().wrapped(net.wrap(victim))).await;
    Some((scene, net))
}

async fn during(fleet: &Fleet, net: &Net, cable: Cable, cut: Cut, load: &Load) {
    let port = if cable == Cable::Nats { fleet.nats.port } else { fleet.postgres.port };
    let before = load.acknowledged();
    load.goes_on(3).await;
    assert!(net.reaches(cable, port), "it was cut off before");
    net.cut(cable, cut);
    assert!(!net.reaches(cable, port), "it is not cut off");
    fleet::pause(Duration::from_secs(number("JIESU_FAULT_CUT_SECONDS").unwrap_or(10))).await;
    let meanwhile = load.acknowledged() - before;
    net.mend(cable);
    assert!(net.reaches(cable, port), "it is still cut off");
    println!("cut off from {cable}, {cut:?}; {meanwhile} hand-ins meanwhile");
    if cable == Cable::Nats {
        assert!(meanwhile > 5, "who hands in notices that the broker is away");
    }
    load.goes_on(3).await;
}
