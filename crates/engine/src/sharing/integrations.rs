//! Saves links to integrations that the reader has an account with. Each save waits in the outbox
//! until the service has accepted it; secrets are stored in the system keyring only.

use std::sync::Arc;

use warta_net::{FetchError, PostRequest, Secret};
use warta_share::service::{self, Account, Needs, Service};
use warta_store::{Forward, ProblemCode};

use crate::api::failures::fetch_code;
use crate::api::{
    Failure, FailureCode, ForwardRecord, ForwardState, Result, SecretsKept, ServiceAccount,
    ServiceNeeds, ShareService, Subject,
};
use crate::context::{Context, blocking, checks};
use crate::network::credentials::{Credentials, Secrets};
use crate::sharing::outbox::{Outbox, Waiting};
use crate::sharing::preferences;
use crate::sharing::preferences::SharePreferences;
use crate::sharing::subjects::Subjects;

/// Seconds before the second attempt; doubled for each further one.
const FIRST_WAIT: i64 = 60;
/// Maximum seconds between two attempts.
const LONGEST_WAIT: i64 = 6 * 3600;

/// A service's response, or a problem code and the seconds that it asks to wait.
pub(super) type Asked<T> = std::result::Result<T, (ProblemCode, Option<i64>)>;

/// Saves links to integrations that the reader has an account with.
pub struct Integrations {
    ctx: Arc<Context>,
    credentials: Arc<Credentials>,
    preferences: Arc<SharePreferences>,
    outbox: Arc<Outbox>,
    subjects: Arc<Subjects>,
    sending: tokio::sync::Mutex<()>,
}

