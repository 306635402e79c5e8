//! Recognises pages with status 200 that are not articles: bot checks, consent and sign-in pages,
//! blocks, paywalls, and "not found" pages.
//!
//! A page is one of these by the markup of the service that sends it, or by its heading on a page
//! with little text. Words in the text alone never decide: articles are written about all of these.

use crate::model::Barrier;
use crate::outline::Outline;
use crate::parse::{Data, Tree};
use crate::phrases::is_barrier;

/// Longer pages are articles or consent pages.
const LONG_ARTICLE: u32 = 350;
/// Longer pages are always articles.
const LONG_CONSENT: u32 = 1_500;
/// On pages with fewer words, a heading alone decides.
const FEW_WORDS: u32 = 120;
/// Maximum length of a heading, in characters.
const LONGEST_HEADING: usize = 120;
/// Length of the text that is searched for phrases, in bytes.
const LOOKED_AT: usize = 6_000;

/// The kind of barrier that a page is, if it is not an article. `text` is the extracted text,
/// `words` its number of words.
pub(crate) fn barrier(
    tree: &Tree,
    outline: &Outline<'_>,
    title: Option<&str>,
    text: &str,
    words: u32,
) -> Option<Barrier> {
    if words > LONG_CONSENT {
        return None;
    }
    let markup = Markup::of(tree, words < LONG_ARTICLE);
    if let Some(found) = markup.barrier.filter(|_| words < LONG_ARTICLE) {
        return Some(found);
    }
    let short = |headings: Vec<String>| -> Vec<String> {
        headings
            .into_iter()
            .filter(|heading| heading.chars().count() <= LONGEST_HEADING)
            .map(|heading| plain(&heading))
            .collect()
    };
    let mut headings = markup.headings;
    headings.extend(title.map(str::to_owned));
    let headings = short(headings);
    let says = |phrases: &[&str]| is_any_said(&headings, phrases);
    let low = plain(&text[..text.floor_char_boundary(LOOKED_AT)]);
    let count = |phrases: &[&str]| {
        phrases
            .iter()
            .filter(|phrase| low.contains(**phrase))
            .count()
    };
    // A long page is only a consent page if it contains more of the phrases.
    let consents = if words > LONG_ARTICLE { 4 } else { 2 };
    if says(CONSENT_HEADINGS) && count(CONSENT_WORDS) >= consents {
        return Some(Barrier::Consent);
    }
    if words > LONG_ARTICLE {
        return None;
    }
    let is_short = words < FEW_WORDS;
    // If the extracted text is nearly empty, the text of the whole page is searched too.
    let is_bare = words < 20 && outline.letters(0) < 1_500;
    let all = outline.short_text(0, LOOKED_AT).filter(|_| is_bare);
    let all = plain(&all.unwrap_or_default());
    let needs_script = |phrase: &&str| low.contains(*phrase) || all.contains(*phrase);
    if says(CHECK_HEADINGS) && (is_short || count(CHECK_WORDS) >= 2)
        || is_short
            && (SCRIPT_WORDS.iter().any(needs_script)
                || is_any_said(&short(markup.subheadings), CHECK_HEADINGS))
    {
        return Some(Barrier::BotCheck);
    }
    if says(BLOCK_HEADINGS) && (words < 60 || count(BLOCK_WORDS) >= 1) {
        return Some(Barrier::Blocked);
    }
    if is_short && says(NOT_FOUND_HEADINGS) {
        return Some(Barrier::NotFound);
    }
    if is_short && markup.asks_for_password && says(LOGIN_HEADINGS) {
        return Some(Barrier::Login);
    }
    // A longer beginning of a paywalled article is kept and marked as such.
    if words < 60 && (says(PAY_HEADINGS) || low.len() < 400 && is_barrier(&low)) {
        return Some(Barrier::Paywall);
    }
    (is_bare && markup.asks_for_password).then_some(Barrier::Login)
}

