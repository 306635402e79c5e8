//! The fetch schedule that a publisher asks for: `ttl`, `skipHours`, `skipDays`, the syndication
//! module.

use crate::children::Children;
use crate::model::Schedule;
use crate::names::{Name, Space};
use crate::reader::Reader;
use crate::xml::NodeId;

impl Reader<'_, '_> {
    pub(crate) fn schedule(&self, facts: &Children) -> Schedule {
        let inside = |holder: Name, name: Name| {
            let holder = facts.first(&[Space::Core], holder);
            let children = holder.into_iter().flat_map(|id| self.tree.children(id));
            children
                .filter(move |id| self.tree.element(*id).known() == name)
                .map(|id| self.tree.text_of(id))
        };
        Schedule {
            ttl_minutes: self.ttl(facts),
            skip_hours: inside(Name::SkipHours, Name::Hour)
                .filter_map(|hour| hour.trim().parse::<u32>().ok())
                .filter(|hour| *hour <= 24)
                .fold(0, |hours, hour| hours | 1 << (hour % 24)),
            skip_days: inside(Name::SkipDays, Name::Day)
                .filter_map(|day| weekday(day.trim()))
                .fold(0, |days, day| days | 1 << day),
        }
    }

    /// Minutes between fetches.
    fn ttl(&self, facts: &Children) -> Option<u32> {
        let number = |id: NodeId| self.tree.text_of(id).trim().parse::<u32>().ok();
        let ttl = facts.first(&[Space::Core], Name::Ttl).and_then(number);
        if let Some(ttl) = ttl.filter(|ttl| *ttl > 0) {
            return Some(ttl);
        }
        let period = facts.first(&[Space::Syndication], Name::UpdatePeriod)?;
        let text = self.tree.text_of(period);
        let minutes: u32 = match text.trim().to_ascii_lowercase().as_str() {
            "hourly" => 60,
            "daily" => 24 * 60,
            "weekly" => 7 * 24 * 60,
            "monthly" => 30 * 24 * 60,
            "yearly" => 365 * 24 * 60,
            _ => return None,
        };
        let often = facts
            .first(&[Space::Syndication], Name::UpdateFrequency)
            .and_then(number);
        Some(minutes / often.unwrap_or(1).max(1))
    }
}

/// The day of the week from its English name, abbreviated or not; Monday is 0.
fn weekday(name: &str) -> Option<u32> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let start = name.get(..3)?.to_ascii_lowercase();
    days.iter()
        .position(|day| *day == start)
        .map(|day| day as u32)
}