impl Integrations {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        credentials: &Arc<Credentials>,
        preferences: &Arc<SharePreferences>,
        outbox: &Arc<Outbox>,
        subjects: &Arc<Subjects>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            credentials: Arc::clone(credentials),
            preferences: Arc::clone(preferences),
            outbox: Arc::clone(outbox),
            subjects: Arc::clone(subjects),
            sending: tokio::sync::Mutex::default(),
        }
    }

    /// The supported services, and whether the reader has an account with each.
    pub fn share_services(&self) -> Result<Vec<ShareService>> {
        let known = self.preferences.known()?;
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

    /// Stores an account; its secrets go into the system keyring. Saves that waited for a valid
    /// token are sent.
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
        let address = preferences::valid_address(address)?;
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
                "a field that the service requires is empty",
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
        let kept = self.credentials.keep(&key(id), secrets);
        let mut known = self.preferences.known()?;
        known.insert(
            id.to_owned(),
            preferences::Account {
                address,
                user: account.user.trim().to_owned(),
                client_id: account.client_id.trim().to_owned(),
                taken: false,
            },
        );
        self.preferences.keep_known(&known)?;
        let waiting: Vec<u64> = self
            .outbox
            .waiting_forwards()?
            .into_iter()
            .filter(|forward| forward.channel == id)
            .map(|forward| forward.id)
            .collect();
        self.outbox.change_waiting(|all| {
            for id in waiting {
                let about = all.entry(id).or_default();
                about.problem = None;
                about.not_before = 0;
            }
        })?;
        Ok(kept)
    }

    /// Checks whether a service accepts the reader's account. Returns the problem code if it does
    /// not or cannot be reached; [`ProblemCode::SignIn`] if the credentials are rejected.
    pub async fn check_service(self: &Arc<Self>, id: &str) -> Result<Option<ProblemCode>> {
        let channel = id.to_owned();
        let Some((service, account)) =
            blocking(self, move |this| this.service_account(&channel)).await?
        else {
            return Ok(Some(ProblemCode::SignIn));
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
                blocking(self, move |this| {
                    this.preferences.remember_taken(service.id)
                })
                .await?;
                Ok(None)
            }
            Err((problem, _)) => {
                tracing::info!(service = id, %problem, "account rejected");
                Ok(Some(problem))
            }
        }
    }

    /// Removes an account and its secrets. Its waiting saves stay until the reader discards them.
    pub fn disconnect_service(&self, id: &str) -> Result<()> {
        self.credentials.keep(&key(id), Secrets::default());
        let mut known = self.preferences.known()?;
        known.remove(id);
        self.preferences.keep_known(&known)
    }

    /// Sends a new outbox entry to its integration unless the reader wants it to wait; returns any
    /// other record unchanged.
    pub async fn finish_forward(
        self: &Arc<Self>,
        record: ForwardRecord,
        wait: bool,
    ) -> Result<ForwardRecord> {
        if record.by_itself && record.state == ForwardState::Waiting && !wait {
            self.send_save(record.id).await
        } else {
            Ok(record)
        }
    }

    /// Sends one save now, regardless of its retry time. On failure it stays in the outbox with the
    /// reason.
    pub async fn send_save(self: &Arc<Self>, id: u64) -> Result<ForwardRecord> {
        let _one_at_a_time = self.sending.lock().await;
        let (forward, waiting) = blocking(self, move |this| this.outbox.waiting(id)).await?;
        self.send(forward, waiting).await
    }

    /// Sends the saves that are due, one after the other; returns how many were sent.
    pub async fn send_saves(self: &Arc<Self>) -> Result<u32> {
        let _one_at_a_time = self.sending.lock().await;
        let due = blocking(self, move |this| this.due_saves()).await?;
        let mut sent = 0;
        for (forward, waiting) in due {
            let record = self.send(forward, waiting).await?;
            sent += u32::from(record.state == ForwardState::Opened);
            if matches!(
                record.problem,
                Some(ProblemCode::NoConnection | ProblemCode::HostNotFound)
            ) {
                break;
            }
        }
        Ok(sent)
    }

    fn due_saves(&self) -> Result<Vec<(Forward, Waiting)>> {
        let now = self.ctx.now();
        let mut about = self.outbox.all_waiting()?;
        let waiting = self.outbox.waiting_forwards()?;
        Ok(waiting
            .into_iter()
            .filter(|forward| service::find(&forward.channel).is_some())
            .map(|forward| {
                let about = about.remove(&forward.id).unwrap_or_default();
                (forward, about)
            })
            // A rejected token stays invalid, so do not retry.
            .filter(|(_, about)| {
                about.not_before <= now && about.problem != Some(ProblemCode::SignIn)
            })
            .collect())
    }

    pub(crate) async fn send(
        self: &Arc<Self>,
        mut forward: Forward,
        mut waiting: Waiting,
    ) -> Result<ForwardRecord> {
        let (channel, subject) = (forward.channel.clone(), waiting.subject.clone());
        let article = forward.article.map(|id| id.0);
        let prepared =
            blocking(self, move |this| this.prepared(&channel, subject, article)).await?;
        let outcome = match prepared {
            Some((service, account, subject)) => self.save(service, account, &subject).await,
            None => Err(ProblemCode::SignIn).map_err(|code| (code, None)),
        };
        waiting.tries += 1;
        let record = match outcome {
            Ok(()) => {
                forward.state = warta_store::ForwardState::Opened;
                blocking(self, move |this| {
                    this.outbox.settled(&forward)?;
                    this.preferences.remember_taken(&forward.channel)?;
                    Ok::<_, Failure>(this.outbox.record(forward, &Waiting::default()))
                })
                .await?
            }
            Err((problem, asked)) => {
                tracing::info!(service = forward.channel, %problem, "save postponed");
                let doubled = FIRST_WAIT << (waiting.tries - 1).min(9);
                let wait = doubled.min(LONGEST_WAIT).max(asked.unwrap_or(0));
                waiting.not_before = self.ctx.now() + wait;
                waiting.problem = Some(problem);
                blocking(self, move |this| {
                    let kept = waiting.clone();
                    this.outbox.change_waiting(|all| {
                        all.insert(forward.id, kept);
                    })?;
                    this.ctx.emit(crate::api::Event::PlacesChanged);
                    Ok::<_, Failure>(this.outbox.record(forward, &waiting))
                })
                .await?
            }
        };
        Ok(record)
    }

    /// The account and the item to save; `None` if the account was removed.
    fn prepared(
        &self,
        channel: &str,
        subject: Option<Subject>,
        article: Option<u64>,
    ) -> Result<Option<(&'static Service, Account, warta_share::Subject)>> {
        let subject = subject
            .or(article.map(|id| Subject::Article { id }))
            .ok_or_else(|| Failure::not_found("article"))?;
        let (subject, _) = self.subjects.subject(&subject)?;
        let account = self.service_account(channel)?;
        Ok(account.map(|(service, account)| (service, account, subject)))
    }

    /// The reader's account with its secrets; `None` if it was removed.
    pub(super) fn service_account(
        &self,
        channel: &str,
    ) -> Result<Option<(&'static Service, Account)>> {
        let (Some(service), Some(known)) = (
            service::find(channel),
            self.preferences.known()?.remove(channel),
        ) else {
            return Ok(None);
        };
        let mut secrets = self.credentials.of(&key(channel)).headers;
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

    /// Saves the item, or returns the problem code and the seconds that the service asks to wait.
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

    /// Adds a token to the account, for services that issue one at sign-in.
    async fn signed_in(&self, service: &Service, mut account: Account) -> Asked<Account> {
        if let Some(request) = service::sign_in(service, &account) {
            let answer = self.send_request(request).await;
            let answer = answer.map_err(|error| match error {
                // "invalid_grant" and "invalid_client" (RFC 6749 § 5.2).
                FetchError::Status { status: 400, .. } => (ProblemCode::SignIn, None),
                error => refusal(&error),
            })?;
            account.token = service::token(&answer).ok_or((ProblemCode::BadAnswer, None))?;
        }
        Ok(account)
    }

    pub(super) async fn ask_service(&self, request: service::Request) -> Asked<Vec<u8>> {
        let answer = self.send_request(request).await;
        answer.map_err(|error| refusal(&error))
    }

    async fn send_request(
        &self,
        request: service::Request,
    ) -> std::result::Result<Vec<u8>, FetchError> {
        let sending = PostRequest {
            url: request.url,
            authorization: request.authorization.map(Secret),
            body: request.body.map(|(kind, body)| (kind, Secret(body))),
        };
        self.ctx.http.post(sending).await
    }
}

/// The keyring entry of a service's secrets.
fn key(id: &str) -> String {
    format!("service:{id}")
}

fn refusal(error: &FetchError) -> (ProblemCode, Option<i64>) {
    match error {
        FetchError::Status {
            status: 401 | 403, ..
        } => (ProblemCode::SignIn, None),
        FetchError::Status {
            status,
            retry_after,
        } => {
            let code = match status {
                429 => ProblemCode::TooManyRequests,
                500.. => ProblemCode::ServerError,
                _ => ProblemCode::Status,
            };
            let asked = retry_after.map(|seconds| i64::try_from(seconds).unwrap_or(LONGEST_WAIT));
            (code, asked.map(|s| s.min(24 * 3600)))
        }
        error => (fetch_code(error), None),
    }
}
