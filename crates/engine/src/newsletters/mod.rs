//! Newsletters by mail: accounts on IMAP servers, one folder each, whose senders are feeds. Nothing
//! is changed on the server. `sync` stores what is read here ([`reading`]).
//!
//! Whether a sender is a feed is what the store says: one that was unsubscribed from is skipped, and
//! read again from the first skipped message on once it is back.

pub(crate) mod accounts;
mod providers;
pub(crate) mod reading;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use warta_mail::{Heading, Login, MailError, Session, TlsSettings, UntrustedBecause};
use warta_store::{Added, Feed, FeedId, ProblemCode};

use self::accounts::{Account, Known, Mail, StoredProblem, source_of};
use crate::api::{
    Event, Failure, FailureCode, MailAccount, MailAdded, MailGuess, MailSender, MailSetup,
    MailTrial, NewsletterSource, Problem, Result, SyncScope,
};
use crate::context::{Context, blocking, checks};
use crate::network::connectivity::is_fetched;
use crate::network::credentials::{Credentials, Secrets};

/// Seconds between two readings of an account.
const EVERY: i64 = 30 * 60;
/// The longest wait after failures, in seconds.
const LONGEST_WAIT: i64 = 12 * 3_600;
/// Number of messages, the newest, whose senders a trial lists.
const TRIED: usize = 500;
/// How long a trial may take.
const TRIAL_TIME: Duration = Duration::from_mins(2);
/// Maximum number of senders in one call.
const SENDERS: usize = 5_000;
/// Maximum number of accounts.
const ACCOUNTS: usize = 50;

/// The mail accounts, and what is read from them.
pub struct Newsletters {
    pub(crate) ctx: Arc<Context>,
    credentials: Arc<Credentials>,
    tls: TlsSettings,
    /// One reading at a time.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

impl Newsletters {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        credentials: &Arc<Credentials>,
        roots: &[Vec<u8>],
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            credentials: Arc::clone(credentials),
            tls: TlsSettings::with_roots(roots.iter().cloned()),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// The usual server of a mail address; nothing is asked.
    #[must_use]
    pub fn guess(address: &str) -> Option<MailGuess> {
        checks::length("an address", address, checks::ADDRESS).ok()?;
        providers::guess(address)
    }

    /// Signs in, lists the folders, and who sent the newest messages of the chosen one; nothing is
    /// stored. Fails with the [`ProblemCode`] in [`Failure::detail`].
    pub async fn trial(self: &Arc<Self>, setup: MailSetup) -> Result<MailTrial> {
        let (account, password) = checked(&setup)?;
        let trial = timeout(TRIAL_TIME, self.look_at(&account, password)).await;
        let timed_out = |_| Ok(Err(MailError::TimedOut(account.host.clone())));
        trial
            .unwrap_or_else(timed_out)?
            .map_err(|error| Failure::from(&error))
    }

    async fn look_at(
        self: &Arc<Self>,
        account: &Account,
        password: Option<String>,
    ) -> Result<Mail<MailTrial>> {
        let opened = match password {
            Some(password) => self.session_with(account, password).await,
            None => self.session(account).await?,
        };
        Ok(match opened {
            Ok(session) => look(session, &account.folder).await,
            Err(error) => Err(error),
        })
    }

