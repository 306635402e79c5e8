//! Saving links to services where the reader has an account. Each save waits in the outbox until its
//! service has it; secrets stand in the system's keyring and nowhere else.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;
use warta_net::{FetchError, Secret, Sending, is_private_host};
use warta_share::service::{self, Account, Needs, Service};
use warta_store::Forward;

use crate::api::{
    Connection, Failure, FailureCode, ForwardRecord, ForwardState, SecretsKept, ServiceAccount,
    ServiceNeeds, ShareService, Subject,
};
use crate::failure::fetch_code;
use crate::forwarding::Waiting;
use crate::pictures::off_async;
use crate::vault::Secrets;
use crate::{Engine, Result, checks};

/// Where the accounts are, without their secrets, as one JSON record by service.
pub(crate) const RECORD: &str = "services";
/// The problem of an account whose token is not taken any more.
const SIGN_IN: &str = "signIn";
/// Seconds until the second try; doubled for each further one.
const FIRST_WAIT: i64 = 60;
/// Seconds between two tries at most.
const LONGEST_WAIT: i64 = 6 * 3600;
/// How often waiting saves are looked at.
const TICK: Duration = Duration::from_secs(30);

/// What a service answered, or the code of the problem and how many seconds it asks to wait.
type Asked<T> = std::result::Result<T, (String, Option<i64>)>;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Known {
    address: String,
    user: String,
    client_id: String,
    /// The service has taken it.
    taken: bool,
}

impl Engine {
    /// The services that Warta saves to, and whether the reader has an account there. Blocks.
    pub fn share_services(&self) -> Result<Vec<ShareService>> {
        let known = self.known()?;
        let view = |service: &Service| {
            let account = known.get(service.id);
            ShareService {
                id: service.id.into(),
                name: service.name.into(),
                needs: match service.needs {
                    Needs::Token => ServiceNeeds::Token,
                    Needs::Login => ServiceNeeds::Login,
                    Needs::Client => ServiceNeeds::Client,
                },
                address: account
                    .map_or(service.address, |account| account.address.as_str())
                    .into(),
                own_address: service.address.is_empty(),
                where_to_get: service.where_to_get.into(),
                connected: account.is_some(),
                taken: account.is_some_and(|account| account.taken),
            }
        };
        Ok(service::SERVICES.iter().map(view).collect())
    }

    /// Keeps an account; its secrets go into the system's keyring, and what waits for a new token goes
    /// out again. Blocks.
    pub fn connect_service(&self, id: &str, account: &ServiceAccount) -> Result<SecretsKept> {
        let service = service::find(id).ok_or_else(|| Failure::not_found("service"))?;
        for field in [
            &account.address,
            &account.token,
            &account.user,
            &account.password,
            &account.client_id,
            &account.client_secret,
        ] {
            checks::typed(checks::length("an account's field", field, checks::SECRET))?;
        }
        let address = match account.address.trim() {
            "" => service.address,
            address => address,
        };
        let address = sound_address(address)?;
        let missing = match service.needs {
            Needs::Token => account.token.trim().is_empty(),
            Needs::Login => account.user.trim().is_empty(),
            Needs::Client => [
                &account.client_id,
                &account.client_secret,
                &account.user,
                &account.password,
            ]
            .iter()
            .any(|field| field.trim().is_empty()),
        };
        if missing {
            return Err(Failure::new(
                FailureCode::BadInput,
                "something that the service asks for is missing",
            ));
        }
        let mut secrets = Secrets::default();
        for (name, value) in [
            ("token", account.token.trim()),
            ("password", account.password.as_str()),
            ("client_secret", account.client_secret.trim()),
        ] {
            if !value.is_empty() {
                secrets.headers.insert(name.into(), value.into());
            }
        }
        let kept = self.inner.vault.keep(&key(id), secrets);
        let mut known = self.known()?;
        known.insert(
            id.to_owned(),
            Known {
                address,
                user: account.user.trim().to_owned(),
                client_id: account.client_id.trim().to_owned(),
                taken: false,
            },
        );
        self.keep_known(&known)?;
        let waiting: Vec<u64> = self
            .waiting_forwards()?
            .into_iter()
            .filter(|forward| forward.channel == id)
            .map(|forward| forward.id)
            .collect();
        self.change_waiting(|all| {
            for id in waiting {
                let about = all.entry(id).or_default();
                about.problem = None;
                about.not_before = 0;
            }
        })?;
        Ok(kept)
    }

