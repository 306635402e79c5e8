//! The one window, which may be freed while Warta goes on and be opened again.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow};
use warta_engine::FolderReason;

use crate::engine_handle::EngineHandle;
use crate::start::reached;

/// The folder of the web view's own files in a portable program's data folder.
const WEB_VIEW_FOLDER: &str = "web-view";

/// How often a window that is being freed is looked at.
const STEP: Duration = Duration::from_millis(20);

/// The life of the window, which may end before Warta does.
#[derive(Default)]
pub(crate) struct MainWindow {
    /// The window was freed on purpose: its end is not the end of Warta.
    stays: AtomicBool,
    /// Counts closings and openings; a closing is void once the window was opened again.
    turn: AtomicU32,
    /// The window is being freed.
    releasing: AtomicBool,
}

impl MainWindow {
    /// Begins a closing or an opening.
    pub(crate) fn next_turn(&self) -> u32 {
        self.turn.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Frees the window that was closed in `turn`, unless it has been opened since.
    pub(crate) fn release(&self, app: &AppHandle, turn: u32) {
        let next = turn.wrapping_add(1);
        let is_void = self
            .turn
            .compare_exchange(turn, next, Ordering::AcqRel, Ordering::Acquire)
            .is_err();
        if is_void {
            return;
        }
        self.releasing.store(true, Ordering::Release);
        self.stays.store(true, Ordering::Release);
        if let Some(window) = main(app)
            && let Err(error) = window.destroy()
        {
            tracing::warn!(%error, "the window could not be freed");
        }
    }

    /// Keeps the window that was closed in `turn` as it is, hidden.
    pub(crate) fn keep(&self, turn: u32) {
        // If the turn has passed already, the window is open again or gone.
        let next = turn.wrapping_add(1);
        let _ = self
            .turn
            .compare_exchange(turn, next, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Whether the window was freed on purpose.
    pub(crate) fn is_released(&self) -> bool {
        self.stays.load(Ordering::Acquire)
    }
}

/// Opens the window, or brings it to the front. Any thread may call this.
pub(crate) fn show_soon(app: &AppHandle) {
    let on = app.clone();
    tauri::async_runtime::spawn(async move {
        let life = on.state::<MainWindow>();
        life.next_turn();
        while life.releasing.load(Ordering::Acquire) && main(&on).is_some() {
            tokio::time::sleep(STEP).await;
        }
        life.releasing.store(false, Ordering::Release);
        life.stays.store(false, Ordering::Release);
        if let Err(error) = show(&on) {
            tracing::error!(%error, "the window could not be opened");
        }
    });
}

/// The window, if it is there.
pub(crate) fn main(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window("main")
}

/// Opens the window, or brings it to the front.
fn show(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = main(app) else {
        return open(app);
    };
    window.show()?;
    window.unminimize()?;
    window.set_focus()
}

/// Opens the window.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let builder =
        tauri::WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
            .title("Warta")
            .inner_size(1240.0, 820.0)
            .min_inner_size(380.0, 480.0)
            // Files dropped on the window reach the page as normal browser drop events.
            .disable_drag_drop_handler()
            .on_navigation(is_own_address)
            .on_page_load(|_, load| match load.event() {
                PageLoadEvent::Started => reached("page"),
                PageLoadEvent::Finished => reached("page loaded"),
            });
    // A portable program leaves nothing of the web view's in the system's folders.
    let engine = app.state::<EngineHandle>();
    let folder = engine.folder();
    let builder = if folder.reason == FolderReason::Portable {
        builder.data_directory(folder.path.join(WEB_VIEW_FOLDER))
    } else {
        builder
    };
    #[cfg(windows)]
    let builder = if crate::rendering::is_software() {
        builder.additional_browser_args(crate::rendering::BROWSER_ARGUMENTS)
    } else {
        builder
    };
    let window = builder.build()?;
    reached("window");
    #[cfg(target_os = "linux")]
    {
        forward_history_buttons(&window)?;
        watch_for_crashes(&window)?;
    }
    #[cfg(not(target_os = "linux"))]
    let _ = window;
    Ok(())
}

/// `WebKitGTK` does not report the mouse's back and forward buttons to pages. Passes them on as the
/// events that other web views send.
#[cfg(target_os = "linux")]
fn forward_history_buttons(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::glib::Propagation;
    use gtk::prelude::WidgetExt as _;

    let page = window.clone();
    window.with_webview(move |view| {
        view.inner().connect_button_press_event(move |_, event| {
            let button = match event.button() {
                8 => 3,
                9 => 4,
                _ => return Propagation::Proceed,
            };
            let dispatch =
                format!("window.dispatchEvent(new MouseEvent('mouseup', {{ button: {button} }}))");
            if let Err(error) = page.eval(dispatch) {
                tracing::warn!(%error, "a mouse button was not passed on");
            }
            Propagation::Stop
        });
    })
}

/// Reports the end of the web view's process, unless the window was destroyed.
#[cfg(target_os = "linux")]
fn watch_for_crashes(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::glib::object::ObjectExt as _;

    let crashing = window.clone();
    window.with_webview(move |view| {
        view.inner()
            .connect_local("web-process-terminated", false, move |_| {
                crate::web_view_crash::handle(&crashing);
                None
            });
    })
}

/// Whether the web view may navigate to a URL: the app's own pages, and the development server in a
/// debug build.
fn is_own_address(url: &tauri::Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        "about" => true,
        _ => false,
    };
    own || (cfg!(debug_assertions) && tauri::is_dev() && url.port() == Some(1420))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_view_cannot_navigate_elsewhere() {
        for (address, own) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/", true),
            ("about:blank", true),
            ("https://kabar.example/", false),
            ("http://127.0.0.1:8080/", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("warta-media://localhost/0", false),
        ] {
            assert_eq!(is_own_address(&address.parse().unwrap()), own, "{address}");
        }
    }
}
