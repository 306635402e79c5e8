// Highlights of the sample backend.

import type { Backend } from '../backend';
import { failure, type World } from './world';

export function highlights(world: World) {
  return {
    highlights: (query, limit, offset) =>
      world.later(() => {
        const words = query.toLowerCase().split(/\s+/).filter(Boolean);
        const all = world.highlights.filter((one) => {
          const text = `${one.quote.exact} ${one.note} ${one.title} ${one.publisher}`.toLowerCase();
          return words.every((word) => text.includes(word));
        });
        return {
          highlights: all.slice(offset, offset + limit),
          total: all.length,
          unsent: world.highlights.length,
        };
      }),
    articleHighlights: (article) =>
      Promise.resolve(
        world.highlights
          .filter((one) => one.article === article)
          .sort((a, b) => a.quote.start - b.quote.start),
      ),
    addHighlight: ({ article, quote, colour, note }) => {
      const row = world.rows.find((one) => one.id === article);
      if (!row) throw failure('notFound', 'article');
      const id = world.token++;
      const made = {
        id,
        article,
        title: row.title,
        publisher: row.publisher,
        url: row.url,
        time: row.time,
        quote,
        colour,
        note,
        createdAt: world.now,
        changedAt: world.now,
        lost: false,
      };
      world.highlights = [made, ...world.highlights];
      world.emit({ type: 'placesChanged' });
      return Promise.resolve(made);
    },
    changeHighlight: (id, change) => {
      const known = world.highlights.find((one) => one.id === id);
      if (!known) throw failure('notFound', 'highlight');
      const changed = {
        ...known,
        colour: change.colour ?? known.colour,
        note: change.note ?? known.note,
      };
      world.highlights = world.highlights.map((one) => (one.id === id ? changed : one));
      return Promise.resolve(changed);
    },
    removeHighlights: (ids) => {
      world.removedHighlights = world.highlights.filter((one) => ids.includes(one.id));
      world.highlights = world.highlights.filter((one) => !ids.includes(one.id));
      world.emit({ type: 'placesChanged' });
      return Promise.resolve();
    },
    bringBackHighlights: (ids) => {
      const back = world.removedHighlights.filter((one) => ids.includes(one.id));
      world.highlights = [...back, ...world.highlights];
      return Promise.resolve(back.length);
    },
    setLostHighlights: (article, lost) => {
      world.highlights = world.highlights.map((one) =>
        one.article === article ? { ...one, lost: lost.includes(one.id) } : one,
      );
      return Promise.resolve();
    },
    exportHighlights: (_query, format, name) =>
      Promise.resolve(`${name}.${format === 'json' ? 'json' : 'md'}`),
    sendHighlights: () =>
      Promise.resolve({ sent: world.highlights.length, left: 0, problem: null }),
  } satisfies Partial<Backend>;
}