    /// Asks a service whether it takes the reader's account; where it does not, or cannot be asked, gives the
    /// problem's code, `signIn` for a refusal.
    pub async fn check_service(&self, id: &str) -> Result<Option<String>> {
        let engine = self.clone();
        let channel = id.to_owned();
        let Some((service, account)) =
            off_async(move || engine.service_account(&channel)).await??
        else {
            return Ok(Some(SIGN_IN.to_owned()));
        };
        let answer = async {
            let account = self.signed_in(service, account).await?;
            match service::check(service, &account) {
                Some(request) => self.ask_service(request).await.map(drop),
                None => Ok(()),
            }
        };
        match answer.await {
            Ok(()) => {
                let engine = self.clone();
                off_async(move || engine.remember_taken(service.id)).await??;
                Ok(None)
            }
            Err((problem, _)) => {
                tracing::info!(service = id, problem, "an account was not taken");
                Ok(Some(problem))
            }
        }
    }

    /// Forgets an account and its secrets. What waits for it stays, to be dropped by the reader. Blocks.
    pub fn disconnect_service(&self, id: &str) -> Result<()> {
        self.inner.vault.keep(&key(id), Secrets::default());
        let mut known = self.known()?;
        known.remove(id);
        self.keep_known(&known)
    }

    /// Sends what was just put into the outbox for a service, unless the reader wants it to wait; any
    /// other record comes back as it is.
    pub async fn finish_forward(&self, record: ForwardRecord, wait: bool) -> Result<ForwardRecord> {
        if record.by_itself && record.state == ForwardState::Waiting && !wait {
            self.send_save(record.id).await
        } else {
            Ok(record)
        }
    }

    /// Sends one save now, whenever it was to be tried next. What fails stays in the outbox and says why.
    pub async fn send_save(&self, id: u64) -> Result<ForwardRecord> {
        let _one_at_a_time = self.inner.saving.lock().await;
        let engine = self.clone();
        let (forward, waiting) = off_async(move || engine.waiting(id)).await??;
        self.send(forward, waiting).await
    }

    /// Sends the saves whose time has come, one after the other; gives how many went out.
    pub async fn send_saves(&self) -> Result<u32> {
        let _one_at_a_time = self.inner.saving.lock().await;
        let engine = self.clone();
        let due = off_async(move || engine.due_saves()).await??;
        let mut sent = 0;
        for (forward, waiting) in due {
            let record = self.send(forward, waiting).await?;
            sent += u32::from(record.state == ForwardState::Opened);
            if matches!(
                record.problem.as_deref(),
                Some("noConnection" | "hostNotFound")
            ) {
                break;
            }
        }
        Ok(sent)
    }

    /// Sends what waits for services for as long as it is polled. Its owner ends it by dropping it.
    pub async fn keep_saving(&self) {
        loop {
            if !matches!(self.connection(), Connection::Offline | Connection::Portal)
                && let Err(failure) = self.send_saves().await
            {
                tracing::warn!(?failure, "what waits for services could not be sent");
            }
            tokio::time::sleep(TICK).await;
        }
    }

    pub(crate) fn connected_services(&self) -> Vec<String> {
        self.known().unwrap_or_default().into_keys().collect()
    }

    fn due_saves(&self) -> Result<Vec<(Forward, Waiting)>> {
        let now = self.now();
        let mut about = self.all_waiting()?;
        let waiting = self.waiting_forwards()?;
        Ok(waiting
            .into_iter()
            .filter(|forward| service::find(&forward.channel).is_some())
            .map(|forward| {
                let about = about.remove(&forward.id).unwrap_or_default();
                (forward, about)
            })
            // A token that is not taken will not be taken later either.
            .filter(|(_, about)| {
                about.not_before <= now && about.problem.as_deref() != Some(SIGN_IN)
            })
            .collect())
    }

