// Stories, followed and muted ones, what was trending, and rules.

import type { Backend } from '../backend';
import type { ArticleRow, Story } from '../bindings';
import { FOLDERS } from './data';
import { failure, type World } from './world';

export function stories(world: World) {
  return {
    frontPage: () =>
      world.later(() => ({
        stories: world.stories.filter((story) => !world.muted.has(story.id)),
        followed: [],
        latest: world.rows.filter((row) => !row.story).slice(0, 16),
        madeAt: world.now,
        gathering: false,
      })),
    story: (id) =>
      world.later(() => {
        const story = world.stories.find((candidate) => candidate.id === id);
        if (!story) throw failure('notFound', 'story');
        const articles = world.rows
          .filter((row) => row.story?.id === id)
          .sort((a, b) => a.time - b.time);
        const copies = articles.slice(2, 3).map((row) => row.id);
        const quote = (row: ArticleRow) => ({
          article: row.id,
          publisher: row.publisher,
          text: row.excerpt,
          language: row.language,
          rightToLeft: row.rightToLeft,
        });
        const reports = articles.filter((row) => !copies.includes(row.id));
        return {
          story: { ...story, followed: world.followed.has(id) },
          articles,
          copies,
          summary: reports.slice(0, 2).map(quote),
          reports: reports.map((row, index) => ({
            article: row.id,
            copies: index === 0 ? copies : [],
          })),
          only: reports.slice(-1).map(quote),
          silent: FOLDERS.slice(-1).map((folder) => folder.name),
          muted: world.muted.has(id),
        };
      }),
    followStory: (id, follow) => {
      if (follow) world.followed.add(id);
      else world.followed.delete(id);
      return Promise.resolve();
    },
    muteStory: (id) => {
      const story = world.stories.find((candidate) => candidate.id === id);
      if (story) world.muted.set(id, story);
      return Promise.resolve(id);
    },
    unwatch: (id) => {
      world.muted.delete(id);
      world.followed.delete(id);
      return Promise.resolve();
    },
    watched: () => {
      const told = (story: Story) => ({
        id: story.id,
        story: story.id,
        headline: story.headline,
        since: world.now - 3600,
      });
      const followed = world.stories.filter((story) => world.followed.has(story.id));
      return Promise.resolve({
        followed: followed.map(told),
        muted: [...world.muted.values()].map(told),
      });
    },
    pastTrending: (period, at) =>
      world.later(() => {
        const long = period === 'week' ? 7 * 86_400 : 86_400;
        const to = at ?? world.now - 30 * 86_400;
        return {
          from: to - long,
          to,
          stories: world.stories.map((story) => ({
            headline: story.headline,
            language: story.lead.language,
            rightToLeft: story.lead.rightToLeft,
            publishers: story.publishers,
            articleCount: story.articleCount,
            firstAt: story.firstAt,
            latestAt: story.latestAt,
            articles: world.rows.filter((row) => row.story?.id === story.id).slice(0, 3),
          })),
          earlier: to - long,
          later: at === null ? null : to + long,
        };
      }),
    findOriginal: (pasted) =>
      world.later(() => {
        const story = world.stories[0];
        const others = world.rows.filter((row) => story && row.story?.id === story.id);
        return pasted.length < 8 || !story
          ? { sure: 'nothing' as const, earliest: null, closest: null, story: null, others: [] }
          : {
              sure: 'likely' as const,
              earliest: story.lead,
              closest: others[1] ?? null,
              story: story.id,
              others: others.slice(2),
            };
      }),
    rules: () => Promise.resolve([...world.rules]),
    applyRule: () => Promise.resolve({ matching: 3, token: 1 }),
    undoRule: () => Promise.resolve(true),
    tagsOf: () => Promise.resolve([]),
    tag: (ids, name) => Promise.resolve({ id: 1, name, changed: ids }),
    renameTag: (id, name) => Promise.resolve({ id, name, changed: [] }),
    tryRule: (rule) =>
      world.later(() => {
        const rows = rule.words.flatMap((word) => world.found(word));
        return { lookedAt: world.rows.length, matching: rows.length, rows: rows.slice(0, 12) };
      }),
    keepRule: (rule) => {
      const kept = {
        ...rule,
        id: rule.id || world.token++,
        name: rule.name || rule.words[0] || '…',
      };
      world.rules = [kept, ...world.rules.filter((one) => one.id !== kept.id)];
      return Promise.resolve(kept);
    },
    removeRule: (id) => {
      world.rules = world.rules.filter((one) => one.id !== id);
      return Promise.resolve();
    },
    removeTag: (id) => Promise.resolve({ id, name: 'Pemilu', changed: [] }),
  } satisfies Partial<Backend>;
}
