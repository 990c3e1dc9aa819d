//! A network that loses, repeats, delays and reorders one message in a hundred each, in both directions, all the time.

use std::sync::atomic::Ordering;
use system_tests::{Dice, Scene, fleet::Shape, wire::Wire};

/// Hand-ins on the bad wire.
const LIVES: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_drops_doubles_delays_and_swaps_messages_changes_nothing() {
    let dice = Dice::of("wire");
    let wire = Wire::new(dice.again());
    let mut scene = Scene::open(dice, Shape::default().behind(&wire)).await;
    wire.set_bad(true);
    scene.under_load(LIVES, async |_, _, load| load.goes_on(LIVES).await).await;
    println!("{}", wire.report());
    // It stays as bad as it is: what is lost last must be found too.
    scene.close().await;
    println!("{}", wire.report());
    for (what, count) in
        [("dropped", &wire.dropped), ("doubled", &wire.doubled), ("delayed", &wire.delayed), ("swapped", &wire.swapped)]
    {
        assert!(count.load(Ordering::SeqCst) >= 5, "too few messages were {what}: {}", wire.report());
    }
}
