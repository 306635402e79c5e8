// Names of the catalogue's topics and places, and what was found at its addresses, in the reader's
// language.

import type { CatalogueFeed, CatalogueFinding } from '../backend';
import { hasMessage, t } from '../i18n/i18n.svelte';
import { languageName, regionName as countryOf } from '../i18n/names';
import { day } from '../i18n/time';
import { problemText } from '../state/failures';

export function topicName(key: string): string {
  const message = `catalogue.topic${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
  return hasMessage(message) ? t(message) : key;
}

/** `code` is empty for international publishers. */
export function countryName(code: string): string {
  return code === '' ? t('catalogue.world') : countryOf(code);
}

/** Provinces have codes (ISO 3166-2), other regions go by their names. */
export function regionName(region: string): string {
  const message = `catalogue.region.${region}`;
  return hasMessage(message) ? t(message) : region;
}

/** The region, with its country outside Indonesia; the country if it has no region. */
export function placeName({ country, region }: CatalogueFeed): string {
  if (region === '') return countryName(country);
  return country === 'ID' ? regionName(region) : `${regionName(region)}, ${countryName(country)}`;
}

/** Topics, places and language, in the reader's language and by their keys. */
export function describeFeed(feed: CatalogueFeed): string {
  const { topics, country, region, city, language } = feed;
  const names = [...topics.map(topicName), countryName(country), languageName(language)];
  return [...names, ...topics, country, regionName(region), city].join(' ');
}

/** What was found at its addresses; empty if there is nothing to tell. */
export function findingText({ addresses }: CatalogueFeed): string {
  const failed = addresses.flatMap(({ finding }) => (finding?.code ? [finding] : []));
  const latest = failed.reduce<CatalogueFinding | null>(
    (last, finding) => (last && last.at >= finding.at ? last : finding),
    null,
  );
  const [first] = addresses;
  const through = first?.kind === 'search' ? t('catalogue.viaSearch') : '';
  if (latest) {
    const on = day(latest.at);
    const all = failed.length === addresses.length;
    const said = all
      ? `${t('catalogue.failed', { date: on })} ${latest.code ? problemText({ code: latest.code }) : ''}`
      : t('catalogue.someFailed', { count: failed.length, date: on });
    return [said, through].filter((text) => text !== '').join(' ');
  }
  if (first?.kind === 'feed' && first.finding?.feed) {
    return t('catalogue.moved', { date: day(first.finding.at) });
  }
  return through;
}