    /// Adds an account, or changes the one with the same server, user and folder. `chosen` become
    /// feeds in `folder`; `others` do not, even with `new_senders`, by which senders that appear
    /// later do.
    pub fn add(
        &self,
        setup: &MailSetup,
        chosen: &[MailSender],
        others: &[MailSender],
        new_senders: bool,
        folder: &[String],
    ) -> Result<MailAdded> {
        self.ctx.store.may_write()?;
        let (new, password) = checked(setup)?;
        checks::typed(checks::count(
            "senders",
            chosen.len() + others.len(),
            SENDERS,
        ))?;
        let folder = checks::typed(checks::folder(folder))?;
        for sender in chosen.iter().chain(others) {
            checks::typed(checks::length("a sender", &sender.key, checks::PATTERN))?;
        }
        let all = Account::all(&self.ctx.store)?;
        if all.len() >= ACCOUNTS && all.iter().all(|known| known.id != new.id) {
            return Err(checks::refused(format!("at most {ACCOUNTS} mail accounts")));
        }
        let known = all.into_iter().find(|known| known.id == new.id);
        let mut account = known.unwrap_or_default();
        (account.port, account.security) = (new.port, new.security);
        account = Account {
            id: new.id,
            host: new.host,
            user: new.user,
            folder: new.folder,
            new_senders,
            due_at: 0,
            failures: 0,
            failure: None,
            ..account
        };
        let turns = self.turns(&account)?;
        for (sender, is_chosen) in chosen
            .iter()
            .map(|sender| (sender, true))
            .chain(others.iter().map(|sender| (sender, false)))
        {
            let name = checks::title(&sender.name).unwrap_or_else(|| sender.key.clone());
            let is_taken = turns.get(&sender.key) == Some(&true);
            let known = account
                .known
                .entry(sender.key.clone())
                .or_insert_with(|| Known {
                    // Read from the beginning once it is a feed.
                    skipped: Some(1),
                    ..Known::default()
                });
            if is_chosen && !is_taken {
                known.skipped.get_or_insert(1);
            }
            known.name = name;
        }
        let secrets = match password {
            Some(password) => {
                let login = Some((account.user.clone(), password));
                let secrets = Secrets {
                    login,
                    ..Secrets::default()
                };
                self.credentials.keep(&account.secret_name(), secrets)
            }
            None => crate::api::SecretsKept::None,
        };
        account.save(&self.ctx.store)?;
        let feeds: Vec<_> = chosen
            .iter()
            .map(|sender| {
                let name = account
                    .known
                    .get(&sender.key)
                    .map(|known| known.name.as_str());
                let feed = account.new_feed(&sender.key, name.unwrap_or(&sender.key));
                (feed, folder.clone())
            })
            .collect();
        let mut ids = Vec::with_capacity(feeds.len());
        for added in self
            .ctx
            .store
            .add_feeds_in_folders(&feeds, self.ctx.now())?
        {
            let (Added::New(id) | Added::Already(id)) = added;
            if let Some(feed) = self.ctx.store.feed(id)? {
                self.ctx.labels.learn(&feed);
            }
            ids.push(id.0);
        }
        self.ctx.flush()?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(MailAdded {
            account: self.shown(&account)?,
            feeds: ids,
            secrets,
        })
    }

    /// All accounts, by user.
    pub fn accounts(&self) -> Result<Vec<MailAccount>> {
        let mut accounts = Vec::new();
        for account in Account::all(&self.ctx.store)? {
            accounts.push(self.shown(&account)?);
        }
        accounts.sort_by(|a, b| (&a.user, &a.folder).cmp(&(&b.user, &b.folder)));
        Ok(accounts)
    }

