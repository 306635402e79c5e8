//! A session with a mail server.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::DateTime;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::time::timeout;

use super::names;
use super::response::{Response, SILENCE, Value, broke_off};
use super::tls::{self, Host, Security, Stream, TlsSettings};
use crate::error::{MailError, Result};

/// Maximum bytes of the literals in one response that is not a message.
const MAX_LITERAL: usize = 64 << 10;
/// Maximum bytes of the header fields of a message.
const MAX_HEADER: usize = 256 << 10;
/// Maximum number of folders that are listed.
const MAX_FOLDERS: usize = 5000;
/// Maximum characters of a message of the server.
const MAX_WORDS: usize = 300;
/// The header fields that tell whose a message is.
const FIELDS: &str = "FROM SENDER LIST-ID LIST-UNSUBSCRIBE";

/// A user name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user name, often the mail address.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(…)")
    }
}

/// A folder of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its name, with the names of the folders around it.
    pub name: String,
    /// Whether it can be opened.
    pub can_be_read: bool,
}

/// What the server says of an opened folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// UIDs are valid as long as it stays the same (RFC 3501 § 2.3.1.1).
    pub uid_validity: u32,
    /// Number of messages.
    pub messages: u32,
}

/// The header of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// The message's UID.
    pub uid: u32,
    /// Size of the whole message, in bytes.
    pub size: u32,
    /// The fields that tell whose it is.
    pub header: Vec<u8>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its UID.
    pub uid: u32,
    /// When the server received it, in seconds since 1970.
    pub received_at: Option<i64>,
    /// The message, or its beginning.
    pub bytes: Vec<u8>,
}

/// A session, after signing in.
pub struct Session {
    stream: BufReader<Box<dyn Stream>>,
    host: String,
    next_tag: u32,
    wire_bytes: u64,
    capabilities: Vec<String>,
}

impl Session {
    /// Connects and signs in. Passwords are sent encrypted, except to this computer if
    /// [`Security::None`] was chosen.
    pub async fn open(host: &Host, login: &Login, tls: &TlsSettings) -> Result<Self> {
        let stream = tls::connect(host).await?;
        let mut session = match host.security {
            Security::Tls => {
                let stream = tls::encrypt(host, tls, stream).await?;
                let mut session = Self::over(stream, host);
                session.greeting().await?;
                session
            }
            Security::None => {
                let mut session = Self::over(Box::new(stream), host);
                session.greeting().await?;
                session
            }
            Security::StartTls => {
                let mut plain = Self::over(Box::new(stream), host);
                plain.greeting().await?;
                plain.learn_capabilities().await?;
                if !plain.can("STARTTLS") {
                    return Err(MailError::NoStartTls(host.name.clone()));
                }
                plain.command("STARTTLS", MAX_LITERAL).await?;
                // What was sent before encryption must not be read as if it were encrypted.
                if !plain.stream.buffer().is_empty() {
                    return Err(MailError::NotImap(
                        "an answer came before encryption".into(),
                    ));
                }
                let stream = tls::encrypt(host, tls, plain.stream.into_inner()).await?;
                Self::over(stream, host)
            }
        };
        session.learn_capabilities().await?;
        session.sign_in(login).await?;
        Ok(session)
    }

    fn over(stream: Box<dyn Stream>, host: &Host) -> Self {
        Self {
            stream: BufReader::new(stream),
            host: host.name.clone(),
            next_tag: 1,
            wire_bytes: 0,
            capabilities: Vec::new(),
        }
    }

    /// Bytes that the server has sent.
    #[must_use]
    pub fn wire_bytes(&self) -> u64 {
        self.wire_bytes
    }

    /// All folders, by name.
    pub async fn folders(&mut self) -> Result<Vec<Folder>> {
        let mut folders = Vec::new();
        for response in self.command("LIST \"\" \"*\"", MAX_LITERAL).await? {
            let values = response.values();
            if !values.get(1).is_some_and(|value| value.is_atom("LIST")) {
                continue;
            }
            let attributes = match values.get(2) {
                Some(Value::List(attributes)) => attributes.as_slice(),
                _ => &[],
            };
            let closed = ["\\Noselect", "\\NonExistent"];
            let is_closed = |value: &Value| closed.iter().any(|name| value.is_atom(name));
            if let Some(name) = values.get(4).and_then(Value::text)
                && folders.len() < MAX_FOLDERS
            {
                folders.push(Folder {
                    name: names::decode(&name),
                    can_be_read: !attributes.iter().any(is_closed),
                });
            }
        }
        let is_inbox = |folder: &Folder| folder.name.eq_ignore_ascii_case("INBOX");
        folders.sort_by_key(|folder| (!is_inbox(folder), folder.name.to_lowercase()));
        Ok(folders)
    }

