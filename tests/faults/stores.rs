//! The stream is only a fast wire: its store may be deleted, cut short, set back, filled up or run out of disk.

use async_nats::jetstream::{consumer, stream};
use futures::TryStreamExt as _;
use std::{fs, path::Path, process::Command};
use system_tests::{
    Dice, Scene,
    fleet::{self, Fleet, Shape},
    load::Load,
    number,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_store_may_be_deleted_while_everything_runs() {
    let times = number("JIESU_FAULT_STORES").unwrap_or(3);
    let mut scene = Scene::open(Dice::of("store-deleted"), Shape::default()).await;
    for round in 1..=times {
        scene
            .under_load(10, async |fleet, dice, load| {
                load.goes_on(8).await;
                fleet::pause(dice.milliseconds(0, 1_000)).await;
                if round % 2 == 1 {
                    lose_store(fleet, load).await;
                } else {
                    let delete = async |context: &async_nats::jetstream::Context, _| {
                        context.delete_stream(fleet.nats.stream()).await.map_err(Into::into)
                    };
                    fleet.nats.with_stream("the stream's end", delete).await;
                    println!("deleted the stream");
                }
                load.goes_on(8).await;
            })
            .await;
        let verdict = scene.assert_all_is_well().await;
        println!(
            "PROGRESS stores {round} of {times}, acknowledged {}, lost {}, doubled {}",
            verdict.acknowledged, verdict.lost, verdict.doubled
        );
    }
    scene.fleet.stop().await;
}

async fn lose_store(fleet: &Fleet, load: &Load) {
    fleet.nats.process.hold().await;
    fs::remove_dir_all(&fleet.nats.store).unwrap();
    fs::create_dir(&fleet.nats.store).unwrap();
    // Who hands in does not notice that there is no broker.
    load.goes_on(5).await;
    fleet.nats.process.release();
    fleet.nats.answers().await;
    println!("lost the store with everything in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tail_of_the_stream_may_be_lost_and_an_older_copy_put_back() {
    let mut scene = Scene::open(Dice::of("store-cut"), Shape::default()).await;
    scene
        .under_load(20, async |fleet, dice, load| {
            for _ in 0..5 {
                load.goes_on(3).await;
                let count = 1 + dice.draw(40) as u64;
                let cut = fleet.nats.with_stream("a cut", async |_, stream| cut(stream, count).await).await;
                println!("deleted the last {cut} messages of {count} that were to be");
            }
        })
        .await;
    scene.assert_all_is_well().await;
    let copy = scene.fleet.folder.join("store-copy");
    scene
        .under_load(20, async |fleet, _, load| {
            let stream = async |_: &_, stream: stream::Stream| Ok(stream.get_info().await?.state.last_sequence);
            fleet.nats.process.hold().await;
            copy_folder(&fleet.nats.store, &copy);
            fleet.nats.process.release();
            let then = fleet.nats.with_stream("the stream as it was", stream).await;
            load.goes_on(20).await;
            let later = fleet.nats.with_stream("the stream as it is", stream).await;
            fleet.nats.process.hold().await;
            fs::remove_dir_all(&fleet.nats.store).unwrap();
            copy_folder(&copy, &fleet.nats.store);
            fleet.nats.process.release();
            println!("set the stream back from {later} to {then}");
            assert!(later > then, "nothing was published, so nothing was lost");
            load.goes_on(5).await;
        })
        .await;
    scene.close().await;
}

async fn cut(mut stream: stream::Stream, count: u64) -> Result<u64, async_nats::Error> {
    let last = stream.info().await?.state.last_sequence;
    let mut cut = 0;
    for sequence in (last.saturating_sub(count) + 1)..=last {
        cut += u64::from(stream.delete_message(sequence).await.unwrap_or(false));
    }
    Ok(cut)
}

#[tokio::test(flavor = "multi_thread")]
async fn consumers_may_be_deleted_again_and_again() {
    let mut scene = Scene::open(Dice::of("consumers"), Shape::default()).await;
    scene
        .under_load(30, async |fleet, dice, load| {
            let mut deleted = 0;
            while deleted < 60 || load.acknowledged() < 40 {
                deleted += fleet.nats.with_stream("consumers to delete", delete_consumers).await;
                fleet::pause(dice.milliseconds(200, 1_500)).await;
            }
            println!("deleted {deleted} consumers");
        })
        .await;
    scene.close().await;
}

async fn delete_consumers(
    _: &async_nats::jetstream::Context,
    stream: stream::Stream,
) -> Result<usize, async_nats::Error> {
    let consumers: Vec<consumer::Info> = stream.consumers().try_collect().await?;
    let mut deleted = 0;
    for consumer in consumers {
        // One that its service has given up in between is gone already.
        deleted += usize::from(stream.delete_consumer(&consumer.name).await.is_ok());
    }
    Ok(deleted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_full_takes_nothing_and_loses_nothing() {
    let mut scene = Scene::open(Dice::of("stream-full"), Shape::default()).await;
    scene
        .under_load(15, async |fleet, dice, load| {
            load.goes_on(3).await;
            let room = 1 + dice.draw(30) as i64;
            let full =
                fleet.nats.with_stream("a full stream", async |context, stream| fill(context, stream, room).await);
            let limit = full.await;
            // Nothing gets through, and who hands in does not notice.
            load.goes_on(12).await;
            let state = async |_: &_, stream: stream::Stream| Ok(stream.get_info().await?.state.messages);
            let messages = fleet.nats.with_stream("its state", state).await;
            assert_eq!(i64::try_from(messages).unwrap(), limit, "it is not full");
            fleet.nats.with_stream("room again", async |context, stream| fill(context, stream, -1).await).await;
            println!("the stream was full at {limit} messages");
        })
        .await;
    scene.close().await;
}

/// Lets the stream take only `room` more messages, or any number if that is negative; answers the limit.
async fn fill(
    context: &async_nats::jetstream::Context,
    stream: stream::Stream,
    room: i64,
) -> Result<i64, async_nats::Error> {
    let info = stream.get_info().await?;
    let messages = i64::try_from(info.state.messages)?;
    let mut config = info.config;
    config.max_messages = if room < 0 { -1 } else { messages + room };
    config.discard = if room < 0 { stream::DiscardPolicy::Old } else { stream::DiscardPolicy::New };
    context.update_stream(&config).await?;
    Ok(config.max_messages)
}

fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_without_disk_loses_nothing() {
    let probe = std::env::temp_dir().join(format!("jiesu-disk-{:08x}", rand::random::<u32>()));
    fs::create_dir(&probe).unwrap();
    if let Err(why) = fleet::Disk::mount(&probe, 1).map(drop) {
        println!("SKIPPED BY THE ENVIRONMENT: no small disk can be mounted here: {why}");
        return;
    }
    fs::remove_dir(&probe).unwrap();
    let mut scene = Scene::open(Dice::of("disk-full"), Shape::default().on_disk(16)).await;
    scene
        .under_load(20, async |fleet, _, load| {
            load.goes_on(3).await;
            let disk = fleet.nats.disk.as_ref().unwrap();
            println!("filled the disk with {} bytes", disk.fill());
            load.goes_on(5).await;
            let state = async |_: &_, stream: stream::Stream| Ok(stream.get_info().await?.state.last_sequence);
            let before = fleet.nats.with_stream("its state", state).await;
            load.goes_on(15).await;
            let after = fleet.nats.with_stream("its state", state).await;
            println!("with nothing left to write on, the stream went from {before} to {after}");
            assert_eq!(before, after, "there was room after all");
            disk.clear();
            // A server that ran out of disk has put its streams away, until an operator starts it again.
            fleet.nats.process.kill();
            fleet.nats.answers().await;
            load.goes_on(5).await;
        })
        .await;
    scene.close().await;
}
