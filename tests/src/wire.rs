//! A bad wire between the services and NATS: a proxy that knows enough of the protocol to lose, repeat, delay and reorder
//! whole messages, in both directions, while everything that only holds the connection together passes untouched.

mod frame;

use crate::Dice;
use frame::{Frame, Frames};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// What becomes of so many of ten thousand messages each.
const ILL: usize = 100;

/// The proxy.
pub struct Wire {
    dice: Mutex<Dice>,
    is_bad: AtomicBool,
    /// Messages that passed, and what was done to some of them.
    pub passed: AtomicUsize,
    pub dropped: AtomicUsize,
    pub doubled: AtomicUsize,
    pub delayed: AtomicUsize,
    pub swapped: AtomicUsize,
}

/// What becomes of one message.
enum Fate {
    Pass,
    Drop,
    Double,
    Delay(Duration),
    /// It comes after the next one.
    Swap,
}

impl Wire {
    /// A wire that is good until it is told otherwise.
    pub fn new(dice: Dice) -> Arc<Self> {
        let count = AtomicUsize::default;
        let (passed, dropped, doubled, delayed, swapped) = (count(), count(), count(), count(), count());
        Arc::new(Self {
            dice: Mutex::new(dice),
            is_bad: AtomicBool::default(),
            passed,
            dropped,
            doubled,
            delayed,
            swapped,
        })
    }

    /// Whether messages are lost, repeated, delayed and reordered from now on.
    pub fn set_bad(&self, is_bad: bool) {
        self.is_bad.store(is_bad, Ordering::SeqCst);
    }

    /// What was done so far.
    pub fn report(&self) -> String {
        let [passed, dropped, doubled, delayed, swapped] =
            [&self.passed, &self.dropped, &self.doubled, &self.delayed, &self.swapped]
                .map(|count| count.load(Ordering::SeqCst));
        format!("messages passed {passed}, dropped {dropped}, doubled {doubled}, delayed {delayed}, swapped {swapped}")
    }

    /// Listens, and leads to `port` of this machine; answers where.
    pub(crate) async fn listen(self: &Arc<Self>, port: u16) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap().port();
        let wire = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                // A server that is down is told as a closed connection.
                if let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await {
                    tokio::spawn(Arc::clone(&wire).join(near, far));
                }
            }
        });
        at
    }

    async fn join(self: Arc<Self>, near: TcpStream, far: TcpStream) {
        let _ = (near.set_nodelay(true), far.set_nodelay(true));
        let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
        // When one direction ends, both do.
        tokio::select! {
            () = self.carry(near_read, far_write) => {}
            () = self.carry(far_read, near_write) => {}
        }
    }

    async fn carry(&self, from: impl AsyncRead + Unpin, to: impl AsyncWrite + Unpin + Send + 'static) {
        let (mut frames, (out, late)) = (Frames::new(from), mpsc::unbounded_channel());
        let writing = tokio::spawn(write(late, to));
        let mut held: Option<Frame> = None;
        while let Some(frame) = frames.next().await {
            let fate = if frame.is_payload { self.fate() } else { Fate::Pass };
            match fate {
                Fate::Pass => drop(out.send(frame)),
                Fate::Drop => {}
                Fate::Double => {
                    drop(out.send(frame.clone()));
                    drop(out.send(frame));
                }
                Fate::Delay(length) => {
                    let out = out.clone();
                    tokio::spawn(async move {
                        crate::fleet::pause(length).await;
                        drop(out.send(frame));
                    });
                }
                Fate::Swap => {
                    // Were there two at once, the first goes now.
                    held.replace(frame).map(|earlier| out.send(earlier));
                    continue;
                }
            }
            held.take().map(|earlier| out.send(earlier));
        }
        writing.abort();
    }

    fn fate(&self) -> Fate {
        self.passed.fetch_add(1, Ordering::SeqCst);
        if !self.is_bad.load(Ordering::SeqCst) {
            return Fate::Pass;
        }
        let mut dice = self.dice.lock().unwrap();
        let (fate, count) = match dice.draw(10_000) {
            draw if draw < ILL => (Fate::Drop, &self.dropped),
            draw if draw < 2 * ILL => (Fate::Double, &self.doubled),
            draw if draw < 3 * ILL => (Fate::Delay(dice.milliseconds(1, 1_500)), &self.delayed),
            draw if draw < 4 * ILL => (Fate::Swap, &self.swapped),
            _ => return Fate::Pass,
        };
        count.fetch_add(1, Ordering::SeqCst);
        fate
    }
}

async fn write(mut late: mpsc::UnboundedReceiver<Frame>, mut to: impl AsyncWrite + Unpin) {
    while let Some(frame) = late.recv().await {
        if to.write_all(&frame.bytes).await.is_err() {
            return;
        }
    }
}
