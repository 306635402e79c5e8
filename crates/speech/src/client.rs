//! A connection to the service.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Instant, sleep, timeout};

use crate::protocol::{Event, LINE, Message, argument, data, language};
use crate::voices::{self, PLACEHOLDER_MODULE, Voice};
use crate::{Address, Error, Launcher, Result};

/// How long a service that was started is waited for.
const STARTED: Duration = Duration::from_secs(5);
const INTERVAL: Duration = Duration::from_millis(20);
/// Events that are kept until they are asked for; the oldest are dropped first.
const EVENTS: usize = 1_000;
/// Maximum number of synthesizers that are asked for voices.
const MODULES: usize = 32;

trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// What is spoken, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance<'t> {
    /// Plain text.
    pub text: &'t str,
    /// The tag of its language; `None` for that of the last utterance.
    pub language: Option<&'t str>,
    /// The synthesizer and its voice; `None` for those of the last utterance.
    pub voice: Option<(&'t str, &'t str)>,
    /// From -100 (slowest) to 100 (fastest).
    pub rate: i8,
}

/// How to connect.
#[derive(Debug, Clone)]
pub struct Options {
    /// Starts a service that does not run.
    pub launcher: Launcher,
    /// The user's name, by which the service knows whose program this is.
    pub user: String,
    /// Maximum time for a reply. Listing voices takes the longest, since the service asks the
    /// synthesizer.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            launcher: Launcher::default(),
            user: std::env::var("USER").unwrap_or_default(),
            patience: Duration::from_secs(10),
        }
    }
}

/// A connection to the service. After an error other than [`Error::Refused`] or
/// [`Error::BadInput`], and where a call was dropped before its end, the connection cannot be used
/// any longer.
pub struct Client {
    stream: BufReader<Box<dyn Stream>>,
    line: Vec<u8>,
    message: Message,
    events: VecDeque<Event>,
    patience: Duration,
}

impl Client {
    /// Connects to the service and starts it if it does not run.
    pub async fn connect(address: &Address, options: &Options) -> Result<Self> {
        let stream = match (address, open(address).await) {
            (_, Ok(stream)) => stream,
            (Address::Unix(socket), Err(error)) if is_absent(&error) => {
                let started = options.launcher.start(socket).await;
                // Also where starting failed: another program may have started it meanwhile.
                let patience = if started.is_ok() {
                    STARTED
                } else {
                    Duration::ZERO
                };
                match open_within(address, patience).await {
                    Ok(stream) => stream,
                    Err(error) => {
                        started?;
                        return Err(Error::NotStarted(error.to_string()));
                    }
                }
            }
            (_, Err(error)) => return Err(Error::Lost(Some(error))),
        };
        let mut client = Self {
            stream: BufReader::new(stream),
            line: Vec::new(),
            message: Message::default(),
            events: VecDeque::new(),
            patience: options.patience,
        };
        let user: String = options
            .user
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .take(60)
            .collect();
        let user = if user.is_empty() { "unknown" } else { &user };
        client
            .request(&format!("SET SELF CLIENT_NAME {user}:warta:reading"))
            .await?;
        client.request("SET SELF PRIORITY MESSAGE").await?;
        client.request("SET SELF SSML_MODE OFF").await?;
        client.request("SET SELF NOTIFICATION ALL ON").await?;
        Ok(client)
    }

