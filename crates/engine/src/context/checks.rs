//! Validates external input other than feeds: what the reader types, and what snapshots, profiles
//! and subscription lists contain. Each kind has a single check, so that a file cannot set anything
//! that the reader could not have typed; a rejection is an English sentence.
//!
//! All limits on these strings are here. Content of feeds and pages is limited where it is parsed.

use url::Url;
use warta_share::LANGUAGES;
use warta_store::Forward;

use crate::api::{
    Failure, FailureCode, Forwarding, OwnChannel, Refused, RefusedKind, Result, Settings,
    WhatsappContact,
};

/// A valid value, or the reason for rejecting it.
pub(crate) type Checked<T> = std::result::Result<T, String>;

// Maximum lengths, in characters.
pub(crate) const ADDRESS: usize = 4_000;
/// Names of folders, feeds, tags, searches, rules, channels, contacts, packs.
pub(crate) const NAME: usize = 200;
pub(crate) const QUERY: usize = 1_000;
const TEMPLATE: usize = 2_000;
const OWN_MESSAGE: usize = 5_000;
pub(crate) const MESSAGE: usize = 100_000;
pub(crate) const PATTERN: usize = 1_000;
pub(crate) const USER_AGENT: usize = 300;
pub(crate) const SECRET: usize = 8_000;
const HEADER_NAME: usize = 100;
const CODE: usize = 20;
/// Titles in files are truncated to this length.
const TITLE: usize = 1_000;
const GUID: usize = 20_000;
/// Size of one setting's JSON, in bytes.
pub(crate) const SETTING: usize = 4 << 20;

// Maximum numbers.
/// Words in a search query.
const TERMS: usize = 100;
/// Subscriptions added by one list or snapshot, or in one call.
pub(crate) const FEEDS: usize = 20_000;
pub(crate) const HEADERS: usize = 30;
/// Rules, and words, authors and feeds of one rule.
pub(crate) const RULES: usize = 500;
pub(crate) const WORDS_OF_RULE: usize = 500;
const CHANNELS: usize = 200;
const CONTACTS: usize = 2_000;
/// Voices for reading aloud, one a language.
const VOICES: usize = 200;
/// Articles in one call.
pub(crate) const ARTICLES: usize = 1_000_000;

/// Converts the reason into a failure.
pub(crate) fn refused(why: String) -> Failure {
    Failure::new(FailureCode::BadInput, why)
}

/// Converts [`Checked`] into a result for the front ends.
pub(crate) fn typed<T>(checked: Checked<T>) -> Result<T> {
    checked.map_err(refused)
}

/// Checks that a text has at most `most` characters.
pub(crate) fn length<'t>(what: &str, text: &'t str, most: usize) -> Checked<&'t str> {
    // A character has at most four bytes, so short texts need no count.
    if text.len() > most && (text.len() > 4 * most || text.chars().count() > most) {
        return Err(format!("{what} has at most {most} characters"));
    }
    Ok(text)
}

/// Checks that a list has at most `most` items.
pub(crate) fn count(what: &str, many: usize, most: usize) -> Checked<()> {
    if many > most {
        return Err(format!("at most {most} {what} at once"));
    }
    Ok(())
}

/// Normalises a name to one line: trims, removes control characters, rejects empty names.
pub(crate) fn name(what: &str, text: &str) -> Checked<String> {
    let name = one_line(length(what, text.trim(), NAME)?);
    if name.is_empty() {
        return Err(format!("{what} cannot be empty"));
    }
    Ok(name)
}

/// Replaces line breaks and control characters with spaces and removes direction overrides.
fn one_line(text: &str) -> String {
    let is_turn = |c: &char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let visible = text.chars().filter(|c| !is_turn(c));
    let spaced: String = visible
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.trim().to_owned()
}

/// Checks for a web address (http or https) with a host.
pub(crate) fn web_address(address: &str) -> Checked<Url> {
    let address = length("an address", address.trim(), ADDRESS)?;
    Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| {
            let shown: String = crate::context::labels::without_credentials(address)
                .chars()
                .take(NAME)
                .collect();
            format!("`{shown}` is not a web address")
        })
}

