//! One trace through the log: from the command to what its event causes in another service.

use crate::house::{House, Recorder, publish, seen};
use anyhow::Result;
use contracts::common::Envelope;
use kit_messaging::Log;
use opentelemetry::trace::TracerProvider as _;
use prost::Message as _;
use std::sync::Arc;
use tracing::Instrument as _;
use tracing_subscriber::layer::SubscriberExt as _;

async fn envelope(log: &Log) -> Result<Envelope> {
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT envelope FROM event_log").fetch_one(log.pool()).await?;
    Ok(Envelope::decode(bytes.as_slice())?)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_event_causes_keeps_its_trace_and_names_it() -> Result<()> {
    let tracer = opentelemetry_sdk::trace::SdkTracerProvider::builder().build().tracer("test");
    let subscriber = tracing_subscriber::registry().with(tracing_opentelemetry::layer().with_tracer(tracer));
    tracing::subscriber::set_global_default(subscriber)?;
    let house = House::new().await?;
    let (intake, triage) = (house.log("intake").await?, house.log("triage").await?);
    let producer = house.start(&intake, None).await?;
    let follower = house.start(&triage, Some(Arc::new(Recorder::default()))).await?;
    publish(&intake, &["case_1"], 0..1, 1).instrument(tracing::info_span!("usecase.case.withdraw")).await?;
    seen(&triage, 1).await;
    let (cause, effect) = (envelope(&intake).await?, envelope(&triage).await?);
    let parts = |envelope: &Envelope| envelope.traceparent.split('-').map(str::to_owned).collect::<Vec<_>>();
    let (first, second) = (parts(&cause), parts(&effect));
    assert_eq!((first.len(), second.len()), (4, 4), "{cause:?} {effect:?}");
    assert_eq!(first[1], second[1], "the same trace");
    assert_ne!(first[2], second[2], "another span");
    assert_eq!(effect.causation_id, cause.event_id);
    assert_eq!((cause.actor.as_str(), effect.actor.as_str()), ("staff_1", "triage"));
    producer.stop().await;
    follower.stop().await;
    Ok(())
}