    async fn send(&self, mut forward: Forward, mut waiting: Waiting) -> Result<ForwardRecord> {
        let engine = self.clone();
        let (channel, subject) = (forward.channel.clone(), waiting.subject.clone());
        let article = forward.article.map(|id| id.0);
        let prepared = off_async(move || engine.prepared(&channel, subject, article)).await??;
        let outcome = match prepared {
            Some((service, account, subject)) => self.save(service, account, &subject).await,
            None => Err(SIGN_IN.to_owned()).map_err(|code| (code, None)),
        };
        waiting.tries += 1;
        let record = match outcome {
            Ok(()) => {
                forward.state = warta_store::ForwardState::Opened;
                let engine = self.clone();
                off_async(move || {
                    engine.settled(&forward)?;
                    engine.remember_taken(&forward.channel)?;
                    Ok::<_, Failure>(engine.record(forward, &Waiting::default()))
                })
                .await??
            }
            Err((problem, asked)) => {
                tracing::info!(service = forward.channel, problem, "a save has to wait");
                let doubled = FIRST_WAIT << (waiting.tries - 1).min(9);
                let wait = doubled.min(LONGEST_WAIT).max(asked.unwrap_or(0));
                waiting.not_before = self.now() + wait;
                waiting.problem = Some(problem);
                let engine = self.clone();
                off_async(move || {
                    let kept = waiting.clone();
                    engine.change_waiting(|all| {
                        all.insert(forward.id, kept);
                    })?;
                    engine.tell(crate::api::Event::PlacesChanged);
                    Ok::<_, Failure>(engine.record(forward, &waiting))
                })
                .await??
            }
        };
        Ok(record)
    }

    /// The account and what is saved; none where the reader has no account any more.
    fn prepared(
        &self,
        channel: &str,
        subject: Option<Subject>,
        article: Option<u64>,
    ) -> Result<Option<(&'static Service, Account, warta_share::Subject)>> {
        let subject = subject
            .or(article.map(|id| Subject::Article { id }))
            .ok_or_else(|| Failure::not_found("article"))?;
        let (subject, _) = self.subject(&subject)?;
        let account = self.service_account(channel)?;
        Ok(account.map(|(service, account)| (service, account, subject)))
    }

    /// The reader's account, secrets included; none where there is none any more.
    fn service_account(&self, channel: &str) -> Result<Option<(&'static Service, Account)>> {
        let (Some(service), Some(known)) = (service::find(channel), self.known()?.remove(channel))
        else {
            return Ok(None);
        };
        let mut secrets = self.inner.vault.of(&key(channel)).headers;
        let mut secret = |name: &str| secrets.remove(name).unwrap_or_default();
        let account = Account {
            address: known.address,
            user: known.user,
            client_id: known.client_id,
            token: secret("token"),
            password: secret("password"),
            client_secret: secret("client_secret"),
        };
        let has_secret = match service.needs {
            Needs::Token => !account.token.is_empty(),
            Needs::Login => true,
            Needs::Client => !account.client_secret.is_empty(),
        };
        Ok(has_secret.then_some((service, account)))
    }

    fn remember_taken(&self, id: &str) -> Result<()> {
        let mut known = self.known()?;
        match known.get_mut(id) {
            Some(account) if !account.taken => account.taken = true,
            _ => return Ok(()),
        }
        self.keep_known(&known)
    }

    /// Saves, or says why not and how many seconds the service asks to wait.
    async fn save(
        &self,
        service: &Service,
        account: Account,
        subject: &warta_share::Subject,
    ) -> Asked<()> {
        let account = self.signed_in(service, account).await?;
        let request = service::save(service, &account, subject);
        self.ask_service(request).await.map(drop)
    }