    /// The voices of all synthesizers, those of the usual synthesizer first. Empty if there is no
    /// synthesizer.
    pub async fn voices(&mut self) -> Result<Vec<Voice>> {
        let usual = self.request("GET OUTPUT_MODULE").await?.lines.pop();
        let mut modules = match self.request("LIST OUTPUT_MODULES").await {
            Ok(reply) => reply.lines,
            Err(Error::Refused { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        modules.retain(|module| {
            module != PLACEHOLDER_MODULE && argument("synthesizer", module).is_ok()
        });
        modules.sort_by_key(|module| usual.as_ref() != Some(module));
        modules.truncate(MODULES);
        let mut found = Vec::new();
        for module in &modules {
            match self.voices_of(module).await {
                Ok(voices) => found.extend(voices),
                // A synthesizer that failed does not hide the others.
                Err(Error::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(first) = modules.first() {
            let _ = self.set("OUTPUT_MODULE", first).await;
        }
        Ok(found)
    }

    async fn voices_of(&mut self, module: &str) -> Result<Vec<Voice>> {
        self.set("OUTPUT_MODULE", module).await?;
        let reply = self.request("LIST SYNTHESIS_VOICES").await?;
        Ok(voices::parse(module, &reply.lines))
    }

    /// Queues a text to be spoken and returns its number, by which events name it.
    pub async fn say(&mut self, utterance: &Utterance<'_>) -> Result<u64> {
        let voice = utterance
            .voice
            .map(|(module, name)| {
                Ok::<_, Error>((argument("synthesizer", module)?, argument("voice", name)?))
            })
            .transpose()?;
        let tag = utterance.language.map(language).transpose()?;
        if let Some((module, _)) = voice {
            self.set("OUTPUT_MODULE", module).await?;
        }
        if let Some(tag) = tag {
            self.set("LANGUAGE", tag).await?;
        }
        if let Some((_, name)) = voice {
            self.set("SYNTHESIS_VOICE", name).await?;
        }
        let rate = utterance.rate.clamp(-100, 100).to_string();
        self.set("RATE", &rate).await?;
        self.request("SPEAK").await?;
        self.write(&data(utterance.text)).await?;
        let reply = self.reply().await?;
        reply
            .lines
            .first()
            .and_then(|line| line.parse().ok())
            .ok_or_else(|| Error::Invalid(format!("{} {}", reply.code, reply.text)))
    }

    /// Cancels what this connection has queued.
    pub async fn cancel(&mut self) -> Result<()> {
        self.request("CANCEL SELF").await.map(drop)
    }

    /// Waits for the next event. May be dropped at any time.
    pub async fn next_event(&mut self) -> Result<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let message = self.read().await?;
            if !message.is_event() {
                return Err(Error::Invalid(format!("{} {}", message.code, message.text)));
            }
        }
    }

    async fn set(&mut self, what: &str, value: &str) -> Result<()> {
        self.request(&format!("SET SELF {what} {value}"))
            .await
            .map(drop)
    }

    async fn request(&mut self, command: &str) -> Result<Message> {
        self.write(&format!("{command}\r\n")).await?;
        self.reply().await
    }

    async fn write(&mut self, text: &str) -> Result<()> {
        let write = async {
            self.stream.write_all(text.as_bytes()).await?;
            self.stream.flush().await
        };
        timeout(self.patience, write)
            .await
            .map_err(|_| Error::NoReply)?
            .map_err(|error| Error::Lost(Some(error)))
    }

    async fn reply(&mut self) -> Result<Message> {
        let patience = self.patience;
        let reply = async {
            loop {
                let message = self.read().await?;
                if !message.is_event() {
                    return message.accepted();
                }
            }
        };
        timeout(patience, reply).await.map_err(|_| Error::NoReply)?
    }

    /// Reads a message; an event is also put among the events. Loses nothing when dropped.
    async fn read(&mut self) -> Result<Message> {
        loop {
            let chunk = self.stream.fill_buf().await;
            let chunk = chunk.map_err(|error| Error::Lost(Some(error)))?;
            if chunk.is_empty() {
                return Err(Error::Lost(None));
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(chunk.len(), |end| end + 1);
            if self.line.len() + taken > LINE {
                return Err(Error::Invalid("a line is too long".into()));
            }
            self.line.extend_from_slice(&chunk[..taken]);
            self.stream.consume(taken);
            if end.is_none() {
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\r', '\n']);
            let Some(message) = self.message.add(line)? else {
                continue;
            };
            if let Some(event) = message.event() {
                if self.events.len() == EVENTS {
                    self.events.pop_front();
                }
                self.events.push_back(event);
            }
            return Ok(message);
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

async fn open(address: &Address) -> std::io::Result<Box<dyn Stream>> {
    Ok(match address {
        Address::Unix(path) => Box::new(UnixStream::connect(path).await?),
        Address::Tcp(address) => Box::new(TcpStream::connect(address).await?),
    })
}

async fn open_within(address: &Address, patience: Duration) -> std::io::Result<Box<dyn Stream>> {
    let end = Instant::now() + patience;
    loop {
        match open(address).await {
            Err(error) if is_absent(&error) && Instant::now() < end => sleep(INTERVAL).await,
            result => return result,
        }
    }
}

/// Whether an error of connecting to a socket means that no service listens there.
fn is_absent(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::ConnectionRefused
    )
}
