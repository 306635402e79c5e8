//! Linux: `com.canonical.Unity.LauncherEntry` on the session bus, which the docks of Ubuntu, KDE Plasma and
//! others read. Not Tauri's own call for it: that needs libunity and a window, and names another desktop entry.
//! <https://wiki.ubuntu.com/Unity/LauncherAPI>

use std::collections::HashMap;

use tauri::AppHandle;
use tokio::sync::OnceCell;
use warta_engine::IDENTIFIER;
use zbus::Connection;
use zbus::zvariant::Value;

use super::Status;

const INTERFACE: &str = "com.canonical.Unity.LauncherEntry";
/// Any path will do: docks go by the desktop entry that the signal names.
const PATH: &str = "/com/canonical/unity/launcherentry/1";

/// Kept open, because docks forget what a connection sent when it ends.
static BUS: OnceCell<Connection> = OnceCell::const_new();

pub(super) async fn show(_app: &AppHandle, status: Status) {
    if let Err(error) = send(status).await {
        // Without a session bus there is no dock that listens.
        tracing::debug!(%error, "the dock was not updated");
    }
}

async fn send(status: Status) -> zbus::Result<()> {
    let bus = BUS.get_or_try_init(Connection::session).await?;
    let entry = format!("application://{IDENTIFIER}.desktop");
    let body = (entry, properties(status));
    bus.emit_signal(None::<&str>, PATH, INTERFACE, "Update", &body)
        .await
}

fn properties(status: Status) -> HashMap<&'static str, Value<'static>> {
    let percent = status.synced.unwrap_or_default();
    HashMap::from([
        ("count", Value::from(status.unread.cast_signed())),
        ("count-visible", Value::from(status.unread > 0)),
        ("progress", Value::from(f64::from(percent) / 100.0)),
        ("progress-visible", Value::from(status.synced.is_some())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dock_shows_what_there_is() {
        let of = |unread, synced| properties(Status { unread, synced });
        let busy = of(12, Some(25));
        assert_eq!(busy["count"], Value::I64(12));
        assert_eq!(busy["count-visible"], Value::Bool(true));
        assert_eq!(busy["progress"], Value::F64(0.25));
        assert_eq!(busy["progress-visible"], Value::Bool(true));
        let nothing = of(0, None);
        assert_eq!(nothing["count-visible"], Value::Bool(false));
        assert_eq!(nothing["progress-visible"], Value::Bool(false));
    }
}
