// What is said of a feed that was found at an address.

import type { FoundFeed } from '../backend';
import { t } from '../i18n/i18n.svelte';

/** What the feed is, if it is not an ordinary one, how many articles it has, and its address. */
export function describeFound({ already, entries, kind, url }: FoundFeed): string {
  const parts = [
    already && t('add.already'),
    kind === 'newsSitemap' && t('add.newsSitemap'),
    kind === 'sitemap' && t('add.sitemap'),
    kind === 'headlineList' && t('add.headlineList'),
    entries !== null && t('count.articles', { count: entries }),
    url,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}
