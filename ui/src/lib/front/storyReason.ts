// Why a story is on the front page, in one line: "New · 5 publishers since 00:31".

import type { Story } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { ago, clock, date, dayOf } from '../i18n/time';

export function storyReason({ why, phase }: Pick<Story, 'why' | 'phase'>, now: number): string {
  const today = dayOf(why.firstAt) === dayOf(now);
  const word = t(`story.phase.${phase}`);
  return t('story.why', {
    phase: word.charAt(0).toUpperCase() + word.slice(1),
    count: why.publishers,
    since: today
      ? clock(why.firstAt)
      : date(why.firstAt, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
  });
}

/** "Trending · 2 hours ago"; only the time for a fading story, since it is no longer trending. */
export function trendingTime(
  { phase, latestAt }: Pick<Story, 'phase' | 'latestAt'>,
  now: number,
): string {
  const time = ago(latestAt, now);
  return phase === 'fading' ? time : t('front.trendingAgo', { ago: time });
}
