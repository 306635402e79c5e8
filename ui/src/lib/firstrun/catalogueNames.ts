// Names of the catalogue's topics and countries in the reader's language.

import type { CatalogueFeed } from '../backend';
import { hasMessage, i18n, t } from '../i18n/i18n.svelte';

/** Formatters are slow to make. */
const formatters = new Map<string, Intl.DisplayNames>();

function nameOf(type: 'region' | 'language', code: string): string {
  const key = `${type} ${i18n.locale}`;
  let names = formatters.get(key);
  if (!names) formatters.set(key, (names = new Intl.DisplayNames(i18n.locale, { type })));
  return names.of(code) ?? code;
}

export function topicName(key: string): string {
  const message = `catalogue.topic${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
  return hasMessage(message) ? t(message) : key;
}

/** `code` is empty for international feeds. */
export function countryName(code: string): string {
  return code === '' ? t('catalogue.world') : nameOf('region', code);
}

/** Topic, country and language, in the reader's language and by their keys. */
export function describeFeed({ topic, country, language }: CatalogueFeed): string {
  const names = [topicName(topic), countryName(country), nameOf('language', language)];
  return [...names, topic, country].join(' ');
}