    /// Opens a folder for reading only.
    pub async fn examine(&mut self, folder: &str) -> Result<Mailbox> {
        let command = format!("EXAMINE {}", quoted(&names::encode(folder))?);
        let responses = match self.command(&command, MAX_LITERAL).await {
            Err(MailError::Refused(_)) => return Err(MailError::NoFolder(folder.to_owned())),
            other => other?,
        };
        let mut mailbox = Mailbox::default();
        for response in responses {
            let text = response.text();
            if let Some(validity) = code(&text).and_then(|code| code.strip_prefix("UIDVALIDITY ")) {
                mailbox.uid_validity = validity.trim().parse().unwrap_or(0);
            }
            let values = response.values();
            if let [_, count, name, ..] = values.as_slice()
                && name.is_atom("EXISTS")
            {
                mailbox.messages = count.number().unwrap_or(0);
            }
        }
        Ok(mailbox)
    }

    /// The UIDs in the opened folder from `first` on, ascending.
    pub async fn uids_from(&mut self, first: u32) -> Result<Vec<u32>> {
        let command = format!("UID SEARCH UID {first}:*");
        let mut uids = Vec::new();
        for response in self.command(&command, MAX_LITERAL).await? {
            let values = response.values();
            if values.get(1).is_some_and(|value| value.is_atom("SEARCH")) {
                uids.extend(values[2..].iter().filter_map(Value::number));
            }
        }
        // `*` is the last message, even if it is before `first` (RFC 3501 § 6.4.8).
        uids.retain(|uid| *uid >= first);
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// Whose these messages are.
    pub async fn headers(&mut self, uids: &[u32]) -> Result<Vec<Heads>> {
        let command = format!(
            "UID FETCH {} (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({FIELDS})])",
            set(uids)
        );
        let responses = self.command(&command, MAX_HEADER).await?;
        let mut heads: Vec<Heads> = Vec::new();
        for items in responses.into_iter().filter_map(fetched) {
            let uid = after(&items, "UID").and_then(Value::number);
            let size = after(&items, "RFC822.SIZE").and_then(Value::number);
            if let Some(uid) = uid.filter(|uid| uids.contains(uid))
                && let Some(header) = body(items)
            {
                heads.push(Heads {
                    uid,
                    size: size.unwrap_or(0),
                    header,
                });
            }
        }
        heads.sort_by_key(|head| head.uid);
        heads.dedup_by_key(|head| head.uid);
        Ok(heads)
    }

    /// Messages, of each at most its first `max_bytes`. Those that were removed meanwhile are
    /// missing.
    pub async fn messages(&mut self, uids: &[u32], max_bytes: usize) -> Result<Vec<Fetched>> {
        let command = format!(
            "UID FETCH {} (UID INTERNALDATE BODY.PEEK[]<0.{max_bytes}>)",
            set(uids)
        );
        let responses = self.command(&command, max_bytes + MAX_LITERAL).await?;
        let mut messages: Vec<Fetched> = Vec::new();
        for items in responses.into_iter().filter_map(fetched) {
            let uid = after(&items, "UID").and_then(Value::number);
            let received_at = after(&items, "INTERNALDATE")
                .and_then(Value::text)
                .and_then(|text| internal_date(&text));
            if let Some(uid) = uid.filter(|uid| uids.contains(uid))
                && let Some(bytes) = body(items)
            {
                messages.push(Fetched {
                    uid,
                    received_at,
                    bytes,
                });
            }
        }
        messages.sort_by_key(|message| message.uid);
        messages.dedup_by_key(|message| message.uid);
        Ok(messages)
    }

    /// Ends the session; a failure does not matter.
    pub async fn close(mut self) {
        let _ = timeout(SILENCE, self.command("LOGOUT", MAX_LITERAL)).await;
    }

    async fn greeting(&mut self) -> Result<()> {
        let text = self.response(MAX_LITERAL).await?.text();
        let words = text.strip_prefix("* ").unwrap_or_default();
        match words.split(' ').next() {
            Some("OK" | "PREAUTH") => Ok(()),
            Some("BYE") => Err(MailError::Refused(spoken(words))),
            _ => Err(MailError::NotImap(shortened(&text))),
        }
    }

    async fn learn_capabilities(&mut self) -> Result<()> {
        self.capabilities.clear();
        for response in self.command("CAPABILITY", MAX_LITERAL).await? {
            let values = response.values();
            if values
                .get(1)
                .is_some_and(|value| value.is_atom("CAPABILITY"))
            {
                let names = values[2..].iter().filter_map(Value::text);
                self.capabilities
                    .extend(names.map(|name| name.to_ascii_uppercase()));
            }
        }
        Ok(())
    }

    fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|name| name == capability)
    }

    async fn sign_in(&mut self, login: &Login) -> Result<()> {
        let answer = if self.can("AUTH=PLAIN") {
            // RFC 4616.
            let token = BASE64_STANDARD.encode(format!("\0{}\0{}", login.user, login.password));
            if self.can("SASL-IR") {
                self.command(&format!("AUTHENTICATE PLAIN {token}"), MAX_LITERAL)
                    .await
            } else {
                let tag = self.send("AUTHENTICATE PLAIN").await?;
                let text = self.response(MAX_LITERAL).await?.text();
                if text.starts_with('+') {
                    self.write(format!("{token}\r\n").as_bytes()).await?;
                    self.answers(&tag, MAX_LITERAL).await
                } else {
                    Err(MailError::Refused(spoken(&text)))
                }
            }
        } else if self.can("LOGINDISABLED") {
            return Err(MailError::NoPasswordLogin(self.host.clone()));
        } else {
            let (user, password) = (quoted(&login.user)?, quoted(&login.password)?);
            self.command(&format!("LOGIN {user} {password}"), MAX_LITERAL)
                .await
        };
        match answer {
            Ok(_) => Ok(()),
            Err(MailError::Refused(words)) => Err(refused_login(words)),
            Err(error) => Err(error),
        }
    }

    /// Sends a command and reads its responses up to the tagged one.
    async fn command(&mut self, command: &str, max_literal: usize) -> Result<Vec<Response>> {
        let tag = self.send(command).await?;
        self.answers(&tag, max_literal).await
    }

    async fn send(&mut self, command: &str) -> Result<String> {
        let tag = format!("w{}", self.next_tag);
        self.next_tag += 1;
        self.write(format!("{tag} {command}\r\n").as_bytes())
            .await?;
        Ok(tag)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let host = &self.host;
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        let written = timeout(SILENCE, writing).await;
        let written = written.map_err(|_| MailError::TimedOut(host.clone()))?;
        written.map_err(|error| broke_off(&error))
    }

    async fn response(&mut self, max_literal: usize) -> Result<Response> {
        let (stream, host) = (&mut self.stream, &self.host);
        Response::read(stream, host, max_literal, &mut self.wire_bytes).await
    }

    async fn answers(&mut self, tag: &str, max_literal: usize) -> Result<Vec<Response>> {
        let mut answers = Vec::new();
        let mut farewell = None;
        loop {
            let response = match self.response(max_literal).await {
                Err(MailError::BrokeOff(why)) => {
                    return Err(farewell.map_or(MailError::BrokeOff(why), MailError::Refused));
                }
                other => other?,
            };
            let text = response.text();
            if let Some(words) = text
                .strip_prefix(tag)
                .and_then(|rest| rest.strip_prefix(' '))
            {
                let is_ok = words
                    .get(..2)
                    .is_some_and(|word| word.eq_ignore_ascii_case("OK"));
                return if is_ok {
                    Ok(answers)
                } else {
                    Err(MailError::Refused(spoken(words)))
                };
            }
            if let Some(words) = text.strip_prefix("* BYE") {
                farewell = Some(spoken(words));
            }
            answers.push(response);
        }
    }
}

