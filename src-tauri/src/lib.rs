//! The desktop shell: the window, commands, events and the media protocol. It has no news logic: a
//! command passes its arguments to the engine and returns the result.
//!
//! The store is opened off the main thread; commands wait for it. The web view can reach only these
//! commands, the app's own files and the media protocol.

mod commands;
mod engine_handle;
mod events;
mod file_commands;
mod host;
mod links;
#[cfg(target_os = "linux")]
mod rendering;
#[cfg(any(windows, target_os = "macos"))]
mod share_sheet;
mod speech;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, UriSchemeContext, UriSchemeResponder, WebviewUrl, Wry};
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};
use warta_engine::{Media, Opening, Part, language_of_locale};

use engine_handle::EngineHandle;
use events::EngineEvent;
use links::{Links, LinksOpened};
use speech::{Speaker, SpeechEvent};

/// The app's identifier, as in `tauri.conf.json`.
const IDENTIFIER: &str = "org.warta.reader";

/// The URL scheme that serves pictures and audio to the web view.
const MEDIA_SCHEME: &str = "warta-media";

/// Runs the app until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WARTA_LOG")
                .unwrap_or_else(|_| "warn,tantivy=error".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    #[cfg(target_os = "linux")]
    rendering::avoid_software_composing();
    let bindings = bindings();
    let mut app = tauri::Builder::default();
    if let Some(id) = instance_id() {
        let instance = tauri_plugin_single_instance::Builder::new()
            .dbus_id(id)
            .callback(|app, arguments, folder| {
                links::open(
                    app,
                    arguments.get(1..).unwrap_or_default(),
                    Path::new(&folder),
                );
            });
        app = app.plugin(instance.build());
    }
    let built = app
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .register_asynchronous_uri_scheme_protocol(MEDIA_SCHEME, serve_media)
        .invoke_handler(bindings.invoke_handler())
        .setup(move |app| {
            bindings.mount_events(app);
            let data_dir = match given_data_dir() {
                Some(dir) => dir,
                None => app.path().app_data_dir()?,
            };
            let opening = Opening {
                media_base: media_base(),
                ..Opening::usual(&data_dir, &system_language())
            };
            app.manage(EngineHandle::open(app.handle().clone(), opening));
            app.manage(Speaker::new(app.handle().clone()));
            let links = Links::default();
            let arguments: Vec<String> = std::env::args_os()
                .skip(1)
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect();
            links.add(&arguments, &std::env::current_dir().unwrap_or_default());
            app.manage(links);
            open_window(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!("tauri.conf.json"));
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            tracing::error!(%error, "cannot start the app");
            return ExitCode::FAILURE;
        }
    };
    app.run(|app, event| match event {
        tauri::RunEvent::Exit => {
            app.state::<Speaker>().close();
            app.state::<EngineHandle>().close();
        }
        // macOS passes links and files as events instead of arguments.
        #[cfg(target_os = "macos")]
        tauri::RunEvent::Opened { urls } => {
            let urls: Vec<String> = urls.into_iter().map(Into::into).collect();
            links::open(app, &urls, Path::new("/"));
        }
        _ => {}
    });
    ExitCode::SUCCESS
}

