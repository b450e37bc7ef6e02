//! The door: connections in, requests to the router, and a stop that loses nothing.

use super::app::App;
use super::log;
use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Time for the head of a request: who sends it by the byte is cut off.
const HEAD: Duration = Duration::from_secs(30);
/// Time for requests to end when the service stops.
const GRACE: Duration = Duration::from_secs(20);
/// Connections at once; others wait to be taken.
const CONNECTIONS: usize = 4096;
/// Pause after a connection that could not be taken, such as when no file handle is free.
const BREATH: Duration = Duration::from_millis(50);

/// Takes connections until the service stops, then lets those that are open come to their end.
pub(crate) async fn run(listener: TcpListener, router: Router, app: &App) {
    let mut stopping = app.stopping.subscribe();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut open = JoinSet::new();
    loop {
        let permit = tokio::select! {
            _ = stopping.wait_for(|s| *s) => break,
            permit = room.clone().acquire_owned() => permit,
        };
        let accepted = tokio::select! {
            _ = stopping.wait_for(|s| *s) => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let served = serve(stream, peer, router.clone(), app.clone());
                open.spawn(async move {
                    served.await;
                    drop(permit);
                });
            }
            Err(error) => {
                log::line("accept", &[("error", &error.to_string())]);
                tokio::time::sleep(BREATH).await;
            }
        }
        while open.try_join_next().is_some() {}
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, async { while open.join_next().await.is_some() {} }).await;
}

async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, app: App) {
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router.layer(axum::Extension(ConnectInfo(peer))));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let mut stopping = app.stopping.subscribe();
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|s| *s) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
