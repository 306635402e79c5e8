// What is said of a feed that was found at an address.

import type { FoundFeed, FoundPodcast } from '../backend';
import { t } from '../i18n/i18n.svelte';
import { day } from '../i18n/time';

/** What the feed is, if it is not an ordinary one, how many articles it has, and its address. */
export function describeFound({ already, entries, kind, url }: FoundFeed): string {
  const parts = [
    already && t('add.already'),
    kind === 'withoutShorts' && t('add.withoutShorts'),
    kind === 'newsSitemap' && t('add.newsSitemap'),
    kind === 'sitemap' && t('add.sitemap'),
    kind === 'headlineList' && t('add.headlineList'),
    entries !== null && t('count.articles', { count: entries }),
    url,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

/** Who makes a podcast, when its newest episode appeared, and where its feed is. */
export function describePodcast({ already, author, newest, url }: FoundPodcast): string {
  const parts = [
    already && t('add.already'),
    author !== '' && author,
    newest !== null && t('podcasts.newest', { date: day(newest) }),
    hostOf(url),
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
