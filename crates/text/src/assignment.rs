//! Values in text such as `charset=utf-8`.

/// The value after `name =` in `text`, quoted or not, such as `utf-8` of `charset="utf-8"`. Names
/// are case-sensitive.
#[must_use]
pub fn assigned_value<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let rest = text[text.find(name)? + name.len()..]
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let rest = rest.trim_start_matches(['"', '\'']);
    let end = rest
        .find(['"', '\'', ' ', '>', ';', '/'])
        .unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}