fn is_any_said(headings: &[String], phrases: &[&str]) -> bool {
    headings
        .iter()
        .any(|heading| phrases.iter().any(|phrase| is_said(heading, phrase)))
}

/// Whether a heading consists of the phrase, optionally with the site's name.
fn is_said(heading: &str, phrase: &str) -> bool {
    let Some(at) = heading.find(phrase) else {
        return false;
    };
    let beside = |c: char| matches!(c, '|' | '-' | '–' | '—' | '·' | '•' | '»' | '/');
    let before = heading[..at].trim_end();
    let behind =
        heading[at + phrase.len()..].trim_start_matches(['.', '!', '…', '?', '。', '！', ' ', ')']);
    // Text after a colon makes it a headline about the phrase ("Page not found: how links die").
    (before.is_empty()
        || before.ends_with(beside)
        || before.ends_with(':')
        || before.ends_with("404")
        || before.ends_with("403"))
        && (behind.is_empty() || behind.starts_with(beside))
}

/// Lower case, white space folded, one kind of apostrophe.
fn plain(text: &str) -> String {
    let mut low = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !low.is_empty() {
            low.push(' ');
        }
        for c in word.chars() {
            match c {
                '’' | '‘' | 'ʼ' => low.push('\''),
                c => low.extend(c.to_lowercase()),
            }
        }
    }
    low
}

/// What the markup of a page shows.
#[derive(Default)]
struct Markup {
    barrier: Option<Barrier>,
    /// Texts of `title` and `h1`.
    headings: Vec<String>,
    subheadings: Vec<String>,
    asks_for_password: bool,
}

impl Markup {
    fn of(tree: &Tree, with_scripts: bool) -> Self {
        let mut found = Self::default();
        for id in tree.ids() {
            let Data::Element(_, attributes) = tree.data(id) else {
                continue;
            };
            let name = tree.name(id).unwrap_or_default();
            match name {
                "title" | "h1" if found.headings.len() < 6 => found.headings.push(tree.text(id)),
                "h2" if found.subheadings.len() < 3 => found.subheadings.push(tree.text(id)),
                "input" => {
                    found.asks_for_password |= tree
                        .attribute(id, "type")
                        .is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
                }
                "script" if with_scripts && found.barrier.is_none() => {
                    let address = tree.attribute(id, "src").unwrap_or_default();
                    let text = tree.text(id);
                    let text = &text[..text.floor_char_boundary(20_000)];
                    let of_script = SCRIPTS
                        .iter()
                        .find(|(mark, _)| address.contains(mark) || text.contains(mark));
                    found.barrier = of_script.map(|(_, barrier)| *barrier);
                }
                "iframe" if found.barrier.is_none() => {
                    let address = tree.attribute(id, "src").unwrap_or_default();
                    if ["_Incapsula_Resource", "captcha-delivery.com"]
                        .iter()
                        .any(|mark| address.contains(mark))
                    {
                        found.barrier = Some(Barrier::BotCheck);
                    }
                }
                "form" if found.barrier.is_none() => {
                    let action = tree.attribute(id, "action").unwrap_or_default();
                    let asks = ["consent.google.", "consent.youtube.", "consent.yahoo."];
                    if asks.iter().any(|host| action.contains(host)) {
                        found.barrier = Some(Barrier::Consent);
                    }
                }
                _ => {}
            }
            if found.barrier.is_none() {
                let mut named = attributes
                    .iter()
                    .filter(|a| matches!(&*a.name.local, "id" | "class"))
                    .flat_map(|a| a.value.split_ascii_whitespace());
                found.barrier = named
                    .find_map(|name| NAMES.iter().find(|(mark, _)| *mark == name))
                    .map(|(_, barrier)| *barrier);
            }
        }
        found
    }
}

