//! Folders as they are named on the command line: by name, or by path (`Technology/Linux`).

use warta_engine::api::FolderPlace;

use crate::output::{Done, Ended};

/// The folder of a typed name or path. Case is ignored if no folder matches exactly.
pub(crate) fn find(folders: &[FolderPlace], typed: &str) -> Done<u32> {
    match matching(folders, typed).as_slice() {
        [] => Err(Ended::Failed(format!("there is no folder `{typed}`"))),
        [id] => Ok(*id),
        several => {
            let paths: Vec<String> = several.iter().map(|id| path(folders, *id)).collect();
            Err(Ended::Failed(format!(
                "several folders are named `{typed}`; give the path: {}",
                paths.join(", ")
            )))
        }
    }
}

/// The names of the folder to add feeds to, outermost first: a known one, else a new one at the
/// typed path.
pub(crate) fn path_to_add(folders: &[FolderPlace], typed: &str) -> Done<Vec<String>> {
    if typed.trim().is_empty() {
        return Ok(Vec::new());
    }
    if matching(folders, typed).is_empty() {
        return Ok(parts(typed).map(str::to_owned).collect());
    }
    find(folders, typed).map(|id| names(folders, id))
}

/// The path of a folder, to show.
pub(crate) fn path(folders: &[FolderPlace], id: u32) -> String {
    names(folders, id).join("/")
}

fn names(folders: &[FolderPlace], id: u32) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = folders.iter().find(|folder| folder.id == id);
    while let Some(folder) = at.filter(|_| names.len() < folders.len()) {
        names.insert(0, folder.name.clone());
        at = folders.iter().find(|other| Some(other.id) == folder.parent);
    }
    names
}

fn parts(typed: &str) -> impl Iterator<Item = &str> {
    typed
        .split('/')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn matching(folders: &[FolderPlace], typed: &str) -> Vec<u32> {
    let lower = |text: &str| text.trim().to_lowercase();
    let typed_path = || parts(typed).map(str::to_lowercase).collect::<Vec<_>>();
    let tests: [&dyn Fn(&FolderPlace) -> bool; 3] = [
        &|folder| folder.name == typed,
        &|folder| lower(&folder.name) == lower(typed),
        &|folder| {
            let names = names(folders, folder.id);
            names
                .iter()
                .map(|name| name.to_lowercase())
                .collect::<Vec<_>>()
                == typed_path()
        },
    ];
    let found = tests.iter().map(|test| {
        let all = folders.iter().filter(|folder| test(folder));
        all.map(|folder| folder.id).collect::<Vec<u32>>()
    });
    found
        .into_iter()
        .find(|ids| !ids.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders() -> Vec<FolderPlace> {
        let all = [
            (1, "Berita", None),
            (2, "Kota", Some(1)),
            (3, "Teknologi", None),
            (4, "Kota", Some(3)),
            (5, "TCP/IP", None),
        ];
        let place = |(id, name, parent): (u32, &str, Option<u32>)| FolderPlace {
            id,
            name: name.to_owned(),
            parent,
            count: warta_engine::api::Count {
                total: 0,
                unread: 0,
            },
        };
        all.map(place).into()
    }

    #[test]
    fn folders_are_found_by_name_and_by_path() {
        let folders = folders();
        let id = |typed: &str| find(&folders, typed).ok();
        assert_eq!(id("berita"), Some(1));
        assert_eq!(id("Berita/Kota"), Some(2));
        assert_eq!(id("teknologi / kota"), Some(4));
        assert_eq!(id("TCP/IP"), Some(5));
        assert_eq!(id("Kota"), None, "two have this name");
        assert_eq!(id("Olahraga"), None);
    }

    #[test]
    fn feeds_are_added_to_known_folders_and_to_new_paths() {
        let folders = folders();
        let path = |typed: &str| path_to_add(&folders, typed).ok().unwrap();
        assert_eq!(path("TCP/IP"), ["TCP/IP"]);
        assert_eq!(path("berita/kota"), ["Berita", "Kota"]);
        assert_eq!(path("Sains/Ruang angkasa"), ["Sains", "Ruang angkasa"]);
        assert!(path(" ").is_empty());
    }
}
