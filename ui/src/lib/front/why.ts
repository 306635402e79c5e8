// Why a story is on the front page, in a sentence.

import type { Story } from '../backend';
import { t } from '../i18n/messages.svelte';
import { clock, date, dayOf } from '../i18n/time';

export function whyText({ why, phase }: Pick<Story, 'why' | 'phase'>, now: number): string {
  const today = dayOf(why.firstAt) === dayOf(now);
  return t('story.why', {
    count: why.publishers,
    within: t('story.within', { count: Math.max(1, why.hours) }),
    first: why.firstPublisher,
    clock: today
      ? clock(why.firstAt)
      : date(why.firstAt, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    phase: t(`story.phase.${phase}`),
  });
}
