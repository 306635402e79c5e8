//! Linux: `org.freedesktop.Notifications` on the session bus. One task shows notifications and listens for
//! clicks, so that a click never comes before its notification is known.

use std::collections::{HashMap, VecDeque};

use futures_util::StreamExt as _;
use tauri::AppHandle;
use tokio::sync::{mpsc, oneshot};
use warta_engine::api::LinkTarget;
use warta_engine::{IDENTIFIER, text};
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream, Proxy};

use super::Notification;
use crate::links::open_target;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// The action of a click on the notification itself.
const DEFAULT: &str = "default";
/// Clicks on older notifications are not recognised.
const MOST_REMEMBERED: usize = 100;

type Wanted = (Notification, oneshot::Sender<bool>);

/// Shows notifications.
pub(crate) struct Notifications {
    wanted: mpsc::UnboundedSender<Wanted>,
}

impl Notifications {
    pub(crate) fn new(app: &AppHandle) -> Self {
        let (wanted, queue) = mpsc::unbounded_channel();
        tauri::async_runtime::spawn(serve(app.clone(), queue));
        Self { wanted }
    }

    /// Whether the notification was shown.
    pub(crate) async fn show(&self, notification: Notification) -> bool {
        let (answer, shown) = oneshot::channel();
        self.wanted.send((notification, answer)).is_ok() && shown.await.unwrap_or(false)
    }
}

/// Ends when the app ends.
async fn serve(app: AppHandle, mut queue: mpsc::UnboundedReceiver<Wanted>) {
    let mut server: Option<Server> = None;
    loop {
        let (wanted, signal) = match &mut server {
            None => (queue.recv().await, None),
            Some(server) => tokio::select! {
                wanted = queue.recv() => (wanted, None),
                signal = server.signals.next() => (None, Some(signal)),
            },
        };
        match (wanted, signal) {
            (Some((notification, answer)), _) => {
                let shown = show(&mut server, notification).await;
                if let Err(error) = &shown {
                    tracing::warn!(%error, "cannot show a notification");
                }
                // The caller may not wait for it.
                let _ = answer.send(shown.is_ok());
            }
            (None, Some(Some(Ok(message)))) => {
                if let Some(target) = server.as_ref().and_then(|server| server.clicked(&message)) {
                    open_target(&app, target);
                }
            }
            (None, Some(Some(Err(_)))) => {}
            // The bus is gone; the next notification connects again.
            (None, Some(None)) => server = None,
            (None, None) => return,
        }
    }
}

async fn show(server: &mut Option<Server>, notification: Notification) -> zbus::Result<()> {
    if server.is_none() {
        *server = Some(Server::connect().await?);
    }
    match server {
        Some(server) => server.show(notification).await,
        None => Ok(()),
    }
}

struct Server {
    proxy: Proxy<'static>,
    signals: MessageStream,
    shown: VecDeque<(u32, LinkTarget)>,
}

impl Server {
    async fn connect() -> zbus::Result<Self> {
        let bus = Connection::session().await?;
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender(NAME)?
            .interface(NAME)?
            .member("ActionInvoked")?
            .build();
        let signals = MessageStream::for_match_rule(rule, &bus, None).await?;
        Ok(Self {
            proxy: Proxy::new(&bus, NAME, PATH, NAME).await?,
            signals,
            shown: VecDeque::new(),
        })
    }

    async fn show(&mut self, notification: Notification) -> zbus::Result<()> {
        let Notification { title, text, opens } = notification;
        let capabilities = self.proxy.call::<_, _, Vec<String>>("GetCapabilities", &());
        // If the server does not answer, it is taken to interpret markup.
        let renders_markup = capabilities
            .await
            .map_or(true, |all| all.iter().any(|one| one == "body-markup"));
        // By the specification the summary is plain text; the body may contain markup.
        let summary = text::plain_line(&title);
        let body = text::notification(&text, renders_markup);
        let hints = HashMap::from([("desktop-entry", Value::from(IDENTIFIER))]);
        let arguments = (
            "Warta",
            0_u32,
            "",
            summary.as_str(),
            body.as_str(),
            [DEFAULT, "Warta"].as_slice(),
            hints,
            -1_i32,
        );
        let id: u32 = self.proxy.call("Notify", &arguments).await?;
        self.shown.push_back((id, opens));
        if self.shown.len() > MOST_REMEMBERED {
            self.shown.pop_front();
        }
        Ok(())
    }

    /// What the notification that was clicked opens.
    fn clicked(&self, message: &Message) -> Option<LinkTarget> {
        let (id, action): (u32, String) = message.body().deserialize().ok()?;
        let is_it = |(shown, _): &&(u32, LinkTarget)| *shown == id && action == DEFAULT;
        // An id may be given again.
        self.shown
            .iter()
            .rev()
            .find(is_it)
            .map(|(_, target)| target.clone())
    }
}
