// Names of the catalogue's topics and countries in the reader's language.

import type { CatalogueFeed } from '../backend';
import { hasMessage, i18n, t } from '../i18n/i18n.svelte';

export function topicName(key: string): string {
  const message = `catalogue.topic${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
  return hasMessage(message) ? t(message) : key;
}

/** `code` is empty for international feeds. */
export function countryName(code: string): string {
  if (code === '') return t('catalogue.world');
  return new Intl.DisplayNames(i18n.locale, { type: 'region' }).of(code) ?? code;
}

export function languageName(tag: string): string {
  return new Intl.DisplayNames(i18n.locale, { type: 'language' }).of(tag) ?? tag;
}

/** Topic, country and language, in the reader's language and by their keys. */
export function describeFeed(feed: CatalogueFeed): string {
  const { topic, country, language } = feed;
  return [topicName(topic), countryName(country), languageName(language), topic, country].join(' ');
}