/// Ids and classes found only on the pages of services that check or block visitors.
const NAMES: &[(&str, Barrier)] = &[
    ("challenge-running", Barrier::BotCheck),
    ("challenge-stage", Barrier::BotCheck),
    ("challenge-form", Barrier::BotCheck),
    ("challenge-error-title", Barrier::BotCheck),
    ("challenge-error-text", Barrier::BotCheck),
    ("cf-browser-verification", Barrier::BotCheck),
    ("cf-challenge-running", Barrier::BotCheck),
    ("cf-error-details", Barrier::Blocked),
    ("px-captcha", Barrier::BotCheck),
    ("px-captcha-wrapper", Barrier::BotCheck),
    ("sec-if-cpt-container", Barrier::BotCheck),
    ("sec-bc-text-container", Barrier::BotCheck),
    ("sp-captcha", Barrier::BotCheck),
    ("ddg-captcha", Barrier::BotCheck),
    ("anubis_challenge", Barrier::BotCheck),
    ("captcha-bypass", Barrier::BotCheck),
];

/// Script text found only on bot-check pages.
const SCRIPTS: &[(&str, Barrier)] = &[
    ("_cf_chl_opt", Barrier::BotCheck),
    ("geo.captcha-delivery.com", Barrier::BotCheck),
    ("ct.captcha-delivery.com/c.js", Barrier::BotCheck),
    ("ct.captcha-delivery.com/i.js", Barrier::BotCheck),
    ("window._pxBlockedUrl", Barrier::BotCheck),
    ("captcha.px-cdn.net", Barrier::BotCheck),
    ("captcha.px-cloud.net", Barrier::BotCheck),
    ("awsWafCookieDomainList", Barrier::BotCheck),
    ("window.gokuProps", Barrier::BotCheck),
    ("sucuri_cloudproxy_js", Barrier::BotCheck),
    ("check.ddos-guard.net", Barrier::BotCheck),
    ("/_sec/cp_challenge/", Barrier::BotCheck),
    ("slowAES.decrypt(", Barrier::BotCheck),
    ("/.within.website/x/cmd/anubis/", Barrier::BotCheck),
    ("/.well-known/vercel/security/", Barrier::BotCheck),
];

/// Headings of bot checks.
const CHECK_HEADINGS: &[&str] = &[
    "just a moment",
    "one moment, please",
    "attention required",
    "checking your browser",
    "checking your browser before accessing",
    "please wait while we verify",
    "verify you are human",
    "verify you are a human",
    "verifying you are human",
    "verifying your connection",
    "are you a robot",
    "are you human",
    "i am not a robot",
    "human verification",
    "security check",
    "security verification",
    "security checkpoint",
    "vercel security checkpoint",
    "captcha",
    "captcha challenge",
    "robot check",
    "bot verification",
    "ddos-guard",
    "ddos protection by cloudflare",
    "pardon our interruption",
    "please verify you are a human",
    "making sure you're not a bot",
    "access to this page has been denied",
    "unusual traffic",
    "client challenge",
    "please enable cookies",
    "please enable javascript",
    "enable javascript",
    "javascript is disabled",
    "javascript required",
    // Indonesian
    "tunggu sebentar",
    "mohon tunggu sebentar",
    "memeriksa browser anda",
    "verifikasi keamanan",
    "verifikasi bahwa anda manusia",
    "apakah anda robot",
    "pemeriksaan keamanan",
    "aktifkan javascript",
    // German, French, Spanish, Portuguese, Italian, Dutch
    "nur einen moment",
    "einen moment bitte",
    "sicherheitsüberprüfung",
    "sind sie ein mensch",
    "un instant",
    "un momento",
    "vérification de sécurité",
    "êtes-vous un robot",
    "comprobación de seguridad",
    "verificación de seguridad",
    "un momento, por favor",
    "um momento",
    "só um momento",
    "verificação de segurança",
    "controllo di sicurezza",
    "un attimo",
    "even geduld",
    // Russian, Turkish, Japanese, Chinese, Korean, Arabic
    "один момент",
    "подождите",
    "проверка безопасности",
    "вы не робот",
    "bir dakika lütfen",
    "güvenlik doğrulaması",
    "しばらくお待ちください",
    "请稍候",
    "请稍候…",
    "安全验证",
    "人机验证",
    "잠시만 기다리십시오",
    "لحظة من فضلك",
    "لحظة…",
];

