//! A slow connection to the cloud: it limits the bytes a second of what comes back.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};

const PIECE: usize = 16 << 10;

/// Ends with the runtime of the test.
pub struct SlowWire {
    address: String,
}

impl SlowWire {
    /// A connection to the endpoint `http://host:port`.
    pub async fn to(endpoint: &str, bytes_a_second: u64) -> Self {
        let there = endpoint.split_once("://").unwrap().1.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(join(near, there.clone(), bytes_a_second));
            }
        });
        Self { address }
    }

    /// The endpoint on this side.
    pub fn address(&self) -> &str {
        &self.address
    }
}

async fn join(near: TcpStream, there: String, bytes_a_second: u64) {
    let Ok(far) = TcpStream::connect(there).await else {
        return;
    };
    let (mut near_read, near_write) = near.into_split();
    let (far_read, mut far_write) = far.into_split();
    let back = tokio::spawn(trickle(far_read, near_write, bytes_a_second));
    let _ = copy(&mut near_read, &mut far_write).await;
    back.abort();
}

async fn trickle(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    bytes_a_second: u64,
) -> std::io::Result<()> {
    let mut piece = vec![0; PIECE];
    let mut free = Instant::now();
    loop {
        let count = from.read(&mut piece).await?;
        if count == 0 {
            return Ok(());
        }
        to.write_all(&piece[..count]).await?;
        let takes = Duration::from_secs_f64(count as f64 / bytes_a_second as f64);
        free = free.max(Instant::now()) + takes;
        sleep_until(free).await;
    }
}
