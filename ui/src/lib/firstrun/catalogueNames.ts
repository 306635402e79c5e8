// Names of the catalogue's topics and countries in the reader's language.

import type { CatalogueFeed } from '../backend';
import { hasMessage, t } from '../i18n/i18n.svelte';
import { languageName, regionName } from '../i18n/names';

export function topicName(key: string): string {
  const message = `catalogue.topic${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
  return hasMessage(message) ? t(message) : key;
}

/** `code` is empty for international feeds. */
export function countryName(code: string): string {
  return code === '' ? t('catalogue.world') : regionName(code);
}

/** Topic, country and language, in the reader's language and by their keys. */
export function describeFeed({ topic, country, language }: CatalogueFeed): string {
  const names = [topicName(topic), countryName(country), languageName(language)];
  return [...names, topic, country].join(' ');
}