/// Phrases of bot checks, lower case.
const CHECK_WORDS: &[&str] = &[
    "ray id",
    "cloudflare",
    "captcha",
    "robot",
    "not a bot",
    "human",
    "enable javascript",
    "turn on javascript",
    "security of your connection",
    "security service",
    "incident id",
    "reference id",
    "reference #",
    "automated",
    "unusual traffic",
    "your browser",
    "unusual activity",
    "javascript dan cookie",
    "javascript dan kuki",
    "browser anda",
    "peramban anda",
    "keamanan koneksi",
    "bukan robot",
    "javascript und cookies",
    "javascript et les cookies",
    "javascript y las cookies",
];

/// Phrases of pages that need JavaScript.
const SCRIPT_WORDS: &[&str] = &[
    "you need to enable javascript to run this app",
    "please enable js and disable any ad blocker",
    "enable javascript and cookies to continue",
    "please enable javascript to continue",
    "please turn javascript on and reload the page",
    "this page requires javascript",
    "this site requires javascript",
    "this website requires javascript",
    "javascript is not available",
    "javascript is required to view",
    "your browser does not support javascript",
    "we've detected that javascript is disabled",
    "request unsuccessful. incapsula",
    "the requested url was rejected. please consult with your administrator",
    "unusual traffic from your computer network",
    "aktifkan javascript",
    "javascript harus diaktifkan",
    "silakan aktifkan javascript",
    "bitte aktivieren sie javascript",
    "javascript muss aktiviert",
    "veuillez activer javascript",
    "habilite javascript",
    "habilita javascript",
    "active javascript para",
    "ative o javascript",
    "habilite o javascript",
    "abilita javascript",
    "schakel javascript in",
    "включите javascript",
    "javascript'i etkinleştir",
    "javascriptを有効",
    "请启用javascript",
    "请启用 javascript",
];

/// Headings of pages that block the visitor.
const BLOCK_HEADINGS: &[&str] = &[
    "access denied",
    "access forbidden",
    "forbidden",
    "403 forbidden",
    "error 403",
    "403 error",
    "sorry, you have been blocked",
    "you have been blocked",
    "you are blocked",
    "request blocked",
    "request rejected",
    "attention required",
    "blocked",
    "error 1020",
    "access to this site is blocked",
    "this site is blocked",
    "website blocked",
    "your access to this site has been limited",
    "your access to this service has been limited",
    "sucuri website firewall - access denied",
    "unavailable for legal reasons",
    "451: unavailable due to legal reasons",
    "not available in your region",
    "this content is not available in your region",
    "too many requests",
    "429 too many requests",
    // Indonesian
    "akses ditolak",
    "akses diblokir",
    "situs diblokir",
    "anda diblokir",
    "anda telah diblokir",
    "internet positif",
    "internet sehat",
    "trust positif",
    "trustpositif",
    // German, French, Spanish, Portuguese, Italian, Dutch, Russian, Turkish, Japanese, Chinese
    "zugriff verweigert",
    "zugriff gesperrt",
    "accès refusé",
    "accès interdit",
    "acceso denegado",
    "acesso negado",
    "accesso negato",
    "toegang geweigerd",
    "доступ запрещен",
    "доступ запрещён",
    "erişim engellendi",
    "アクセスが拒否されました",
    "访问被拒绝",
    "拒绝访问",
];