/// The commands and events, from which TypeScript types are generated.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn bindings() -> Builder<Wry> {
    Builder::<Wry>::new()
        .commands(collect_commands![
            commands::overview,
            commands::places,
            commands::list,
            commands::article,
            commands::front_page,
            commands::story,
            commands::mark,
            commands::mark_all_read,
            commands::mark_span_read,
            commands::mark_articles_read,
            commands::fonts,
            commands::article_style,
            commands::set_article_style,
            commands::set_interface_scale,
            commands::undo,
            commands::search,
            commands::search_languages,
            commands::highlights,
            commands::article_highlights,
            commands::add_highlight,
            commands::change_highlight,
            commands::remove_highlights,
            commands::bring_back_highlights,
            commands::set_lost_highlights,
            commands::export_highlights,
            commands::send_highlights,
            commands::discover,
            commands::subscribe,
            commands::remove_feed,
            commands::feed_health,
            commands::set_intervals,
            commands::change_feed,
            commands::feed_details,
            commands::repair,
            commands::rename_folder,
            commands::add_folder,
            commands::move_places,
            commands::unsubscribe,
            commands::remove_folder,
            commands::catalogue,
            file_commands::import_opml,
            file_commands::import_opml_file,
            commands::plan_import,
            file_commands::plan_import_file,
            file_commands::apply_import,
            commands::cancel_import,
            commands::undo_import,
            file_commands::export_saved,
            file_commands::plan_restore_file,
            commands::apply_restore,
            commands::cancel_restore,
            file_commands::export_opml_file,
            commands::sync,
            commands::stop_sync,
            commands::activity,
            commands::share_channels,
            commands::forwarding,
            commands::set_forwarding,
            commands::draft,
            commands::google_news,
            commands::follow_topic,
            commands::picture_card,
            commands::copy_card,
            commands::save_card,
            commands::copy_picture,
            commands::save_picture,
            commands::save_article,
            commands::publisher_channels,
            commands::set_publisher_channels,
            commands::find_publisher_channels,
            commands::share_services,
            commands::connect_service,
            commands::check_service,
            commands::disconnect_service,
            commands::forward,
            commands::edit_waiting,
            commands::send_save,
            commands::outbox,
            commands::forward_waiting,
            commands::discard_waiting,
            commands::open_link,
            links::take_links,
            links::import_opened_opml,
            commands::copy_link,
            commands::set_settings,
            commands::snapshot,
            commands::last_repair,
            commands::usage,
            commands::free_space,
            commands::save_search,
            commands::remove_search,
            commands::search_counts,
            commands::mark_opened,
            commands::follow_story,
            commands::mute_story,
            commands::unwatch,
            commands::watched,
            commands::rules,
            commands::try_rule,
            commands::keep_rule,
            commands::remove_rule,
            commands::apply_rule,
            commands::undo_rule,
            commands::tags_of,
            commands::tag,
            commands::rename_tag,
            commands::remove_tag,
            commands::past_trending,
            commands::find_original,
            commands::choose_text,
            commands::save_page,
            commands::fetch_full_text,
            commands::fetch_pictures,
            commands::fetch_audio,
            commands::stop_audio,
            commands::remove_audio,
            commands::listened,
            commands::save_audio,
            commands::packs,
            commands::pack,
            commands::preview_pack,
            commands::create_pack,
            commands::pause_pack,
            commands::resume_pack,
            commands::remove_pack,
            commands::export_pack,
            commands::traffic,
            speech::system_voices,
            speech::speak,
            speech::stop_speaking,
        ])
        .events(collect_events![EngineEvent, LinksOpened, SpeechEvent])
        .constant("DEFAULT_SETTINGS", warta_engine::api::Settings::default())
        .error_handling(ErrorHandlingMode::Throw)
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
}

fn open_window(app: &AppHandle) -> tauri::Result<()> {
    let window =
        tauri::WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
            .title("Warta")
            .inner_size(1240.0, 820.0)
            .min_inner_size(380.0, 480.0)
            // Files dropped on the window reach the page as normal browser drop events.
            .disable_drag_drop_handler()
            .on_navigation(is_own_address)
            .build()?;
    #[cfg(target_os = "linux")]
    forward_history_buttons(&window)?;
    #[cfg(not(target_os = "linux"))]
    let _ = window;
    Ok(())
}

/// `WebKitGTK` does not report the mouse's back and forward buttons to pages. Passes them on as the
/// events that other web views send.
#[cfg(target_os = "linux")]
fn forward_history_buttons(window: &tauri::WebviewWindow) -> tauri::Result<()> {
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

#[expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands its callbacks owned values"
)]
fn serve_media(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let path = request.uri().path().to_owned();
        let range = asked_range(&request);
        let media = app
            .state::<EngineHandle>()
            .call(move |engine| Ok(engine.media().media(&path, range.as_deref())))
            .await
            .ok()
            .flatten();
        responder.respond(answer(media));
    });
}

/// The requested byte range, from a `Range` header or from `?bytes=0-99`. The page uses the latter,
/// since a header would require a CORS preflight, which a custom scheme cannot answer.
fn asked_range(request: &Request<Vec<u8>>) -> Option<String> {
    let header = request.headers().get(header::RANGE);
    let header = header.and_then(|range| range.to_str().ok());
    let query = request.uri().query().filter(|q| q.starts_with("bytes="));
    header.or(query).map(str::to_owned)
}

