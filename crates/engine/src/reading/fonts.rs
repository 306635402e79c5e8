//! The fonts that are installed for article text.

use std::collections::BTreeMap;

use fontdb::{Database, Language};

use crate::context::checks::is_font_name;

/// The family names of the installed fonts in alphabetical order; reads the system's font folders.
#[must_use]
pub fn installed_fonts() -> Vec<String> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    // By its lower case, so that a family that is spelt in two ways is listed once.
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for face in fonts.faces() {
        let english = face
            .families
            .iter()
            .find(|(_, language)| *language == Language::English_UnitedStates);
        let Some((name, _)) = english.or(face.families.first()) else {
            continue;
        };
        // Names with a dot in front are the system's own and not for documents.
        if !name.is_empty() && !name.starts_with('.') && is_font_name(name) {
            names
                .entry(name.to_lowercase())
                .or_insert_with(|| name.clone());
        }
    }
    names.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::installed_fonts;

    #[test]
    fn fonts_are_listed_once_in_order() {
        let fonts = installed_fonts();
        let lower: Vec<String> = fonts.iter().map(|font| font.to_lowercase()).collect();
        let mut sorted = lower.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(lower, sorted);
    }
}
