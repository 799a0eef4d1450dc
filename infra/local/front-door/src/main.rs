//! The API at the address the original had: passes every request on to the local gateway, and
//! refuses what the gateway on AWS would refuse.

mod forward;
mod headers;
mod replies;

use std::error::Error;
use std::net::SocketAddr;

use forward::Gateway;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

const USAGE: &str =
    "usage: front-door 127.0.0.1:8000 http://127.0.0.1:4566/_aws/execute-api/API/STAGE";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (address, target) = arguments.next().zip(arguments.next()).ok_or(USAGE)?;
    let address: SocketAddr = address.parse()?;
    let gateway = Gateway::new(&target)?;
    let listener = TcpListener::bind(address).await?;
    println!("{address} leads to {target}");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                tokio::spawn(serve(stream, peer, gateway.clone()));
            }
            // Out of file descriptors, say: the next client may have more luck.
            Err(error) => eprintln!("accept: {error}"),
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, gateway: Gateway) {
    let service = service_fn(|request| gateway.pass_on(request, peer.ip()));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        eprintln!("connection: {error}");
    }
}
