//! Indonesian news vocabulary with English translations, so that reports of one event in both
//! languages share words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

/// The English stem for an Indonesian word, looked up by the word or its stem.
pub(crate) fn english(word: &str, stem: &str) -> Option<&'static str> {
    let by_word = LEXICON.english.get(word);
    by_word
        .or_else(|| LEXICON.english.get(stem))
        .map(String::as_str)
}

/// Whether an English stem is a translation in the lexicon.
pub(crate) fn has_english(stem: &str) -> bool {
    LEXICON.stems.contains(stem)
}

struct Lexicon {
    english: HashMap<&'static str, String>,
    stems: HashSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let stemmer = Stemmer::new(Algorithm::English);
    let mut english = HashMap::new();
    for line in WORDS.lines() {
        if let Some((one, words)) = line.trim().split_once(": ") {
            let stem = stemmer.stem(one).to_string();
            english.extend(words.split(' ').map(|word| (word, stem.clone())));
        }
    }
    let stems = english.values().cloned().collect();
    Lexicon { english, stems }
});

/// English: Indonesian, as written and as the common stem of its forms. Words whose meaning depends
/// on their context are left out.
const WORDS: &str = "
accident: kecelakaan
agency: badan
agriculture: pertanian
aid: bantuan
airport: bandara bandar
alert: siaga
ammunition: amunisi
animal: satwa hewan
apologize: maaf
army: tni
arrest: tangkap menangkap ditangkap penangkapan bekuk dibekuk ringkus
ash: abu
attack: serang serangan menyerang
bank: bank
ban: larang larangan melarang
beach: pantai
beat: kalahkan mengalahkan bungkam taklukkan menaklukkan
bill: ruu
billion: miliar
blackout: padam pemadaman
boat: perahu
bomb: bom
border: perbatasan
bribe: suap menyuap
bridge: jembatan
budget: anggaran
bus: bus
cabinet: kabinet
campaign: kampanye
cancel: batal dibatalkan membatalkan batalkan
car: mobil
case: kasus
cattle: sapi
celebrate: rayakan merayakan
champion: juara menjuarai
chief: kepala
child: anak bocah
china: cina tiongkok
church: gereja
city: kota
climate: iklim
coal: batubara
coast: pesisir
coffee: kopi
commission: komisi
company: perusahaan
concert: konser
constitution: konstitusi
cooperation: kerjasama
corruption: korupsi
court: pengadilan
crash: tabrak tabrakan menabrak
crime: kejahatan
crossing: perlintasan penyeberangan
crowd: kerumunan
cut: pangkas memangkas dipangkas
cyclone: siklon
dam: bendungan
damage: rusak kerusakan merusak
death: kematian
debt: utang
defense: pertahanan
delay: tunda menunda ditunda penundaan delay keterlambatan
dengue: dbd
detain: tahanan ditahan
die: meninggal tewas wafat
dike: tanggul
disaster: bencana
disease: penyakit
district: kecamatan
divorce: cerai
doctor: dokter
dog: anjing
dollar: dolar
drought: kekeringan
drown: tenggelam
drug: narkoba narkotika sabu
earthquake: gempa lindu
east: timur
economy: ekonomi perekonomian
election: pemilu pemilihan pilkada
electricity: listrik
emergency: darurat
employee: karyawan pegawai
energy: energi
erupt: erupsi meletus letus letusan
escape: kabur melarikan
europe: eropa
evacuate: evakuasi dievakuasi mengevakuasi
examination: ujian
exchange: bursa
expand: perluas diperluas memperluas
explosion: ledakan meledak
export: ekspor
factory: pabrik
farmer: petani
father: ayah
ferry: feri
festival: festival
film: film
fine: denda
fire: kebakaran terbakar
fish: ikan
fisherman: nelayan
flee: mengungsi ungsi pengungsi
flight: penerbangan
flood: banjir
food: pangan
football: sepakbola
forest: hutan
fraud: penipuan tipu
fuel: bbm
gas: gas
gold: emas
governor: gubernur
group: grup
growth: pertumbuhan
haj: haji
haze: asap
health: kesehatan
helicopter: helikopter heli
hiker: pendaki
hoax: hoaks
holiday: libur liburan
hospital: rsud
hostage: sandera
hotel: hotel
house: rumah
immigration: imigrasi
import: impor
independent: independen
inflation: inflasi
injure: luka terluka cedera
inmate: napi narapidana
interest: bunga
internet: internet
invest: investasi investor berinvestasi
island: pulau
israel: israel
japan: jepang
jet: jet
journalist: jurnalis wartawan
judge: hakim
kidnap: culik penculikan
kill: bunuh pembunuhan membunuh
kilometer: kilometer km
korea: korea
label: label
labor: buruh
landslide: longsor
law: undang
lawyer: pengacara
layoff: phk
lead: pimpin memimpin
leader: pemimpin
machine: mesin
magnitude: magnitudo
mall: mal
manpower: ketenagakerjaan
market: pasar
mayor: walikota
measles: campak
medal: medali
military: militer
milk: susu
million: juta
mine: tambang pertambangan
miner: penambang
minister: menteri
ministry: kementerian
missile: rudal
missing: hilang
mosque: masjid
mother: ibu
motorcycle: motor
mountain: gunung
murder: pembunuh
music: musik
nickel: nikel
north: utara
nuclear: nuklir
official: pejabat
oil: minyak
orbit: orbit mengorbit
overload: kelebihan
palace: istana
palm: sawit
parliament: dpr parlemen
party: partai
passenger: penumpang
pension: pensiun
percent: persen
phone: ponsel telepon
pilgrim: jemaah peziarah
plane: pesawat
plant: pembangkit
poison: racun keracunan
police: polisi polda polres polri kepolisian
pollution: polusi pencemaran
port: pelabuhan
poverty: kemiskinan
power: daya
president: presiden
price: harga
prison: penjara lapas
profit: laba keuntungan untung
project: proyek
prosecutor: jaksa kejaksaan
protest: demo unjuk unjukrasa protes
province: provinsi
rain: hujan
rate: suku
recall: tarik ditarik penarikan
record: rekor
refugee: pengungsian
regent: bupati
rescue: selamatkan menyelamatkan penyelamatan
resident: warga penduduk
resign: mundur mengundurkan
rice: beras
river: sungai
road: jalan
rob: rampok perampok perampokan dirampok
rocket: roket
rule: aturan peraturan
runway: landasan
russia: rusia
safe: selamat
salary: gaji
satellite: satelit
school: sekolah
sea: laut
search: pencarian cari
seize: sita menyita disita
sentence: vonis divonis hukuman dihukum
share: saham
ship: kapal
shoot: tembak penembakan menembak
shrimp: udang
shut: tutup ditutup menutup
signal: sinyal persinyalan
sign: teken diteken menandatangani
sink: karam
skid: tergelincir
smuggle: selundup penyelundupan menyelundupkan
soldier: tentara prajurit
south: selatan
stadium: stadion
startup: rintisan
steal: curi pencurian dicuri maling mencuri
stock: stok
storm: badai
strike: mogok
student: siswa mahasiswa pelajar
subsidy: subsidi
suspect: tersangka
suspend: beku dibekukan membekukan
syrup: sirop sirup
tariff: tarif
tax: pajak
teacher: guru
team: tim
technology: teknologi
temple: candi
terror: teror teroris terorisme
textile: tekstil
thousand: ribu
ticket: tiket
tiger: harimau
title: gelar
toll: tol
ton: ton
tourist: wisatawan turis
trade: perdagangan dagang
traffic: lalulintas
train: kereta
treaty: perjanjian
trial: sidang persidangan
trillion: triliun
truck: truk
tsunami: tsunami
turtle: penyu
typhoon: topan
ukraine: ukraina
unemployment: pengangguran
university: universitas kampus
vaccine: vaksin vaksinasi
victim: korban
village: desa
virus: virus
volcano: vulkanik gunungapi
wage: upah
war: perang
warehouse: gudang
warn: peringatan waspada peringatkan
waste: limbah
water: air
wave: gelombang
wedding: pernikahan nikah menikah
west: barat
whale: paus
wind: angin
witness: saksi
woman: perempuan wanita
worker: pekerja
world: dunia
wound: terluka
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_lead_to_one_english_stem() {
        for word in ["gempa", "lindu"] {
            assert_eq!(english(word, word), Some("earthquak"));
        }
        assert!(has_english("earthquak"));
        assert_eq!(
            english("cianjur", "cianjur"),
            None,
            "the lexicon must not translate names"
        );
    }
}
