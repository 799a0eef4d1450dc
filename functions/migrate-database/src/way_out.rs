//! Whether what functions need is reached from here: asked before anything that takes long, and
//! answered within seconds.

use domain::limits::REACHED_WITHIN;
use lambda::Failure;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// An error names each of these hosts (`name:port`) that does not answer.
pub async fn to_all(hosts: &[String]) -> Result<(), Failure> {
    let mut tries = JoinSet::new();
    for (place, host) in hosts.iter().cloned().enumerate() {
        tries.spawn(async move {
            let reached = timeout(REACHED_WITHIN, TcpStream::connect(&host)).await;
            (place, matches!(reached, Ok(Ok(_))))
        });
    }
    let mut missed = Vec::new();
    while let Some(tried) = tries.join_next().await {
        let (place, is_reached) = tried?;
        if !is_reached {
            missed.push(place);
        }
    }
    missed.sort_unstable();
    let missed: Vec<&str> = missed.into_iter().map(|it| hosts[it].as_str()).collect();
    if missed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "SubnetIds have no way to {}: they need a NAT gateway, or an endpoint for each (gateway for s3 \
         and dynamodb; interface for the others, with private DNS and a security group that admits \
         port 443 from SecurityGroupIds)",
        missed.join(", ")
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    async fn listening() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        (listener, address)
    }

    #[tokio::test]
    async fn what_answers_is_reached_and_what_does_not_is_named() {
        let (_kept, open) = listening().await;
        let (gone, closed) = listening().await;
        drop(gone);
        let nowhere = "no-such-host.invalid:443".to_owned();
        assert!(to_all(&[]).await.is_ok());
        assert!(to_all(std::slice::from_ref(&open)).await.is_ok());
        let hosts = [nowhere.clone(), open.clone(), closed.clone()];
        let said = to_all(&hosts).await.unwrap_err().to_string();
        let expected = format!("SubnetIds have no way to {nowhere}, {closed}: ");
        assert!(said.starts_with(&expected), "{said}");
    }
}