/// Phrases of pages that block the visitor, lower case.
const BLOCK_WORDS: &[&str] = &[
    "permission to access",
    "you were blocked",
    "been blocked",
    "you are unable to access",
    "cannot open",
    "reference #",
    "reference number",
    "ray id",
    "incident",
    "support id",
    "security service",
    "owner of this site",
    "site owner",
    "your ip",
    "ip address",
    "firewall",
    "administrator",
    "contact us",
    "try again",
    "your region",
    "your location",
    "your country",
    "edgesuite",
    "akses ke situs",
    "diblokir",
    "alamat ip",
    "kominfo",
    "pemilik situs",
    "tidak memiliki izin",
    "ihre ip",
    "votre adresse ip",
    "su dirección ip",
    "seu endereço ip",
    "ваш ip",
];

/// Headings of pages that ask for consent.
const CONSENT_HEADINGS: &[&str] = &[
    "before you continue",
    "before you continue to google",
    "before you continue to google search",
    "before you continue to youtube",
    "we value your privacy",
    "your privacy matters",
    "we care about your privacy",
    "we respect your privacy",
    "we and our partners value your privacy",
    "your privacy choices",
    "your privacy is important to us",
    "privacy settings",
    "cookie settings",
    "cookie consent",
    "cookies and privacy",
    "manage your cookies",
    "this site uses cookies",
    "we use cookies",
    "your data, your choice",
    "yahoo is part of the yahoo family of brands",
    // Indonesian
    "kami menghargai privasi anda",
    "kami menghormati privasi anda",
    "privasi anda penting bagi kami",
    "sebelum anda melanjutkan",
    "sebelum melanjutkan ke google",
    "pengaturan privasi",
    "pengaturan cookie",
    "pengaturan kuki",
    "persetujuan cookie",
    // German, French, Spanish, Portuguese, Italian, Dutch, Polish
    "bevor sie fortfahren",
    "wir schätzen ihre privatsphäre",
    "ihre privatsphäre ist uns wichtig",
    "ihre privatsphäre",
    "datenschutzeinstellungen",
    "cookie-einstellungen",
    "ihre einwilligung",
    "avant de continuer",
    "nous respectons votre vie privée",
    "votre vie privée nous importe",
    "votre vie privée",
    "gestion des cookies",
    "le respect de votre vie privée est notre priorité",
    "antes de continuar",
    "valoramos tu privacidad",
    "valoramos su privacidad",
    "tu privacidad es importante",
    "su privacidad es importante para nosotros",
    "configuración de cookies",
    "nós valorizamos sua privacidade",
    "valorizamos a sua privacidade",
    "a sua privacidade é importante para nós",
    "prima di continuare",
    "rispettiamo la tua privacy",
    "la tua privacy è importante per noi",
    "il rispetto della tua privacy è la nostra priorità",
    "voordat je verdergaat",
    "wij waarderen uw privacy",
    "je privacy is belangrijk voor ons",
    "szanujemy twoją prywatność",
    "мы ценим вашу конфиденциальность",
    "gizliliğinize önem veriyoruz",
    "プライバシーに関するお知らせ",
    "我们重视您的隐私",
];

/// Phrases of consent pages, lower case.
const CONSENT_WORDS: &[&str] = &[
    "cookie",
    "partner",
    "consent",
    "personal data",
    "advertis",
    "legitimate interest",
    "unique identifiers",
    "accept all",
    "reject all",
    "kuki",
    "mitra",
    "data pribadi",
    "iklan",
    "pengenal unik",
    "setuju",
    "einwilligung",
    "personenbezogene",
    "werbung",
    "données personnelles",
    "publicité",
    "partenaires",
    "datos personales",
    "publicidad",
    "socios",
    "dados pessoais",
    "publicidade",
    "parceiros",
    "dati personali",
    "pubblicità",
    "persoonsgegevens",
    "advertenties",
    "reklam",
    "данные",
    "рекламу",
    "クッキー",
    "广告",
];