/// Splits messages into portions of at most `count` messages and `bytes` bytes; a larger message is a
/// portion of its own. `sizes` are UIDs with sizes.
#[must_use]
pub fn portions(sizes: &[(u32, u32)], count: usize, bytes: u64) -> Vec<Vec<u32>> {
    let mut portions: Vec<Vec<u32>> = Vec::new();
    let mut room = 0;
    for (uid, size) in sizes {
        let size = u64::from(*size);
        match portions.last_mut() {
            Some(portion) if size <= room && portion.len() < count => {
                portion.push(*uid);
                room -= size;
            }
            _ => {
                portions.push(vec![*uid]);
                room = bytes.saturating_sub(size);
            }
        }
    }
    portions
}

/// The items of a `FETCH` response.
fn fetched(response: Response) -> Option<Vec<Value>> {
    let mut values = response.values();
    let is_fetch = values.get(2).is_some_and(|value| value.is_atom("FETCH"));
    match values.pop() {
        Some(Value::List(items)) if is_fetch => Some(items),
        _ => None,
    }
}

/// The value after the item of this name.
fn after<'v>(items: &'v [Value], name: &str) -> Option<&'v Value> {
    let at = items.iter().position(|item| item.is_atom(name))?;
    items.get(at + 1)
}

/// The value of `BODY[…]`.
fn body(items: Vec<Value>) -> Option<Vec<u8>> {
    let mut items = items.into_iter();
    items.find(|item| {
        matches!(item, Value::Atom(name) if name.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("BODY[")))
    })?;
    match items.next()? {
        Value::Bytes(bytes) => Some(bytes),
        Value::Atom(_) | Value::List(_) => None,
    }
}