/// Checks a proxy: `system`, `none`, or a URL without a password, since settings are plain text.
pub(crate) fn proxy(address: &str) -> Checked<String> {
    let address = length("a proxy's address", address.trim(), ADDRESS)?;
    if matches!(address, "" | "system" | "none") {
        let address = if address.is_empty() {
            "system"
        } else {
            address
        };
        return Ok(address.to_owned());
    }
    let with_scheme = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let url = Url::parse(&with_scheme).ok().filter(|url| {
        let is_proxy = matches!(
            url.scheme(),
            "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h"
        );
        is_proxy && url.host_str().is_some_and(|host| !host.is_empty())
    });
    let url = url
        .filter(|_| !address.contains(|c: char| c.is_whitespace() || c.is_control()))
        .ok_or("this is not a proxy address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("set a proxy password in the system settings".into());
    }
    Ok(address.to_owned())
}

/// Checks a `User-Agent` value: printable ASCII.
pub(crate) fn user_agent(agent: &str) -> Checked<String> {
    let agent = length("a user agent", agent.trim(), USER_AGENT)?;
    if agent.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        Ok(agent.to_owned())
    } else {
        Err("a user agent must be plain ASCII".into())
    }
}

pub(crate) fn header_name(name: &str) -> Checked<String> {
    let name = name.trim();
    let is_name = !name.is_empty()
        && name.len() <= HEADER_NAME
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if is_name {
        Ok(name.to_owned())
    } else {
        let shown: String = name.chars().take(HEADER_NAME).collect();
        Err(format!("`{shown}` is not a header name"))
    }
}

/// Checks a search query.
pub(crate) fn query(query: &str) -> Checked<&str> {
    let query = length("a search", query, QUERY)?;
    if query.split_whitespace().count() > TERMS {
        return Err(format!("a search has at most {TERMS} words"));
    }
    Ok(query)
}

/// Records a rejected value for display.
pub(crate) fn refuse(kind: RefusedKind, what: &str, why: impl Into<String>) -> Refused {
    Refused {
        kind,
        what: one_line(&what.chars().take(NAME).collect::<String>()),
        why: why.into(),
    }
}

/// Maximum number of characters of a font's family name.
const FONT_NAME: usize = 100;

/// Whether a font's family name is safe within a CSS string.
pub(crate) fn is_font_name(name: &str) -> bool {
    name.chars().count() <= FONT_NAME
        && !name.contains(|c: char| c.is_control() || matches!(c, '"' | '\\'))
}

