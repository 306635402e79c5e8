//! Names of months and days of the week in the languages of the news: in lower case, with
//! [base letters](crate::base_letter) only.

use std::sync::LazyLock;

/// Names by month. An abbreviation of three or more letters matches if one of them begins with it.
/// Inflected languages are listed in the forms used in dates.
const MONTHS: [&str; 12] = [
    "january januari januar janvier enero ene janeiro gennaio jaanuar jan janvaris ianuarie gener xaneiro \
     januarie sausio urtarrila stycznia styczen ledna leden sijecnja sijecanj ocak tammikuuta tammikuu \
     ιανουαριου ιανουαριοσ ιαν января январь янв януари јануар сiчня січня січень студзеня ינואר يناير \
     جانفي ژانويه جنوري जनवरी জানুয়ারি มกราคม มค януар hunyero janner",
    "february februari februar fevrier febrero fevereiro febbraio pebruari pebrero veebruar februaris \
     februarie febrer febreiro vasario otsaila lutego luty unora unor veljace veljaca subat helmikuuta \
     helmikuu fev φεβρουαριου φεβρουαριοσ φεβ февраля февраль фев февруари фебруар лютого лютий лютага \
     פברואר شباط فبراير فيفري فوريه فروري फरवरी फ़रवरी ফেব্রুয়ারি กุมภาพันธ์ กพ",
    "march maret mac marz mar mars marzo marco maart mrt marts martie marcius marec martxoa marc marca \
     marzec brezna brezen ozujka ozujak mart kovo maaliskuuta maaliskuu marso machi μαρτιου μαρτιοσ μαρ \
     марта март мар березня березень сакавіка מרץ مارس آذار اذار مارچ मार्च মার্চ มีนาคม มีค maerz",
    "april avril avr abril abr aprile aprilis aprill aprilie apirila kwietnia kwiecien dubna duben travnja \
     travanj nisan balandzio huhtikuuta huhtikuu aprili απριλιου απριλιοσ απρ апреля апрель апр април \
     квiтня квітня квітень красавіка אפריל نيسان ابريل افريل آوريل اوريل اپريل अप्रैल এপ্রিল เมษายน เมย",
    "may mei mai mayo maio maggio mag majus maijs maj maja maig maiatza kvetna kveten svibnja svibanj mayis \
     geguzes toukokuuta toukokuu μαιου μαιοσ μαι май мая мај травня травень мая мая מאי مايو ماي مي ميي \
     ايار मई মে พฤษภาคม พค",
    "june juni jun juin junio junho giugno giu junius juuni junijs iunie juny xuno ekaina \
     czerwca czerwiec cervna cerven lipnja lipanj haziran birzelio kesakuuta kesakuu hunyo ιουνιου \
     ιουνιοσ ιουν июня июнь июн юни јун червня червень чэрвеня יוני يونيو جوان ژوين حزيران جون जून জুন \
     มิถุนายน มิย",
    "july juli julai jul juillet juil julio julho luglio lug julius juuli julijs iulie juliol xullo uztaila \
     lipca lipiec cervence cervenec srpnja srpanj temmuz liepos heinakuuta heinakuu hulyo ιουλιου ιουλιοσ \
     ιουλ июля июль июл юли јул липня липень ліпеня יולי يوليو جويليه ژوييه تموز جولايي जुलाई জুলাই \
     กรกฎาคม กค",
    "august agustus agu ags agt agst ogos aout agosto ago augustus augusztus augusti augusts agost abuztua sierpnia \
     sierpien srpna srpen kolovoza kolovoz agustos avgust rugpjucio elokuuta elokuu agosti αυγουστου \
     αυγουστοσ αυγ августа август авг серпня серпень жніўня אוגוסט اغسطس اوت آب اگست अगस्त আগস্ট สิงหาคม สค",
    "september sept septembre septiembre setembro setiembre set settembre szeptember septembris septembrie \
     setembre iraila wrzesnia wrzesien zari rujna rujan eylul rugsejo syyskuuta syyskuu setyembre septemba \
     septembar σεπτεμβριου σεπτεμβριοσ σεπ сентября сентябрь сен сент септември септембар вересня вересень \
     верасня ספטמבר سبتمبر سپتامبر ايلول ستمبر सितंबर सितम्बर সেপ্টেম্বর กันยายน กย",
    "october oktober okt octobre octubre outubro out ottobre ott oktoober oktobris octombrie urria \
     pazdziernika pazdziernik rijna rijen ekim spalio lokakuuta lokakuu oktubre oktoba oktobar οκτωβριου \
     οκτωβριοσ οκτ октября октябрь окт октомври октобар жовтня жовтень кастрычніка אוקטובר اكتوبر اكتبر अक्टूबर अक्तूबर অক্টোবর ตุลาคม ตค",
    "november nopember novembre noviembre novembro novembris noiembrie azaroa listopada listopadu listopad \
     studenog studeni kasim lapkricio marraskuuta marraskuu nobyembre novemba novembar νοεμβριου νοεμβριοσ \
     νοε ноября ноябрь ноя ноември новембар листопада листопад лістапада נובמבר نوفمبر نوامبر نومبر नवंबर \
     नवम्बर নভেম্বর พฤศจิกายน พย",
    "december desember des disember dis dezember dez decembre diciembre dic dezembro dicembre decembris \
     decembrie detsember desembre abendua grudnia grudzien prosince prosinec prosinca prosinac aralik \
     gruodzio joulukuuta joulukuu disyembre desemba decembar δεκεμβριου δεκεμβριοσ δεκ декабря декабрь дек \
     декември децембар грудня грудень снежня דצמבר ديسمبر دسامبر دسمبر दिसंबर दिसम्बर ডিসেম্বর ธันวาคม ธค",
];

