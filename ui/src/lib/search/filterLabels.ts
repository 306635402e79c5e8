// What a search's filters and problems are called.

import type { SearchAge, SearchFilter, SearchProblem } from '../backend';
import { dates } from '../i18n/formatters';
import { t } from '../i18n/i18n.svelte';
import { languageName } from '../i18n/names';

export function filterLabel(filter: SearchFilter): string {
  const label = plainLabel(filter);
  return filter.negated ? t('search.chip.not', { label }) : label;
}

function plainLabel(filter: SearchFilter): string {
  const name = filter.name ?? filter.value;
  switch (filter.kind) {
    case 'feed':
    case 'folder':
    case 'tag':
    case 'title':
      return t(`search.chip.${filter.kind}`, { name });
    case 'language':
      return t('search.chip.language', { name: languageName(filter.value) });
    case 'after':
      if (!filter.age) return t('search.chip.after', { date: dateText(filter) });
      return filter.age.count === 0 ? t('search.date.today') : ageText('last', filter.age);
    case 'before':
      if (!filter.age || filter.age.count === 0)
        return t('search.chip.before', { date: dateText(filter) });
      return ageText('older', filter.age);
    case 'on':
      if (filter.age?.unit === 'day' && filter.age.count < 2)
        return t(filter.age.count === 0 ? 'search.date.today' : 'search.date.yesterday');
      return t('search.chip.on', { date: dateText(filter) });
    case 'sort':
      return t(`search.sort.${filter.sort ?? 'relevance'}`);
    default:
      return t(`search.chip.${filter.kind}`);
  }
}

function ageText(which: 'last' | 'older', { count, unit }: SearchAge): string {
  return t(`search.chip.${which}.${unit}`, { count });
}

function dateText({ value, day }: SearchFilter): string {
  if (day === null) return value;
  const parts = /^\d{4}$/.test(value)
    ? ({ year: 'numeric' } as const)
    : /^\d{4}[-/]\d{1,2}$/.test(value)
      ? ({ year: 'numeric', month: 'long' } as const)
      : ({ year: 'numeric', month: 'short', day: 'numeric' } as const);
  return dates({ ...parts, timeZone: 'UTC' }).format(day * 1000);
}

export function problemText({ kind, text, operator, suggestion }: SearchProblem): string {
  switch (kind) {
    case 'unknownOperator':
      return suggestion
        ? t('search.problem.unknownOperator', { operator: `${text}:` })
        : t('search.problem.wordsInstead', { operator: `${text}:` });
    case 'unknownValue':
      return t('search.problem.unknownValue', { operator: `${operator ?? ''}:`, value: text });
    case 'missingValue':
      return t('search.problem.missingValue', { operator: `${text}:` });
    default:
      return t(`search.problem.${kind}`, { value: text });
  }
}

/** The label of the button that corrects it. */
export function mendText({ kind, suggestion, replacement }: SearchProblem): string {
  if (replacement === '') return t('search.mend.remove');
  if (suggestion) return t('search.mend.use', { what: suggestion });
  return t(kind === 'openQuote' ? 'search.mend.close' : 'search.mend.quote');
}
