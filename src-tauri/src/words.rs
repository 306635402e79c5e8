//! Texts that the shell itself shows: the tray's menu and notifications. The window has its own messages.

#[cfg(any(target_os = "macos", test))]
mod menu;

#[cfg(any(target_os = "macos", test))]
pub(crate) use menu::MenuWords;

/// The texts of one language.
pub(crate) struct Words {
    language: &'static str,
    thousands: char,
    pub(crate) open: &'static str,
    pub(crate) front_page: &'static str,
    pub(crate) sync_now: &'static str,
    pub(crate) syncing: &'static str,
    pub(crate) quit: &'static str,
    none_unread: &'static str,
    unread: &'static str,
    one_update: &'static str,
    updates: &'static str,
    one_quiet_update: &'static str,
    quiet_updates: &'static str,
    pub(crate) kept_running: &'static str,
    pub(crate) kept_running_hint: &'static str,
    #[cfg(not(windows))]
    pub(crate) crashed_again: &'static str,
    #[cfg(any(target_os = "macos", test))]
    pub(crate) menu: MenuWords,
}

const LANGUAGES: [Words; 2] = [
    Words {
        language: "id",
        thousands: '.',
        open: "Buka Warta",
        front_page: "Beranda",
        sync_now: "Sinkronkan sekarang",
        syncing: "Menyinkronkan…",
        quit: "Keluar",
        none_unread: "Semua sudah dibaca",
        unread: "{} belum dibaca",
        one_update: "{} kabar baru",
        updates: "{} kabar baru",
        one_quiet_update: "{} kabar selama jam tenang",
        quiet_updates: "{} kabar selama jam tenang",
        kept_running: "Warta tetap berjalan",
        kept_running_hint: "Buka atau keluar lewat ikonnya di baki sistem. Ini bisa dimatikan di Pengaturan.",
        #[cfg(not(windows))]
        crashed_again: "Tampilan Warta berhenti lagi. Datanya aman. Tutup pesan ini untuk memuat ulang.",
        #[cfg(any(target_os = "macos", test))]
        menu: menu::INDONESIAN,
    },
    Words {
        language: "en",
        thousands: ',',
        open: "Open Warta",
        front_page: "Front page",
        sync_now: "Sync now",
        syncing: "Syncing…",
        quit: "Quit",
        none_unread: "Nothing unread",
        unread: "{} unread",
        one_update: "{} update",
        updates: "{} updates",
        one_quiet_update: "{} update during quiet hours",
        quiet_updates: "{} updates during quiet hours",
        kept_running: "Warta keeps running",
        kept_running_hint: "Open or quit it from its icon in the tray. Settings can switch this off.",
        #[cfg(not(windows))]
        crashed_again: "Warta’s page stopped again. Your data is safe. Close this message to reload.",
        #[cfg(any(target_os = "macos", test))]
        menu: menu::ENGLISH,
    },
];

impl Words {
    /// Those of a language, else the first ones.
    pub(crate) fn of(language: &str) -> &'static Self {
        let found = LANGUAGES.iter().find(|words| words.language == language);
        found.unwrap_or(&LANGUAGES[0])
    }

    /// How many articles are unread.
    pub(crate) fn unread(&self, count: u64) -> String {
        match count {
            0 => self.none_unread.to_owned(),
            _ => self.counted(self.unread, count),
        }
    }

    /// How many notices there are.
    pub(crate) fn updates(&self, count: u64) -> String {
        self.counted(
            if count == 1 {
                self.one_update
            } else {
                self.updates
            },
            count,
        )
    }

    /// How many notices there were during quiet hours.
    pub(crate) fn quiet_updates(&self, count: u64) -> String {
        let text = if count == 1 {
            self.one_quiet_update
        } else {
            self.quiet_updates
        };
        self.counted(text, count)
    }

    fn counted(&self, text: &str, count: u64) -> String {
        let digits = count.to_string();
        let mut number = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                number.push(self.thousands);
            }
            number.push(digit);
        }
        text.replace("{}", &number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_interface_has_words() {
        for language in ["id", "en"] {
            assert_eq!(Words::of(language).language, language);
        }
        assert_eq!(Words::of("unknown").language, "id");
    }

    #[test]
    fn numbers_follow_the_language() {
        let (id, en) = (Words::of("id"), Words::of("en"));
        for (count, indonesian, english) in [
            (0, "Semua sudah dibaca", "Nothing unread"),
            (1, "1 belum dibaca", "1 unread"),
            (999, "999 belum dibaca", "999 unread"),
            (1_000, "1.000 belum dibaca", "1,000 unread"),
            (1_234_567, "1.234.567 belum dibaca", "1,234,567 unread"),
        ] {
            assert_eq!(id.unread(count), indonesian);
            assert_eq!(en.unread(count), english);
        }
        assert_eq!(en.updates(1), "1 update");
        assert_eq!(en.quiet_updates(12), "12 updates during quiet hours");
    }
}