fn answer(media: Option<Media>) -> Response<Vec<u8>> {
    let status = match media.as_ref().map(|media| media.part) {
        None => StatusCode::NOT_FOUND,
        Some(Part::Whole) => StatusCode::OK,
        Some(Part::Piece { .. }) => StatusCode::PARTIAL_CONTENT,
        Some(Part::Unsatisfiable { .. }) => StatusCode::RANGE_NOT_SATISFIABLE,
    };
    let content_range = media.as_ref().and_then(Media::content_range);
    let (media_type, body) = match media {
        Some(media) => (media.content_type, media.bytes),
        None => ("text/plain".to_owned(), Vec::new()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let own = [
        (header::CONTENT_TYPE, Some(media_type)),
        (header::CONTENT_RANGE, content_range),
    ];
    for (name, value) in own {
        if let Some(value) = value.and_then(|v| header::HeaderValue::from_str(&v).ok()) {
            headers.insert(name, value);
        }
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::ACCEPT_RANGES, "bytes"),
        // A picture's id is derived from its content, so its bytes never change.
        (header::CACHE_CONTROL, "private, max-age=3600"),
        // The page reads audio files itself, because not every web view plays them from a custom
        // scheme. Only the page can send requests here.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    for (name, value) in fixed {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// Base URL of the media protocol. On Windows and Android a custom scheme is mapped to a host name.
fn media_base() -> String {
    if cfg!(windows) {
        format!("http://{MEDIA_SCHEME}.localhost")
    } else {
        format!("{MEDIA_SCHEME}://localhost")
    }
}

/// The value of `--data-dir DIR`, else `$WARTA_DATA_DIR`.
fn given_data_dir() -> Option<PathBuf> {
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--data-dir" {
            return arguments.next().map(Into::into);
        }
        if let Some(dir) = argument
            .to_str()
            .and_then(|a| a.strip_prefix("--data-dir="))
        {
            return Some(dir.into());
        }
    }
    std::env::var_os("WARTA_DATA_DIR")
        .filter(|dir| !dir.is_empty())
        .map(Into::into)
}

/// The name by which a later start finds this one, to hand it its links; one for each data folder.
/// `None` where it cannot: on Linux without a session bus, and elsewhere with a data folder of its own,
/// since the plugin knows one name there. The store's lock prevents a second window in any case.
fn instance_id() -> Option<String> {
    let folder = given_data_dir();
    if !cfg!(target_os = "linux") {
        return folder.is_none().then(|| IDENTIFIER.to_owned());
    }
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").filter(|address| !address.is_empty())?;
    let Some(folder) = folder else {
        return Some(IDENTIFIER.to_owned());
    };
    let mut hasher = DefaultHasher::new();
    std::path::absolute(&folder)
        .unwrap_or(folder)
        .hash(&mut hasher);
    Some(format!("{IDENTIFIER}.folder{:016x}", hasher.finish()))
}

/// The default language, from the system's.
fn system_language() -> String {
    let locale = sys_locale::get_locale().unwrap_or_default();
    language_of_locale(&locale).tag.into()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// Types whose fields have serde defaults: fields may be missing in older stores, but Rust and
    /// the UI always write all of them.
    const ALWAYS_COMPLETE: [&str; 4] = ["Forwarding", "Rule", "ServiceAccount", "Settings"];

    /// `npm run bindings` writes the file.
    #[test]
    fn the_generated_types_are_current() {
        let committed =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui/src/lib/backend/bindings.ts");
        let generated = typescript();
        if std::env::var_os("WARTA_WRITE_BINDINGS").is_some() {
            let folder = committed.parent().unwrap();
            let mut file = tempfile::NamedTempFile::new_in(folder).unwrap();
            file.write_all(generated.as_bytes()).unwrap();
            file.persist(&committed).unwrap();
        }
        assert!(
            generated == std::fs::read_to_string(&committed).unwrap_or_default(),
            "the UI's types differ from Rust's: run `npm run bindings`"
        );
    }

    /// Commands, events, types and default settings as the UI imports them.
    fn typescript() -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bindings.ts");
        let header = "// Generated from the Rust types; see src-tauri/src/lib.rs. Do not edit.\n/* eslint-disable */\n";
        let language = specta_typescript::Typescript::default().header(header);
        bindings().export(language, &file).unwrap();
        let mut text = std::fs::read_to_string(&file).unwrap();
        // A command without a result returns `null`, which no caller uses.
        text = text.replace("__TAURI_INVOKE<null>(", "__TAURI_INVOKE<void>(");
        for name in ALWAYS_COMPLETE {
            let start = text.find(&format!("export type {name} = {{")).unwrap();
            let end = start + text[start..].find("\n};").unwrap();
            let complete = text[start..end].replace("?: ", ": ");
            text.replace_range(start..end, &complete);
        }
        text
    }

    #[test]
    fn audio_ranges_follow_http_semantics() {
        let media = |part| {
            Some(Media {
                bytes: vec![7; 10],
                content_type: "audio/mpeg".into(),
                part,
            })
        };
        for (media, status, range) in [
            (media(Part::Whole), 200, None),
            (
                media(Part::Piece { from: 90, of: 100 }),
                206,
                Some("bytes 90-99/100"),
            ),
            (
                media(Part::Unsatisfiable { of: 100 }),
                416,
                Some("bytes */100"),
            ),
            (None, 404, None),
        ] {
            let answer = answer(media);
            let header = answer.headers().get(header::CONTENT_RANGE);
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(header.map(|value| value.to_str().unwrap()), range);
        }
        let asked = |uri: &str, range: Option<&str>| {
            let mut request = Request::builder().uri(uri);
            if let Some(range) = range {
                request = request.header(header::RANGE, range);
            }
            asked_range(&request.body(Vec::new()).unwrap())
        };
        let audio = "warta-media://localhost/sound/0";
        assert_eq!(asked(audio, None), None);
        assert_eq!(
            asked(audio, Some("bytes=0-1")).as_deref(),
            Some("bytes=0-1")
        );
        let by_query = format!("{audio}?bytes=5-9");
        assert_eq!(asked(&by_query, None).as_deref(), Some("bytes=5-9"));
        assert_eq!(asked(&format!("{audio}?other"), None), None);
    }

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
