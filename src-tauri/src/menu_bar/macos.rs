//! Makes the menu bar and does what its items say.

use tauri::menu::{
    AboutMetadata, HELP_SUBMENU_ID, IsMenuItem, Menu as Bar, MenuEvent, MenuItem,
    PredefinedMenuItem, Submenu, WINDOW_SUBMENU_ID,
};
use tauri::{AppHandle, Manager, Wry};
use tokio::sync::broadcast::error::RecvError;
use warta_engine::Engine;
use warta_engine::api::{DialogTarget, Event, LinkTarget};

use super::{Action, Item, Menu, Place, System, menus};
use crate::engine_handle::EngineHandle;
use crate::links::open_target;
use crate::words::Words;

/// Shows the menu bar in a language, until the settings are known. Runs on the main thread.
pub(crate) fn open(app: &AppHandle, language: &str) -> tauri::Result<()> {
    app.on_menu_event(|app, event| choose(app, &event));
    show(app, language)
}

/// Shows the menu bar in the language of the settings. Runs until dropped.
pub(crate) async fn follow(app: AppHandle, engine: Engine) {
    let mut events = engine.events();
    let mut shown = String::new();
    loop {
        let language = engine.settings().language;
        if language != shown {
            shown.clone_from(&language);
            let on = app.clone();
            let shown = app.run_on_main_thread(move || {
                if let Err(error) = show(&on, &language) {
                    tracing::warn!(%error, "the menu bar could not be changed");
                }
            });
            if let Err(error) = shown {
                tracing::warn!(%error, "the menu bar was not renewed");
            }
        }
        loop {
            match events.recv().await {
                Ok(Event::PlacesChanged) | Err(RecvError::Lagged(_)) => break,
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

fn show(app: &AppHandle, language: &str) -> tauri::Result<()> {
    let bar = Bar::new(app)?;
    for menu in menus(Words::of(language)) {
        bar.append(&submenu(app, &menu)?)?;
    }
    app.set_menu(bar)?;
    Ok(())
}

fn submenu(app: &AppHandle, menu: &Menu) -> tauri::Result<Submenu<Wry>> {
    // By these ids Tauri tells the system which menus they are.
    let submenu = match menu.place {
        Place::Usual => Submenu::new(app, menu.title, true)?,
        Place::Window => Submenu::with_id(app, WINDOW_SUBMENU_ID, menu.title, true)?,
        Place::Help => Submenu::with_id(app, HELP_SUBMENU_ID, menu.title, true)?,
    };
    for item in &menu.items {
        let item: Box<dyn IsMenuItem<Wry>> = match *item {
            Item::Separator => Box::new(PredefinedMenuItem::separator(app)?),
            Item::System(what, text) => Box::new(system(app, what, text)?),
            Item::Own(action, text, keys) => {
                Box::new(MenuItem::with_id(app, action.id(), text, true, keys)?)
            }
        };
        submenu.append(&*item)?;
    }
    Ok(submenu)
}

fn system(app: &AppHandle, what: System, text: &str) -> tauri::Result<PredefinedMenuItem<Wry>> {
    let text = Some(text);
    match what {
        System::About => PredefinedMenuItem::about(app, text, Some(about(app))),
        System::Services => PredefinedMenuItem::services(app, text),
        System::Hide => PredefinedMenuItem::hide(app, text),
        System::HideOthers => PredefinedMenuItem::hide_others(app, text),
        System::ShowAll => PredefinedMenuItem::show_all(app, text),
        System::Quit => PredefinedMenuItem::quit(app, text),
        System::CloseWindow => PredefinedMenuItem::close_window(app, text),
        System::Undo => PredefinedMenuItem::undo(app, text),
        System::Redo => PredefinedMenuItem::redo(app, text),
        System::Cut => PredefinedMenuItem::cut(app, text),
        System::Copy => PredefinedMenuItem::copy(app, text),
        System::Paste => PredefinedMenuItem::paste(app, text),
        System::SelectAll => PredefinedMenuItem::select_all(app, text),
        System::FullScreen => PredefinedMenuItem::fullscreen(app, text),
        System::Minimize => PredefinedMenuItem::minimize(app, text),
        System::Zoom => PredefinedMenuItem::maximize(app, text),
        System::ToFront => PredefinedMenuItem::bring_all_to_front(app, text),
    }
}

fn about(app: &AppHandle) -> AboutMetadata<'static> {
    let package = app.package_info();
    AboutMetadata {
        name: Some(package.name.clone()),
        version: Some(package.version.to_string()),
        authors: app.config().bundle.publisher.clone().map(|one| vec![one]),
        ..AboutMetadata::default()
    }
}

fn choose(app: &AppHandle, event: &MenuEvent) {
    let dialog = |dialog| open_target(app, LinkTarget::Dialog { dialog });
    match Action::of(event.id().as_ref()) {
        Some(Action::Settings) => dialog(DialogTarget::Settings),
        Some(Action::AddFeed) => dialog(DialogTarget::AddFeed),
        Some(Action::Keys) => dialog(DialogTarget::Keys),
        Some(Action::FrontPage) => open_target(app, LinkTarget::FrontPage),
        Some(Action::Sync) => app.state::<EngineHandle>().begin_sync_soon(app),
        None => {}
    }
}
