//! The desktop shell: the window, commands, events and the media protocol. It has no news logic: a
//! command passes its arguments to the engine and returns the result.
//!
//! The store is opened off the main thread; commands wait for it. The web view can reach only these
//! commands, the app's own files and the media protocol.

mod autostart;
mod back_issue_commands;
mod background;
mod commands;
mod diagnostics;
mod engine_handle;
mod events;
mod file_commands;
mod host;
mod life;
mod links;
#[cfg(any(target_os = "macos", test))]
mod menu_bar;
mod newsletters;
mod notifications;
mod rendering;
#[cfg(any(windows, target_os = "macos"))]
mod share_sheet;
mod speech;
mod start;
mod taskbar;
mod tray;
mod tray_host;
mod updates;
#[cfg(not(windows))]
mod web_view_crash;
mod window;
mod words;

use std::path::Path;
use std::process::ExitCode;

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, WindowEvent, Wry};
use tauri_plugin_window_state::StateFlags;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};
use warta_engine::api::LinkTarget;
use warta_engine::{DataFolder, Media, Opening, Part, VERSION, language_of_locale};
use warta_log::Program;

use background::WindowClosing;
use engine_handle::EngineHandle;
use events::EngineEvent;
use links::{Links, LinksOpened};
use notifications::Notifications;
use speech::{Speaker, SpeechEvent};
use start::{HIDDEN, data_folder, instance_id, reached};
use tray::Tray;
#[cfg(not(windows))]
use web_view_crash::Crashes;
use window::MainWindow;

/// The URL scheme that serves pictures and audio to the web view.
const MEDIA_SCHEME: &str = "warta-media";

/// Runs the app until it is quit, or its window is closed where it does not go on in the background.
#[must_use]
pub fn run() -> ExitCode {
    let folder = data_folder();
    warta_log::start(
        Program::App,
        folder.as_ref().map(|folder| folder.path.clone()),
    );
    rendering::prepare();
    reached("program");
    tracing::info!(
        version = VERSION,
        system = std::env::consts::OS,
        "Warta starts"
    );
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
    #[cfg(any(windows, target_os = "macos"))]
    {
        app = app.plugin(autostart::plugin());
    }
    #[cfg(target_os = "macos")]
    {
        app = app.on_web_content_process_terminate(|view| {
            if let Some(window) = window::main(view.app_handle()) {
                web_view_crash::handle(&window);
            }
        });
    }
    // A window that was hidden when Warta ended has to show at the next start.
    let remembered = StateFlags::all() - StateFlags::VISIBLE;
    let window_state = tauri_plugin_window_state::Builder::default().with_state_flags(remembered);
    let built = app
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(window_state.build())
        .register_asynchronous_uri_scheme_protocol(MEDIA_SCHEME, serve_media)
        .invoke_handler(bindings.invoke_handler())
        // Not a handler of the window: it may be asked to close before it has one.
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                background::close_requested(window.app_handle(), api);
            }
        })
        .setup(move |app| {
            bindings.mount_events(app);
            set_up(app, folder)
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
            #[cfg(target_os = "linux")]
            if app.state::<Crashes>().ends_in_restart() {
                rendering::restart_in_software();
            }
        }
        tauri::RunEvent::ExitRequested { code, api, .. } => {
            background::exit_requested(app, code, &api);
        }
        // A click on the icon in the Dock.
        #[cfg(target_os = "macos")]
        tauri::RunEvent::Reopen {
            has_visible_windows: false,
            ..
        } => window::show_soon(app),
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

/// Opens the engine, and the window unless the start is a hidden one.
fn set_up(app: &tauri::App, folder: Option<DataFolder>) -> Result<(), Box<dyn std::error::Error>> {
    reached("system");
    let folder = folder.ok_or("this system has no data folder")?;
    let opening = Opening {
        media_base: media_base(),
        updating: updates::updating(&folder),
        ..Opening::usual(&folder.path, &system_language())
    };
    app.manage(MainWindow::default());
    app.manage(Tray::default());
    app.manage(Notifications::new(app.handle()));
    app.manage(Links::default());
    #[cfg(not(windows))]
    app.manage(Crashes::default());
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let is_hidden = arguments.iter().any(|argument| argument == HIDDEN);
    app.manage(start::FirstList::new(is_hidden));
    app.manage(EngineHandle::open(
        app.handle().clone(),
        folder,
        opening,
        life::live,
    ));
    app.manage(Speaker::new(app.handle().clone()));
    #[cfg(target_os = "macos")]
    menu_bar::open(app.handle(), &system_language())?;
    let folder = std::env::current_dir().unwrap_or_default();
    app.state::<Links>().add(&arguments, &folder);
    if rendering::is_after_crash() {
        app.state::<Links>()
            .add_target(LinkTarget::SoftwareRendering);
    }
    if is_hidden {
        background::begin_hidden(app.handle());
    } else {
        window::open(app.handle())?;
    }
    Ok(())
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
            commands::search_podcasts,
            commands::preview_page,
            newsletters::guess_mail_server,
            newsletters::try_mailbox,
            newsletters::add_mail_account,
            newsletters::mail_accounts,
            newsletters::remove_mail_account,
            newsletters::newsletter_source,
            commands::subscribe,
            commands::remove_feed,
            commands::feed_health,
            commands::feed_offers,
            back_issue_commands::older_limits,
            back_issue_commands::older_run,
            back_issue_commands::fetch_older,
            back_issue_commands::stop_older,
            commands::look_for_feed,
            commands::accept_offer,
            commands::decline_offer,
            commands::replaced_addresses,
            commands::take_back_address,
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
            commands::check_catalogue,
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
            diagnostics::copy_diagnostics,
            updates::updates,
            updates::check_for_updates,
            updates::download_update,
            background::finish_closing,
            start::first_list_painted,
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
        .events(collect_events![
            EngineEvent,
            LinksOpened,
            SpeechEvent,
            WindowClosing
        ])
        .constant("DEFAULT_SETTINGS", warta_engine::api::Settings::default())
        .error_handling(ErrorHandlingMode::Throw)
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
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

/// The default language, from the system's.
fn system_language() -> String {
    let locale = sys_locale::get_locale().unwrap_or_default();
    language_of_locale(&locale).tag.into()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::path::PathBuf;

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
}