/// Clamps settings to their limits. Invalid values are reset to the default and reported.
pub(crate) fn settings(settings: &mut Settings) -> Vec<Refused> {
    let mut found = Vec::new();
    let usual = Settings::default();
    let setting = |what, why: String| refuse(RefusedKind::Setting, what, why);
    if LANGUAGES.iter().all(|one| one.tag != settings.language) {
        let tags: Vec<&str> = LANGUAGES.iter().map(|one| one.tag).collect();
        let why = format!("supported languages are {}", tags.join(", "));
        found.push(setting("language", why));
        settings.language.clone_from(&usual.language);
    }
    let is_code = |code: &str| {
        !code.is_empty()
            && code.len() <= CODE
            && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    for (what, code, usual) in [
        (
            "googleNewsLanguage",
            &mut settings.google_news_language,
            usual.google_news_language,
        ),
        (
            "googleNewsCountry",
            &mut settings.google_news_country,
            usual.google_news_country,
        ),
    ] {
        if !is_code(code) {
            found.push(setting(
                what,
                "this is not an edition of Google News".into(),
            ));
            *code = usual;
        }
    }
    match proxy(&settings.proxy) {
        Ok(address) => settings.proxy = address,
        Err(why) => {
            // Everything after the last `@`, even in an invalid address: a password is never shown.
            let shown = settings.proxy.rsplit('@').next().unwrap_or_default();
            found.push(refuse(RefusedKind::Proxy, shown, why));
            settings.proxy = usual.proxy;
        }
    }
    settings.text_size = settings.text_size.clamp(14, 28);
    settings.line_width = settings.line_width.clamp(50, 90);
    settings.line_height = settings.line_height.clamp(120, 220);
    settings.interface_scale = settings.interface_scale.clamp(70, 200);
    settings.aloud_speed = settings.aloud_speed.clamp(50, 300);
    let voices = std::mem::take(&mut settings.aloud_voices);
    for (language, voice) in voices {
        let is_name = length("a voice's name", &voice, NAME)
            .is_ok_and(|name| !name.is_empty() && !name.contains(char::is_control));
        if is_name && is_code(&language) && settings.aloud_voices.len() < VOICES {
            settings.aloud_voices.insert(language, voice);
        } else {
            found.push(setting("aloudVoices", "this is not a voice".into()));
        }
    }
    settings.preview_lines = settings.preview_lines.min(4);
    if !is_font_name(&settings.article_font) {
        found.push(setting("articleFont", "this is not a font's name".into()));
        settings.article_font.clear();
    }
    if settings.sync_every_minutes > 0 {
        settings.sync_every_minutes = settings.sync_every_minutes.clamp(5, 24 * 60);
    }
    if let Some(hours) = &mut settings.quiet_hours {
        hours.from_minute = hours.from_minute.min(24 * 60 - 1);
        hours.to_minute = hours.to_minute.min(24 * 60 - 1);
    }
    if let Some(auto) = &mut settings.auto_pack {
        auto.at_minute = auto.at_minute.min(24 * 60 - 1);
        let checked = match &auto.wish.name {
            Some(called) if !called.trim().is_empty() => name("a pack's name", called).map(Some),
            _ => Ok(None),
        };
        let checked = checked.and_then(|name| {
            count("sources of a pack", auto.wish.from.len(), FEEDS)?;
            Ok(name)
        });
        match checked {
            Ok(name) => auto.wish.name = name,
            Err(why) => {
                found.push(setting("autoPack", why));
                settings.auto_pack = None;
            }
        }
    }
    found
}

/// Normalises forwarding preferences. Invalid entries are removed and reported.
pub(crate) fn forwarding(set: &mut Forwarding) -> Vec<Refused> {
    let mut found = Vec::new();
    if !set.mastodon.trim().is_empty() {
        let host = length("a host", &set.mastodon, NAME).ok();
        if let Some(host) = host.and_then(warta_share::mastodon_instance) {
            set.mastodon = host;
        } else {
            let why = "this is not a Mastodon instance";
            found.push(refuse(RefusedKind::Channel, &set.mastodon, why));
            set.mastodon.clear();
        }
    }
    if !set.whatsapp_channel.trim().is_empty() {
        let link = length("a link", &set.whatsapp_channel, ADDRESS).ok();
        if let Some(code) = link.and_then(warta_share::whatsapp_channel) {
            set.whatsapp_channel = format!("https://whatsapp.com/channel/{code}");
        } else {
            let why = "this is not the link of a WhatsApp Channel";
            found.push(refuse(RefusedKind::Channel, &set.whatsapp_channel, why));
            set.whatsapp_channel.clear();
        }
    }
    keep_good(&mut set.contacts, CONTACTS, "contacts", &mut found, |one| {
        contact(one).map_err(|why| refuse(RefusedKind::Contact, &one.name, why))
    });
    keep_good(&mut set.own, CHANNELS, "channels", &mut found, |one| {
        own_channel(one).map_err(|why| refuse(RefusedKind::Channel, &one.template, why))
    });
    number_channels(&mut set.own);
    set.messages.retain(|own| !own.template.trim().is_empty());
    keep_good(&mut set.messages, CHANNELS, "messages", &mut found, |one| {
        length("a channel's id", &one.channel, NAME)
            .and_then(|_| length("a message", &one.template, OWN_MESSAGE))
            .map(drop)
            .map_err(|why| refuse(RefusedKind::Channel, &one.channel, why))
    });
    for (list, what) in [(&mut set.order, "order"), (&mut set.hidden, "hidden")] {
        keep_good(list, 10 * CHANNELS, what, &mut found, |id| {
            length("a channel's id", id, NAME)
                .map(drop)
                .map_err(|why| refuse(RefusedKind::Channel, id, why))
        });
    }
    if length("a channel's id", &set.last_channel, NAME).is_err() {
        set.last_channel.clear();
    }
    found
}

/// Removes invalid entries, and all beyond the first `most`.
fn keep_good<T>(
    list: &mut Vec<T>,
    most: usize,
    what: &str,
    found: &mut Vec<Refused>,
    mut check: impl FnMut(&mut T) -> std::result::Result<(), Refused>,
) {
    if let Err(why) = count(what, list.len(), most) {
        found.push(refuse(RefusedKind::Channel, what, why));
        list.truncate(most);
    }
    list.retain_mut(|one| match check(one) {
        Ok(()) => true,
        Err(refused) => {
            found.push(refused);
            false
        }
    });
}

fn contact(contact: &mut WhatsappContact) -> Checked<()> {
    contact.number = length("a telephone number", &contact.number, NAME)
        .ok()
        .and_then(warta_share::whatsapp_number)
        .ok_or("this is not a telephone number with its country's code")?;
    let called = one_line(length("a name", &contact.name, NAME)?);
    contact.name = if called.is_empty() {
        format!("+{}", contact.number)
    } else {
        called
    };
    Ok(())
}

fn own_channel(own: &mut OwnChannel) -> Checked<()> {
    length("a channel's address", &own.template, TEMPLATE)?;
    if !warta_share::is_valid_template(&own.template) {
        return Err("a channel's address must begin with https:// (or mailto:, sms:, tg:, whatsapp:) and contain {title}, {url}, {text} or {publisher} after the host".into());
    }
    let called = one_line(length("a name", &own.name, NAME)?);
    own.name = if called.is_empty() {
        own.template.chars().take(NAME).collect()
    } else {
        called
    };
    Ok(())
}

/// Assigns an id to each channel that has none or a duplicate one.
fn number_channels(channels: &mut [OwnChannel]) {
    let mut taken = std::collections::HashSet::new();
    for own in channels.iter_mut() {
        let is_id = own.id.len() <= CODE && own.id.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_id || (!own.id.is_empty() && !taken.insert(own.id.clone())) {
            own.id.clear();
        }
    }
    let mut next = 1;
    for own in channels.iter_mut().filter(|own| own.id.is_empty()) {
        while taken.contains(&next.to_string()) {
            next += 1;
        }
        own.id = next.to_string();
        taken.insert(own.id.clone());
    }
}

/// Checks the names of a folder and of those around it, outermost first; empty names are left out.
pub(crate) fn folder(path: &[String]) -> Checked<Vec<String>> {
    let trimmed = path.iter().map(|level| level.trim());
    let levels: Vec<&str> = trimmed.filter(|level| !level.is_empty()).collect();
    count("levels of folders", levels.len(), warta_store::MOST_LEVELS)?;
    let checked = levels.into_iter().map(|text| name("a folder's name", text));
    checked.collect()
}

/// Normalises a title in an imported file to one line and truncates it.
pub(crate) fn title(text: &str) -> Option<String> {
    let cut: String = text.chars().take(TITLE).collect();
    Some(one_line(&cut)).filter(|title| !title.is_empty())
}

/// Checks an article's GUID.
pub(crate) fn guid(guid: &str) -> Checked<()> {
    length("an article's id", guid, GUID).map(drop)
}

/// Checks a forward in the history: text length, and a target whose scheme Warta opens.
pub(crate) fn forward(forward: &mut Forward) -> Checked<()> {
    length("a channel's id", &forward.channel, NAME)?;
    length("a message", &forward.message, MESSAGE)?;
    forward.title = title(&forward.title).unwrap_or_default();
    let is_opened = |target: &String| {
        let scheme = target.split(':').next().unwrap_or_default();
        warta_share::SCHEMES.contains(&scheme) && target.len() <= 4 * MESSAGE
    };
    forward.target = forward.target.take().filter(is_opened);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_address_has_no_password() {
        for good in [
            "system",
            "none",
            "http://10.0.0.1:8080",
            "https://proxy.example",
            "socks5://127.0.0.1:9050",
            "socks5h://[::1]:9050/",
            "proxy.example:3128",
            "10.0.0.1:8080",
        ] {
            assert_eq!(proxy(good).as_deref(), Ok(good));
            assert_eq!(proxy(&format!("  {good}\n")).as_deref(), Ok(good));
        }
        assert_eq!(proxy("").as_deref(), Ok("system"));
        let long = format!("http://{}.example", "a".repeat(ADDRESS));
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://proxy.example",
            "data:text/plain,x",
            "http://ani:rahasia@proxy.example",
            "ani:rahasia@proxy.example:3128",
            "http://ani@proxy.example",
            "http://",
            "socks5://",
            "http://a b",
            "http://a\u{0}b",
            "http://a\nb",
            &long,
        ] {
            assert!(proxy(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_feed_address_must_be_a_web_address() {
        for good in [
            "https://kabar.example/rss",
            " http://127.0.0.1:1/a ",
            "https://a:b@kabar.example/",
        ] {
            assert!(web_address(good).is_ok(), "{good}");
        }
        let long = format!("https://kabar.example/{}", "a".repeat(ADDRESS));
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://kabar.example/",
            "data:,x",
            "",
            "kabar.example",
            "https://",
            "jar:http://kabar.example",
            "view-source:https://kabar.example",
            "\\\\host\\share",
            &long,
        ] {
            assert!(web_address(bad).is_err(), "{bad}");
        }
        assert!(
            !web_address("javascript://ani:rahasia@kabar.example")
                .unwrap_err()
                .contains("rahasia"),
            "a rejection must not contain the password"
        );
    }

    #[test]
    fn length_limits_count_characters() {
        let at_bound = "é".repeat(NAME);
        assert_eq!(name("a name", &at_bound).as_deref(), Ok(&*at_bound));
        assert!(name("a name", &format!("{at_bound}é")).is_err());
        assert!(name("a name", " \u{7}\n ").is_err());
        assert_eq!(
            name("a name", "Warta\r\nharian\u{202E}").as_deref(),
            Ok("Warta  harian")
        );
        assert!(query(&"a ".repeat(TERMS)).is_ok());
        assert!(query(&"a ".repeat(TERMS + 1)).is_err());
        assert!(query(&"a".repeat(QUERY + 1)).is_err());
        assert!(user_agent("Mozilla/5.0 (X11)").is_ok());
        for bad in ["a\r\nX-Evil: 1", "é", &"a".repeat(USER_AGENT + 1)] {
            assert!(user_agent(bad).is_err());
        }
        assert!(header_name("X-Api_Key2").is_ok());
        for bad in ["", "a b", "a:", "a\nb", "é", &"a".repeat(HEADER_NAME + 1)] {
            assert!(header_name(bad).is_err());
        }
    }

    #[test]
    fn invalid_settings_are_reset_one_by_one() {
        let mut set = Settings {
            language: "xx".into(),
            proxy: "file:///etc/passwd".into(),
            google_news_country: "ID&evil=1".into(),
            text_size: 200,
            line_width: 0,
            sync_every_minutes: 1,
            via_warta: true,
            aloud_speed: 1_000,
            aloud_voices: [
                ("id", "espeak-ng/Indonesian"),
                ("en", "a\r\nb"),
                ("x y", "a"),
            ]
            .map(|(language, voice)| (language.into(), voice.into()))
            .into(),
            ..Settings::default()
        };
        let found = settings(&mut set);
        let kinds: Vec<RefusedKind> = found.iter().map(|refused| refused.kind).collect();
        assert_eq!(
            kinds,
            [
                RefusedKind::Setting,
                RefusedKind::Setting,
                RefusedKind::Proxy,
                RefusedKind::Setting,
                RefusedKind::Setting
            ]
        );
        assert_eq!(set.aloud_speed, 300);
        assert_eq!(set.aloud_voices.keys().collect::<Vec<_>>(), ["id"]);
        assert_eq!(
            (set.proxy.as_str(), set.google_news_country.as_str()),
            ("system", "ID")
        );
        assert_eq!(
            (set.text_size, set.line_width, set.sync_every_minutes),
            (28, 50, 5)
        );
        assert!(set.via_warta, "other settings are kept");
        assert!(
            settings(&mut set).is_empty(),
            "checked values are accepted again"
        );
    }

    #[test]
    fn channels_with_disallowed_targets_are_removed() {
        let own = |template: &str, id: &str| OwnChannel {
            id: id.into(),
            name: "Kanal".into(),
            template: template.into(),
        };
        let long = format!("https://a.example/{}?u={{url}}", "a".repeat(TEMPLATE));
        let mut set = Forwarding {
            own: vec![
                own("javascript:alert('{text}')", "1"),
                own("https://a.example/?u={url}", "1"),
                own("file:///{title}", "2"),
                own("data:text/html,{text}", ""),
                own("https://{title}.example/", ""),
                own("https://b.example/", ""),
                own(&long, ""),
                own("mailto:?body={text}", "1"),
                own("tg://msg?text={text}", "x\"/y"),
            ],
            mastodon: "javascript:alert(1)".into(),
            whatsapp_channel: "https://evil.example/channel/0029".into(),
            contacts: vec![WhatsappContact {
                name: "Ani".into(),
                number: "javascript".into(),
            }],
            ..Forwarding::default()
        };
        let found = forwarding(&mut set);
        let kept: Vec<(&str, &str)> = set
            .own
            .iter()
            .map(|own| (own.id.as_str(), own.template.as_str()))
            .collect();
        assert_eq!(
            kept,
            [
                ("1", "https://a.example/?u={url}"),
                ("2", "mailto:?body={text}"),
                ("3", "tg://msg?text={text}"),
            ]
        );
        assert_eq!(
            (set.mastodon.as_str(), set.whatsapp_channel.as_str()),
            ("", "")
        );
        assert!(set.contacts.is_empty());
        assert_eq!(found.len(), 9);
        assert!(
            forwarding(&mut set).is_empty(),
            "checked values are accepted again"
        );
    }
}