/// The months of the Persian calendar.
const PERSIAN: [&str; 12] = [
    "فروردين",
    "ارديبهشت",
    "خرداد",
    "تير",
    "مرداد",
    "شهريور",
    "مهر",
    "آبان",
    "آذر",
    "دي",
    "بهمن",
    "اسفند",
];

/// Names of the days of the week, Monday first; only those needed to tell day and month apart.
const WEEKDAYS: [&str; 7] = [
    "monday mon senin montag lundi lunes segunda maandag poniedzialek pazartesi",
    "tuesday tue tues selasa dienstag mardi martes terca dinsdag wtorek sali",
    "wednesday wed rabu mittwoch mercredi miercoles quarta woensdag sroda carsamba",
    "thursday thu thur thurs kamis donnerstag jeudi jueves quinta donderdag czwartek persembe",
    "friday fri jumat freitag vendredi viernes sexta vrijdag piatek cuma",
    "saturday sat sabtu samstag samedi sabado zaterdag sobota cumartesi",
    "sunday sun minggu ahad sonntag dimanche domingo zondag niedziela",
];

/// Abbreviated days of the week that can also be months.
const WEEKDAYS_LIKE_MONTHS: [&str; 6] = ["mar", "paz", "sub", "dis", "sze", "sal"];

/// The names with their months (1 to 12), sorted.
static BY_NAME: LazyLock<Vec<(&str, u32)>> = LazyLock::new(|| {
    let months = (1..).zip(MONTHS);
    let names = months.flat_map(|(month, names)| names.split_whitespace().map(move |n| (n, month)));
    let mut names: Vec<(&str, u32)> = names.collect();
    names.sort_unstable();
    names
});

/// The month with a name; the first one of several.
fn named(word: &str) -> Option<u32> {
    let at = BY_NAME.partition_point(|(name, _)| *name < word);
    let (name, month) = BY_NAME.get(at)?;
    (*name == word).then_some(*month)
}

/// The first month with a name that begins so.
fn abbreviated(word: &str) -> Option<u32> {
    let at = BY_NAME.partition_point(|(name, _)| *name < word);
    let begin_so = BY_NAME[at..].iter();
    let begin_so = begin_so.take_while(|(name, _)| name.starts_with(word));
    begin_so.map(|(_, month)| *month).min()
}

/// The month (1 to 12) of a folded name, and whether the name may also be a day of the week.
#[must_use]
pub fn month(word: &str) -> Option<(u32, bool)> {
    if matches!(word, "marti" | "maa") {
        return None;
    }
    let letters = word.chars().count();
    if letters < 2 {
        return None;
    }
    let place = named(word);
    let place = place.or_else(|| (letters >= 3).then(|| abbreviated(word)).flatten());
    // Hebrew prefixes "in" to a month, Catalan and Italian "of".
    let place = place.or_else(|| {
        let rest = word.strip_prefix('ב').or_else(|| word.strip_prefix('d'))?;
        (rest.len() > 3).then(|| named(rest)).flatten()
    });
    let doubtful = WEEKDAYS_LIKE_MONTHS.contains(&word);
    place.map(|place| (place, doubtful))
}

/// The month of a two-word name, as in Levantine Arabic.
#[must_use]
pub fn two_word_month(first: &str, second: &str) -> Option<u32> {
    match (first, second) {
        ("كانون", "الثاني") => Some(1),
        ("تشرين", "الاول") => Some(10),
        ("تشرين", "الثاني") => Some(11),
        ("كانون", "الاول") => Some(12),
        _ => None,
    }
}

/// The month of a Vietnamese number word after "tháng".
#[must_use]
pub fn vietnamese_month(word: &str, next: &str) -> Option<u32> {
    match (word, next) {
        ("muoi", "mot") => Some(11),
        ("muoi", "hai") => Some(12),
        _ => {
            let numbers = [
                "mot gieng",
                "hai",
                "ba",
                "tu bon",
                "nam",
                "sau",
                "bay",
                "tam",
                "chin",
                "muoi",
                "",
                "chap",
            ];
            let place = numbers
                .iter()
                .position(|names| names.split(' ').any(|n| n == word));
            place.map(|place| place as u32 + 1)
        }
    }
}

/// The month of the Persian calendar with this name.
#[must_use]
pub fn persian_month(word: &str) -> Option<u32> {
    let place = PERSIAN.iter().position(|name| *name == word);
    place.map(|place| place as u32 + 1)
}

/// The day of the week of a folded name; Monday is 0.
#[must_use]
pub fn weekday(word: &str) -> Option<u32> {
    let place = WEEKDAYS
        .iter()
        .position(|names| names.split(' ').any(|name| name == word));
    place.map(|place| place as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded() {
        let all = MONTHS.iter().chain(&PERSIAN).chain(&WEEKDAYS);
        for name in all.flat_map(|names| names.split_whitespace()) {
            let folded: String = name
                .chars()
                .flat_map(char::to_lowercase)
                .map(crate::base_letter)
                .collect();
            assert_eq!(folded, name);
        }
    }

    #[test]
    fn a_name_means_one_month() {
        let mut seen = std::collections::HashMap::new();
        for (place, names) in MONTHS.iter().enumerate() {
            for name in names.split_whitespace() {
                let known = seen.insert(name, place);
                assert!(known.is_none_or(|known| known == place), "{name}");
            }
        }
    }
}
