//! The menu bar of macOS: what it has, as data, which is tested on every system. `macos` shows it.
//!
//! What the system does itself (copy, hide, quit …) has no action here.

#[cfg(target_os = "macos")]
mod macos;

use crate::words::Words;

#[cfg(target_os = "macos")]
pub(crate) use macos::{follow, open};

/// A menu of the bar.
#[derive(Debug)]
struct Menu {
    place: Place,
    title: &'static str,
    items: Vec<Item>,
}

/// Menus to which the system adds items of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Usual,
    Window,
    Help,
}

/// An item of a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Separator,
    /// The system knows what it does, and its keys.
    System(System, &'static str),
    /// Warta does it. The keys are written as Tauri reads them.
    Own(Action, &'static str, Option<&'static str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    About,
    Services,
    Hide,
    HideOthers,
    ShowAll,
    Quit,
    CloseWindow,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    SelectAll,
    FullScreen,
    Minimize,
    Zoom,
    ToFront,
}

/// What Warta does for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Settings,
    AddFeed,
    Sync,
    FrontPage,
    Keys,
}

impl Action {
    const ALL: [Self; 5] = [
        Self::Settings,
        Self::AddFeed,
        Self::Sync,
        Self::FrontPage,
        Self::Keys,
    ];

    /// The item's id. The handlers of the tray's menu get these events too, and do not know them.
    fn id(self) -> &'static str {
        match self {
            Self::Settings => "bar-settings",
            Self::AddFeed => "bar-add-feed",
            Self::Sync => "bar-sync",
            Self::FrontPage => "bar-front-page",
            Self::Keys => "bar-keys",
        }
    }

    fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.id() == id)
    }
}

/// The menus, from left to right; the first one is the app's.
fn menus(words: &Words) -> Vec<Menu> {
    let menu = &words.menu;
    let usual = |title, items| Menu {
        place: Place::Usual,
        title,
        items,
    };
    vec![
        usual(
            "Warta",
            vec![
                Item::System(System::About, menu.about),
                Item::Separator,
                Item::Own(Action::Settings, menu.settings, Some("Cmd+,")),
                Item::Separator,
                Item::System(System::Services, menu.services),
                Item::Separator,
                Item::System(System::Hide, menu.hide),
                Item::System(System::HideOthers, menu.hide_others),
                Item::System(System::ShowAll, menu.show_all),
                Item::Separator,
                Item::System(System::Quit, menu.quit),
            ],
        ),
        usual(
            menu.file,
            vec![
                Item::Own(Action::AddFeed, menu.add_feed, Some("Cmd+N")),
                Item::Own(Action::Sync, words.sync_now, Some("Cmd+R")),
                Item::Separator,
                Item::System(System::CloseWindow, menu.close_window),
            ],
        ),
        usual(
            menu.edit,
            vec![
                Item::System(System::Undo, menu.undo),
                Item::System(System::Redo, menu.redo),
                Item::Separator,
                Item::System(System::Cut, menu.cut),
                Item::System(System::Copy, menu.copy),
                Item::System(System::Paste, menu.paste),
                Item::System(System::SelectAll, menu.select_all),
            ],
        ),
        usual(
            menu.view,
            vec![
                Item::Own(Action::FrontPage, words.front_page, None),
                Item::Separator,
                Item::System(System::FullScreen, menu.full_screen),
            ],
        ),
        Menu {
            place: Place::Window,
            title: menu.window,
            items: vec![
                Item::System(System::Minimize, menu.minimize),
                Item::System(System::Zoom, menu.zoom),
                Item::Separator,
                Item::System(System::ToFront, menu.to_front),
            ],
        },
        Menu {
            place: Place::Help,
            title: menu.help,
            items: vec![Item::Own(Action::Keys, menu.keys, None)],
        },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn items(language: &str) -> Vec<Item> {
        let all = menus(Words::of(language));
        all.into_iter().flat_map(|menu| menu.items).collect()
    }

    #[test]
    fn settings_open_by_command_and_comma() {
        for (language, text) in [("en", "Settings…"), ("id", "Pengaturan…")] {
            let wanted = Item::Own(Action::Settings, text, Some("Cmd+,"));
            let first = &menus(Words::of(language))[0];
            assert!(first.items.contains(&wanted), "{language}: {first:?}");
        }
    }

    #[test]
    fn the_menus_follow_the_language() {
        let titles = |language| {
            let all = menus(Words::of(language));
            all.iter().map(|menu| menu.title).collect::<Vec<_>>()
        };
        let english = ["Warta", "File", "Edit", "View", "Window", "Help"];
        assert_eq!(titles("en"), english);
        let indonesian = ["Warta", "File", "Edit", "Tampilan", "Jendela", "Bantuan"];
        assert_eq!(titles("id"), indonesian);
        for (english, indonesian) in items("en").iter().zip(items("id")) {
            let same = match (english, indonesian) {
                (Item::Separator, Item::Separator) => true,
                (Item::System(one, _), Item::System(other, _)) => *one == other,
                (Item::Own(one, _, keys), Item::Own(other, _, others)) => {
                    *one == other && *keys == others
                }
                _ => false,
            };
            assert!(same, "{english:?} has another place in Indonesian");
        }
    }

    #[test]
    fn the_system_finds_its_menus() {
        let all = menus(Words::of("en"));
        let count = |place| all.iter().filter(|menu| menu.place == place).count();
        assert_eq!((count(Place::Window), count(Place::Help)), (1, 1));
    }

    #[test]
    fn every_action_has_one_item() {
        let of_items: Vec<Action> = items("en")
            .into_iter()
            .filter_map(|item| match item {
                Item::Own(action, ..) => Some(action),
                _ => None,
            })
            .collect();
        assert_eq!(of_items.len(), Action::ALL.len());
        for action in Action::ALL {
            assert!(of_items.contains(&action), "{action:?} is in no menu");
            assert_eq!(Action::of(action.id()), Some(action));
        }
        assert_eq!(Action::of("quit"), None, "an item of the tray's menu");
    }

    #[test]
    fn no_keys_are_given_twice() {
        // Those that macOS gives to its own items.
        let mut taken: BTreeSet<String> = [",", "Q", "W", "H", "M", "Z", "X", "C", "V", "A"]
            .map(|key| format!("Cmd+{key}"))
            .into();
        taken.remove("Cmd+,");
        for item in items("en") {
            if let Item::Own(_, _, Some(keys)) = item {
                assert!(taken.insert(keys.into()), "{keys}");
            }
        }
    }
}