    /// Removes an account and its password. Its feeds stay with their articles, and get no more.
    pub fn remove(&self, id: &str) -> Result<()> {
        let account = Account::load(&self.ctx.store, id)?;
        let account = account.ok_or_else(|| Failure::not_found("mail account"))?;
        let all = Account::all(&self.ctx.store)?;
        let name = account.secret_name();
        let is_shared = all
            .iter()
            .any(|other| other.id != id && other.secret_name() == name);
        if !is_shared {
            self.credentials.keep(&name, Secrets::default());
        }
        Account::remove(&self.ctx.store, id)?;
        self.ctx.flush()?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// Where a feed of newsletters comes from; `None` for any other feed.
    pub fn source(&self, feed: u32) -> Result<Option<NewsletterSource>> {
        let feed = self.ctx.store.feed(FeedId(feed))?;
        let feed = feed.ok_or_else(|| Failure::not_found("feed"))?;
        let Some((id, sender)) = source_of(&feed.kind) else {
            return Ok(None);
        };
        let account = Account::load(&self.ctx.store, id)?;
        let known = account
            .as_ref()
            .and_then(|account| account.known.get(sender));
        let shown = sender.split_once(':').map_or(sender, |(_, sender)| sender);
        let unsubscribe = known.and_then(|known| known.unsubscribe.clone());
        Ok(Some(NewsletterSource {
            sender: shown.to_owned(),
            unsubscribe,
            account: account.as_ref().map(|account| account.id.clone()),
            user: account.as_ref().map(|a| a.user.clone()).unwrap_or_default(),
            host: account.as_ref().map(|a| a.host.clone()).unwrap_or_default(),
            folder: account.map(|a| a.folder).unwrap_or_default(),
        }))
    }

    fn shown(&self, account: &Account) -> Result<MailAccount> {
        Ok(MailAccount {
            id: account.id.clone(),
            host: account.host.clone(),
            port: account.port,
            security: account.security,
            user: account.user.clone(),
            folder: account.folder.clone(),
            new_senders: account.new_senders,
            feeds: self.feeds_of(account)?.len() as u32,
            checked_at: account.checked_at,
            failure: account.failure.as_ref().map(|failure| Problem {
                code: failure.code(),
                detail: failure.detail.clone(),
            }),
        })
    }

    /// The account's feeds.
    pub(crate) fn feeds_of(&self, account: &Account) -> Result<Vec<Feed>> {
        let mut feeds = self.ctx.store.feeds()?;
        feeds.retain(|feed| source_of(&feed.kind).is_some_and(|(id, _)| id == account.id));
        Ok(feeds)
    }

    /// Whether messages of the senders that are known are taken: of those that are feeds and not
    /// paused.
    pub(crate) fn turns(&self, account: &Account) -> Result<HashMap<String, bool>> {
        let mut turns: HashMap<String, bool> = account
            .known
            .keys()
            .map(|sender| (sender.clone(), false))
            .collect();
        for feed in self.feeds_of(account)? {
            if let Some((_, sender)) = source_of(&feed.kind) {
                turns.insert(sender.to_owned(), is_fetched(&feed));
            }
        }
        Ok(turns)
    }

    /// The accounts that a sync of this scope reads; `feeds` are the newsletters that it chose.
    pub(crate) fn chosen(&self, scope: &SyncScope, feeds: &[Feed]) -> Result<Vec<Account>> {
        let now = self.ctx.now();
        let mut accounts = Account::all(&self.ctx.store)?;
        accounts.retain(|account| match scope {
            SyncScope::All => true,
            SyncScope::Due => account.due_at <= now,
            SyncScope::Folder { .. } | SyncScope::Feeds { .. } => feeds
                .iter()
                .any(|feed| source_of(&feed.kind).is_some_and(|(id, _)| id == account.id)),
        });
        Ok(accounts)
    }

    /// Records the end of a reading.
    pub(crate) fn finished(&self, id: &str, failure: Option<&MailError>) -> Result<()> {
        let Some(mut account) = Account::load(&self.ctx.store, id)? else {
            return Ok(());
        };
        let now = self.ctx.now();
        account.checked_at = Some(now);
        match failure {
            None => {
                account.failures = 0;
                account.failure = None;
                account.due_at = now + EVERY;
            }
            Some(error) => {
                account.failures = account.failures.saturating_add(1);
                account.failure = Some(StoredProblem {
                    code: code(error).to_string(),
                    detail: error.to_string(),
                });
                let wait = EVERY << account.failures.min(5);
                account.due_at = now + wait.min(LONGEST_WAIT);
            }
        }
        account.save(&self.ctx.store)
    }

    /// Signs in with the stored password.
    pub(crate) async fn session(self: &Arc<Self>, account: &Account) -> Result<Mail<Session>> {
        let name = account.secret_name();
        let secrets = blocking(self, move |this| Ok(this.credentials.of(&name))).await?;
        Ok(match secrets.login {
            Some((_, password)) => self.session_with(account, password).await,
            None => Err(MailError::WrongPassword(NO_PASSWORD.to_owned())),
        })
    }

    async fn session_with(&self, account: &Account, password: String) -> Mail<Session> {
        let login = Login {
            user: account.user.clone(),
            password,
        };
        Session::open(&account.server(), &login, &self.tls).await
    }
}

/// Stands for the server's message where no password is stored.
const NO_PASSWORD: &str = "no password is stored";

/// Who sent the newest messages of a folder.
async fn look(mut session: Session, folder: &str) -> Mail<MailTrial> {
    let folders = session.folders().await?;
    let mailbox = session.examine(folder).await?;
    let mut uids = if mailbox.messages == 0 {
        Vec::new()
    } else {
        session.uids_from(1).await?
    };
    uids.drain(..uids.len().saturating_sub(TRIED));
    let mut senders: BTreeMap<String, MailSender> = BTreeMap::new();
    for uids in uids.chunks(200) {
        for head in session.headers(uids).await? {
            let Heading {
                sender,
                is_newsletter,
                ..
            } = Heading::read(&head.header);
            let entry = senders.entry(sender.key.clone()).or_insert(MailSender {
                key: sender.key,
                name: String::new(),
                address: sender.address,
                messages: 0,
                is_newsletter: false,
            });
            entry.name = sender.name;
            entry.messages += 1;
            entry.is_newsletter |= is_newsletter;
        }
    }
    session.close().await;
    let mut senders: Vec<MailSender> = senders.into_values().collect();
    senders.sort_by_key(|sender| {
        let by_number = std::cmp::Reverse(sender.messages);
        (!sender.is_newsletter, by_number, sender.name.to_lowercase())
    });
    let folders = folders.into_iter().filter(|folder| folder.can_be_read);
    Ok(MailTrial {
        folders: folders.map(|folder| folder.name).collect(),
        messages: mailbox.messages,
        senders,
    })
}

/// The account of a setup, and its password.
fn checked(setup: &MailSetup) -> Result<(Account, Option<String>)> {
    let host = setup.host.trim().to_lowercase();
    let is_host = !host.is_empty()
        && host.len() <= 253
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
    if !is_host {
        return Err(Failure::new(
            FailureCode::BadAddress,
            "this is not the name of a server",
        ));
    }
    if setup.port == 0 {
        return Err(checks::refused("a port is between 1 and 65535".into()));
    }
    let user = checks::typed(checks::name("a user name", &setup.user))?;
    let folder = match setup.folder.trim() {
        "" => "INBOX".to_owned(),
        folder => checks::typed(checks::name("a folder's name", folder))?,
    };
    let password = setup
        .password
        .clone()
        .filter(|password| !password.is_empty());
    if let Some(password) = &password {
        checks::typed(checks::length("a password", password, checks::SECRET))?;
    }
    let account = Account {
        id: Account::id_of(&host, &user, &folder),
        host,
        port: setup.port,
        security: setup.security,
        user,
        folder,
        ..Account::default()
    };
    Ok((account, password))
}

/// The code of an error of a mail server.
pub(crate) fn code(error: &MailError) -> ProblemCode {
    match error {
        MailError::HostNotFound(_) => ProblemCode::HostNotFound,
        MailError::NoConnection { .. } => ProblemCode::NoConnection,
        MailError::TimedOut(_) => ProblemCode::TimedOut,
        MailError::Certificate { why, .. } => match why {
            UntrustedBecause::UnknownIssuer => ProblemCode::CertificateUntrusted,
            UntrustedBecause::Expired => ProblemCode::CertificateExpired,
            UntrustedBecause::OtherName => ProblemCode::CertificateName,
            _ => ProblemCode::Tls,
        },
        MailError::Tls { .. } => ProblemCode::Tls,
        MailError::WrongPassword(why) if why == NO_PASSWORD => ProblemCode::NoPassword,
        MailError::WrongPassword(_) => ProblemCode::WrongPassword,
        MailError::AppPassword(_) => ProblemCode::AppPassword,
        MailError::NoFolder(_) => ProblemCode::FolderMissing,
        MailError::NoStartTls(_)
        | MailError::Unencrypted
        | MailError::NotImap(_)
        | MailError::NoPasswordLogin(_) => ProblemCode::NotAMailServer,
        MailError::Refused(_) => ProblemCode::MailRefused,
        MailError::TooLarge => ProblemCode::TooLarge,
        MailError::BrokeOff(_) => ProblemCode::BrokeOff,
    }
}

impl From<&MailError> for Failure {
    fn from(error: &MailError) -> Self {
        let failure_code = if error.is_unreached() {
            FailureCode::Offline
        } else {
            FailureCode::FetchFailed
        };
        Self {
            code: failure_code,
            message: error.to_string(),
            detail: code(error).to_string(),
        }
    }
}

impl From<&MailError> for Problem {
    fn from(error: &MailError) -> Self {
        Self {
            code: code(error),
            detail: error.to_string(),
        }
    }
}
