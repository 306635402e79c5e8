//! Parts of the day given with 12-hour times, in the languages of the feeds: lower case,
//! without accents.

/// The part of the day given with a 12-hour time ("am", "malam").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Morning,
    Afternoon,
    /// Around noon: 11 means 11:00, 1 means 13:00.
    Noon,
    /// From dusk to past midnight.
    Night,
}

impl Part {
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "am"
            | "πμ"
            | "sa"
            | "de"
            | "oo"
            | "dop"
            | "fm"
            | "pg"
            | "pagi"
            | "subuh"
            | "ap"
            | "ص"
            | "قظ"
            | "ق"
            | "पूर्वाह्न"
            | "לפנהצ"
            | "ก่อนเที่ยง"
            | "утра"
            | "ранку"
            | "rano" => Some(Self::Morning),
            "pm"
            | "μμ"
            | "ch"
            | "du"
            | "os"
            | "odp"
            | "em"
            | "ptg"
            | "petang"
            | "sore"
            | "ip"
            | "م"
            | "بظ"
            | "ب"
            | "अपराह्न"
            | "אחהצ"
            | "หลังเที่ยง"
            | "вечера"
            | "вечора"
            | "дня"
            | "tarde"
            | "noche" => Some(Self::Afternoon),
            "noon" | "siang" => Some(Self::Noon),
            "malam" | "midnight" => Some(Self::Night),
            _ => None,
        }
    }

    /// Converts to a 24-hour hour.
    pub(crate) fn hour(self, hour: u32) -> u32 {
        match (self, hour) {
            (Self::Morning | Self::Night, 12) => 0,
            (Self::Afternoon, 0..=11) | (Self::Noon, 1..=5) | (Self::Night, 6..=11) => hour + 12,
            _ => hour,
        }
    }
}
