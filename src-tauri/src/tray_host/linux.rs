//! Linux: a `StatusNotifierWatcher` on the session bus at which a host is registered.

use std::time::Duration;

use tokio::sync::watch;
use zbus::fdo::DBusProxy;
use zbus::names::BusName;
use zbus::{Connection, MatchRule, MessageStream, Proxy};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const PATH: &str = "/StatusNotifierWatcher";
/// Maximum time for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks now.
pub(crate) async fn is_there() -> bool {
    match Connection::session().await {
        Ok(bus) => is_on(&bus).await,
        Err(_) => false,
    }
}

/// Reports whether there is one, now and whenever that changes. Runs until dropped.
pub(crate) async fn watch(found: watch::Sender<bool>) {
    if let Err(error) = follow(&found).await {
        // Without a session bus there is no tray.
        tracing::debug!(%error, "the tray cannot be watched");
    }
    found.send_replace(false);
    std::future::pending::<()>().await;
}

async fn follow(found: &watch::Sender<bool>) -> zbus::Result<()> {
    use futures_util::StreamExt as _;

    let bus = Connection::session().await?;
    let dbus = DBusProxy::new(&bus).await?;
    let mut owners = dbus
        .receive_name_owner_changed_with_args(&[(0, WATCHER)])
        .await?;
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface(WATCHER)?
        .path(PATH)?
        .build();
    let mut signals = MessageStream::for_match_rule(rule, &bus, None).await?;
    loop {
        let now = is_on(&bus).await;
        found.send_if_modified(|before| std::mem::replace(before, now) != now);
        let next = tokio::select! {
            next = owners.next() => next.is_some(),
            next = signals.next() => next.is_some(),
        };
        if !next {
            return Ok(());
        }
    }
}

async fn is_on(bus: &Connection) -> bool {
    let asked = async {
        let dbus = DBusProxy::new(bus).await?;
        // Asking for a property would start a watcher that is only installed.
        if !dbus.name_has_owner(BusName::try_from(WATCHER)?).await? {
            return Ok(false);
        }
        let watcher = Proxy::new(bus, WATCHER, PATH, WATCHER).await?;
        watcher
            .get_property::<bool>("IsStatusNotifierHostRegistered")
            .await
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(is_registered)) => is_registered,
        Ok(Err(error)) => {
            tracing::debug!(%error, "the tray does not answer");
            false
        }
        Err(_) => false,
    }
}
