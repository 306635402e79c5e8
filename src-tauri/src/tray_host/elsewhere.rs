//! Windows and macOS.

use tokio::sync::watch;

#[expect(clippy::unused_async, reason = "Linux has to ask")]
pub(crate) async fn is_there() -> bool {
    true
}

#[expect(clippy::unused_async, reason = "Linux has to ask")]
pub(crate) async fn watch(found: watch::Sender<bool>) {
    found.send_replace(true);
    // The receivers go on waiting.
    std::future::pending::<()>().await;
}