/// UIDs as a set, ranges joined (RFC 3501 § 9, `sequence-set`).
fn set(uids: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*uid) => *last = *uid,
            _ => ranges.push((*uid, *uid)),
        }
    }
    let ranges = ranges.into_iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}:{last}")
        }
    });
    ranges.collect::<Vec<_>>().join(",")
}

/// A quoted string (RFC 3501 § 4.3).
fn quoted(text: &str) -> Result<String> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(MailError::Refused(
            "a line break in a name or password".into(),
        ));
    }
    Ok(format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"")
    ))
}

/// The response code of a status response: what is in brackets.
fn code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('[')?;
    rest.split(']').next()
}

/// What a server says to people: without status, code and control characters.
fn spoken(words: &str) -> String {
    let words = words.trim();
    let words = match words.split_once(' ') {
        Some(("OK" | "NO" | "BAD" | "BYE", rest)) => rest,
        _ => words,
    };
    let after_code = match words
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((_, rest)) if !rest.trim().is_empty() => rest,
        _ => words,
    };
    shortened(after_code)
}

fn shortened(words: &str) -> String {
    let line = warta_text::plain_line(words);
    line.trim().chars().take(MAX_WORDS).collect()
}

/// Why a login was refused. Providers name app passwords in their message only.
fn refused_login(words: String) -> MailError {
    let low = words.to_lowercase();
    let wants_own = [
        "app password",
        "app-specific",
        "application-specific",
        "application specific",
    ]
    .iter()
    .any(|phrase| low.contains(phrase));
    if wants_own {
        MailError::AppPassword(words)
    } else if low.contains("unavailable") || low.contains("try again") {
        MailError::Refused(words)
    } else {
        MailError::WrongPassword(words)
    }
}

/// An `INTERNALDATE` (RFC 3501 § 9, `date-time`).
fn internal_date(text: &str) -> Option<i64> {
    let parsed = DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok()?;
    Some(parsed.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_join_ranges() {
        for (uids, expected) in [
            (&[][..], ""),
            (&[4], "4"),
            (&[1, 2, 3, 7, 9, 10], "1:3,7,9:10"),
            (&[u32::MAX - 1, u32::MAX], "4294967294:4294967295"),
        ] {
            assert_eq!(set(uids), expected);
        }
    }

    #[test]
    fn portions_are_bounded_in_number_and_bytes() {
        let sizes = [
            (1, 40),
            (2, 60),
            (3, 10),
            (4, 500),
            (5, 1),
            (6, 1),
            (7, 1),
            (8, 1),
        ];
        let expected = [vec![1, 2], vec![3], vec![4], vec![5, 6, 7], vec![8]];
        assert_eq!(portions(&sizes, 3, 100), expected);
        assert!(portions(&[], 3, 100).is_empty());
    }

    #[test]
    fn strings_cannot_end_a_command() {
        assert_eq!(quoted("a\"b\\c").unwrap(), "\"a\\\"b\\\\c\"");
        for text in ["a\r\nx DELETE b", "a\nb", "a\0"] {
            assert!(quoted(text).is_err());
        }
    }

    #[test]
    fn refusals_are_told_apart() {
        for (words, expected) in [
            (
                "NO [ALERT] Application-specific password required: https://a.example/ (Failure)",
                "the provider wants an app password instead of the account's own: Application-specific password required: https://a.example/ (Failure)",
            ),
            (
                "NO [AUTHENTICATIONFAILED] Authentication failed.",
                "the server refused the user name or password: Authentication failed.",
            ),
            (
                "NO [UNAVAILABLE] Temporary authentication failure, try again",
                "the server refused: Temporary authentication failure, try again",
            ),
        ] {
            assert_eq!(refused_login(spoken(words)).to_string(), expected);
        }
    }

    #[test]
    fn dates_have_one_or_two_digits_of_the_day() {
        for (text, expected) in [
            ("01-Dec-2026 01:15:43 +0000", Some(1_796_087_743)),
            (" 1-Dec-2026 08:15:43 +0700", Some(1_796_087_743)),
            ("gestern", None),
        ] {
            assert_eq!(internal_date(text), expected, "{text}");
        }
    }
}