    /// The account with a token, where the service gives one only for signing in.
    async fn signed_in(&self, service: &Service, mut account: Account) -> Asked<Account> {
        if let Some(request) = service::sign_in(service, &account) {
            let answer = self.send_request(request).await;
            let answer = answer.map_err(|error| match error {
                // "invalid_grant" and "invalid_client" (RFC 6749 § 5.2).
                FetchError::Status { status: 400, .. } => (SIGN_IN.to_owned(), None),
                error => refusal(&error),
            })?;
            account.token =
                service::token(&answer).ok_or_else(|| ("badAnswer".to_owned(), None))?;
        }
        Ok(account)
    }

    async fn ask_service(&self, request: service::Request) -> Asked<Vec<u8>> {
        let answer = self.send_request(request).await;
        answer.map_err(|error| refusal(&error))
    }

    async fn send_request(
        &self,
        request: service::Request,
    ) -> std::result::Result<Vec<u8>, FetchError> {
        let sending = Sending {
            url: request.url,
            authorization: request.authorization.map(Secret),
            body: request.body.map(|(kind, body)| (kind, Secret(body))),
        };
        self.inner.client.send(sending).await
    }

    fn known(&self) -> Result<BTreeMap<String, Known>> {
        let json = self.store().setting(RECORD)?.unwrap_or_default();
        let mut known: BTreeMap<String, Known> = serde_json::from_str(&json).unwrap_or_default();
        // A repaired or imported store may hold what nobody could have typed.
        known.retain(|_, account| sound_address(&account.address).is_ok());
        Ok(known)
    }

    fn keep_known(&self, known: &BTreeMap<String, Known>) -> Result<()> {
        let json = serde_json::to_string(known)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        Ok(self.store().set_setting(RECORD, &json)?)
    }
}

/// The accounts that a file brings; calls `refused` for each that is left out. The keyring may hold secrets
/// of the same service, so an account is taken only at the service's own address: a file must not say where
/// secrets are sent.
pub(crate) fn checked_record(json: &str, refused: &mut dyn FnMut(&str)) -> checks::Checked<String> {
    let mut known: BTreeMap<String, Known> =
        serde_json::from_str(json).map_err(|error| error.to_string())?;
    known.retain(|id, account| {
        let is_own = service::find(id).is_some_and(|service| {
            let own = sound_address(service.address).ok();
            own.is_some() && sound_address(&account.address).ok() == own
        });
        let is_short = [&account.user, &account.client_id]
            .iter()
            .all(|field| checks::length("", field, checks::SECRET).is_ok());
        account.taken = false;
        if !(is_own && is_short) {
            refused(id);
        }
        is_own && is_short
    });
    Ok(crate::tags::json(&known))
}

/// The name that a service's secrets have in the vault.
fn key(id: &str) -> String {
    format!("service:{id}")
}

fn refusal(error: &FetchError) -> (String, Option<i64>) {
    match error {
        FetchError::Status {
            status: 401 | 403, ..
        } => (SIGN_IN.to_owned(), None),
        FetchError::Status {
            status,
            retry_after,
        } => {
            let code = match status {
                429 => "tooManyRequests",
                500.. => "serverError",
                _ => "status",
            };
            let asked = retry_after.map(|seconds| i64::try_from(seconds).unwrap_or(LONGEST_WAIT));
            (code.to_owned(), asked.map(|s| s.min(24 * 3600)))
        }
        error => (fetch_code(error).to_owned(), None),
    }
}

/// An address that secrets may go to: https, or the reader's own network.
fn sound_address(address: &str) -> Result<String> {
    let refused = |what: &str| Failure::new(FailureCode::BadAddress, what.to_owned());
    let with_scheme = if address.contains("://") {
        address.to_owned()
    } else {
        format!("https://{address}")
    };
    let url = Url::parse(with_scheme.trim())
        .ok()
        .filter(|url| url.has_host() && url.username().is_empty() && url.password().is_none())
        .ok_or_else(|| refused("that is no web address"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_private_host(&url) => {}
        _ => {
            return Err(refused(
                "secrets go to https addresses only, or into your own network",
            ));
        }
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