/// Headings of pages that ask for a sign-in.
const LOGIN_HEADINGS: &[&str] = &[
    "log in",
    "login",
    "sign in",
    "sign in to continue",
    "log in to continue",
    "please log in",
    "please sign in",
    "log in or sign up",
    "member login",
    "subscriber login",
    "welcome back",
    "masuk",
    "masuk akun",
    "silakan masuk",
    "login akun",
    "anmelden",
    "anmeldung",
    "einloggen",
    "connexion",
    "se connecter",
    "identifiez-vous",
    "iniciar sesión",
    "inicia sesión",
    "acceder",
    "entrar",
    "iniciar sessão",
    "accedi",
    "inloggen",
    "logowanie",
    "zaloguj się",
    "вход",
    "войти",
    "giriş yap",
    "ログイン",
    "登录",
    "로그인",
    "تسجيل الدخول",
];

/// Headings of pages that ask for a subscription.
const PAY_HEADINGS: &[&str] = &[
    "subscribe to continue",
    "subscribe to continue reading",
    "subscribe to read",
    "subscribe to keep reading",
    "this article is for subscribers only",
    "subscribers only",
    "berlangganan untuk membaca",
    "khusus pelanggan",
    "konten khusus pelanggan",
    "nur für abonnenten",
    "réservé aux abonnés",
    "article réservé aux abonnés",
    "exclusivo para suscriptores",
    "exclusivo para assinantes",
    "riservato agli abbonati",
    "alleen voor abonnees",
];

/// Headings of "not found" pages.
const NOT_FOUND_HEADINGS: &[&str] = &[
    "404",
    "error 404",
    "404 error",
    "404 not found",
    "404 page not found",
    "not found",
    "page not found",
    "page can't be found",
    "page cannot be found",
    "the page can't be found",
    "oops! that page can't be found",
    "oops! page not found",
    "oops, page not found",
    "sorry, page not found",
    "this page doesn't exist",
    "this page does not exist",
    "this page isn't available",
    "sorry, this page isn't available",
    "page unavailable",
    "page not available",
    "content not found",
    "content unavailable",
    "article not found",
    "story not found",
    "nothing found",
    "we can't find that page",
    "we can't find the page you're looking for",
    "410 gone",
    // Indonesian
    "halaman tidak ditemukan",
    "halaman tidak tersedia",
    "halaman yang anda cari tidak ditemukan",
    "maaf, halaman tidak ditemukan",
    "artikel tidak ditemukan",
    "berita tidak ditemukan",
    "konten tidak ditemukan",
    "tidak ditemukan",
    // German, French, Spanish, Portuguese, Italian, Dutch, Polish, Nordic
    "seite nicht gefunden",
    "seite wurde nicht gefunden",
    "die seite wurde nicht gefunden",
    "nicht gefunden",
    "artikel nicht gefunden",
    "page introuvable",
    "page non trouvée",
    "cette page n'existe pas",
    "erreur 404",
    "página no encontrada",
    "no se encontró la página",
    "no encontrado",
    "página não encontrada",
    "pagina non trovata",
    "pagina niet gevonden",
    "nie znaleziono strony",
    "strona nie została znaleziona",
    "sidan hittades inte",
    "siden blev ikke fundet",
    "siden ble ikke funnet",
    "sivua ei löytynyt",
    // Russian, Ukrainian, Turkish, Vietnamese, Japanese, Chinese, Korean, Arabic, Hindi
    "страница не найдена",
    "сторінку не знайдено",
    "sayfa bulunamadı",
    "không tìm thấy trang",
    "ページが見つかりません",
    "お探しのページは見つかりませんでした",
    "页面不存在",
    "页面未找到",
    "找不到页面",
    "找不到網頁",
    "페이지를 찾을 수 없습니다",
    "الصفحة غير موجودة",
    "पृष्ठ नहीं मिला",
];
