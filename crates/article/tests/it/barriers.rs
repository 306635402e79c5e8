//! Barrier pages that are sent with status 200 instead of an article.

use warta_article::{Barrier, NoArticle, barrier, extract};

fn page(title: &str, body: &str) -> String {
    format!("<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of pages")]
fn barrier_pages_are_recognised_by_kind() {
    let line = |words: &str| format!("<p>{words}</p>");
    for (html, expected) in [
        (
            page(
                "Just a moment...",
                "<h1>kabar.example</h1><div id=challenge-stage></div><p>kabar.example must look at your connection first, which takes a few seconds and happens by itself, please wait.</p>",
            ),
            Barrier::BotCheck,
        ),
        (
            page(
                "kabar.example",
                "<p>Please wait.</p><script>var dd={'host':'geo.captcha-delivery.com'}</script><p>Enable scripts to go on to the page that you asked for, thank you.</p>",
            ),
            Barrier::BotCheck,
        ),
        (
            page(
                "Access to this page has been denied",
                "<div id=px-captcha></div><p>Press and hold to show that you are human, and no robot.</p>",
            ),
            Barrier::BotCheck,
        ),
        (
            page("Memeriksa browser Anda", &line("Proses ini berjalan sendiri. Anda akan diteruskan sebentar lagi ke halaman yang dituju.")),
            Barrier::BotCheck,
        ),
        (
            page("Nur einen Moment…", &line("Die Seite prüft Ihre Verbindung und leitet Sie gleich weiter, bitte warten Sie.")),
            Barrier::BotCheck,
        ),
        (
            page("请稍候…", &line("正在检查您的浏览器，完成后将自动跳转到您访问的页面，请稍等。")),
            Barrier::BotCheck,
        ),
        (
            page("App", &line("You need to enable JavaScript to run this app.")),
            Barrier::BotCheck,
        ),
        (
            page(
                "Access Denied",
                "<h1>Access Denied</h1><p>You don't have permission to access \"http://kabar.example/1\" on this server.</p><p>Reference #18.2f5a</p>",
            ),
            Barrier::Blocked,
        ),
        (
            page("Internet Positif", "<h1>Internet Positif</h1><p>Mohon maaf, akses ke situs ini ditutup karena ketentuan yang berlaku.</p>"),
            Barrier::Blocked,
        ),
        (
            page("Zugriff verweigert", &line("Ihre IP-Adresse wurde gesperrt. Wenden Sie sich an den Betreiber.")),
            Barrier::Blocked,
        ),
        (
            page(
                "Before you continue to YouTube",
                &line("We use cookies and data to deliver services and measure audience. If you choose to accept all, we will also use cookies to show advertising with our partners.").repeat(3),
            ),
            Barrier::Consent,
        ),
        (
            page(
                "Kabar",
                &("<h1>Kami menghargai privasi Anda</h1>".to_owned()
                    + &line("Kami dan mitra menyimpan kuki dan mengolah data pribadi untuk iklan. Silakan setuju atau tolak.").repeat(3)),
            ),
            Barrier::Consent,
        ),
        (
            page(
                "kabar.example",
                &("<h1>We care about your privacy</h1>".to_owned()
                    + &line("We and our partners store cookies and process personal data for advertising. You may accept all or reject all.").repeat(3)),
            ),
            Barrier::Consent,
        ),
        (
            page(
                "Wir schätzen Ihre Privatsphäre",
                &line("Mit Ihrer Einwilligung verarbeiten wir und unsere Partner personenbezogene Daten für Werbung.").repeat(3),
            ),
            Barrier::Consent,
        ),
        (
            page(
                "Sign in | Kabar",
                "<h1>Sign in</h1><form><input name=u><input type=password></form><p>Sign in to go on reading what you have chosen, or make an account in a minute.</p>",
            ),
            Barrier::Login,
        ),
        (
            page("Subscribe to continue reading", &line("Subscribe to continue reading this article and all others.")),
            Barrier::Paywall,
        ),
        (
            page(
                "Halaman tidak ditemukan - Kabar",
                "<h1>404</h1><p>Maaf, halaman yang Anda cari mungkin sudah dipindah atau dihapus. Coba cari dari halaman depan.</p>",
            ),
            Barrier::NotFound,
        ),
        (
            page("Page not found | News", &line("The page may have moved. Try the search, or look at our front page for the latest.")),
            Barrier::NotFound,
        ),
        (
            page("Página no encontrada", &line("La página que busca no existe o cambió de lugar, pruebe con la portada.")),
            Barrier::NotFound,
        ),
    ] {
        let found = extract(html.as_bytes(), None, None).map(|page| page.text);
        assert_eq!(found, Err(NoArticle::Barrier(expected)), "{html}");
        assert_eq!(barrier(html.as_bytes(), None), Some(expected), "{html}");
    }
}

#[test]
fn articles_about_barriers_are_articles() {
    let sentence = "<p>The council looked at how its site treats visitors, and asked engineers why so many people who only wanted to read the news were sent away by it.</p>";
    for (title, body) in [
        ("Just a moment of silence for the lost", sentence.repeat(3)),
        (
            "Why you see the words “Verify you are human”",
            sentence.repeat(3) + "<p>A captcha tells robots from people, says Cloudflare.</p>",
        ),
        (
            "Access denied to the harbour",
            sentence.repeat(3) + "<p>Fishermen had no permission to access their boats.</p>",
        ),
        (
            "We value your privacy, they say",
            sentence.repeat(4) + "<p>Cookies follow readers, and partners pay for advertising.</p>",
        ),
        ("Page not found: how links die", sentence.repeat(3)),
        ("Blocked", sentence.repeat(16)),
        ("Login", sentence.repeat(16)),
        (
            "Masuk angin, apa obatnya",
            sentence.repeat(2) + "<form><input type=password></form>",
        ),
        (
            "Short news",
            sentence.to_owned()
                + "<div class=login-box><h2>Log in</h2><form><input type=password></form></div>",
        ),
        (
            "A page behind a service",
            sentence.repeat(3)
                + "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script><script>window._pxAppId='x'</script><div class=g-recaptcha></div>",
        ),
    ] {
        let html = page(title, &format!("<article><h1>{title}</h1>{body}</article>"));
        let found = extract(html.as_bytes(), None, None);
        assert!(
            found.is_ok_and(|page| page.text.contains("The council")),
            "{title}"
        );
    }
}

#[test]
fn a_box_about_cookies_is_no_part_of_an_article() {
    let sentence = "<p>On that day the river went down and the boats came back to the quay, one after the other, as the wind turned.</p>";
    let cookies = "<p>Cookies that the site needs are set at once, others once you agree. You may refuse cookies in your browser.</p>";
    for name in [
        "cookie-notice",
        "gdpr modal-dialog",
        "consent-layer",
        "onetrust-pc",
    ] {
        for paragraphs in [4, 12] {
            let html = page(
                "Boats come back",
                &format!(
                    "<div class='{name}'>{}</div><article><h1>Boats come back</h1>{}</article>",
                    cookies.repeat(9),
                    sentence.repeat(paragraphs)
                ),
            );
            let found = extract(html.as_bytes(), None, None).expect("it has an article");
            assert!(found.text.contains("the river"), "{name}");
            assert!(!found.text.contains("Cookies"), "{name}: {}", found.text);
        }
    }
}
