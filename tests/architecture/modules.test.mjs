// No module circles and no upward arrows, in any crate and in the UI; no type and no file too large.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/lib.mjs';
import { arrowsOf, circles, methodCounts, rustGraph, uiGraph, upwardArrows } from './modules.mjs';

/** The engine's folders: each uses only those below it. */
const engineOrder = [
  'diagnostics',
  'data_folder',
  'services',
  'inspect',
  'restoring',
  'importing',
  'background',
  'sync',
  'maintenance',
  'updates',
  'offline',
  'sharing',
  'stories',
  'rules',
  'reading',
  'newsletters',
  'subscriptions',
  'network',
  'context',
  'api',
];

const MOST_METHODS = 60;
const MOST_LINES = 900;

const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  .split('\n')
  .filter((path) => path && existsSync(join(root, path)));
const read = (path) => readFileSync(join(root, path), 'utf8');
const filesIn = (folder, ending) =>
  new Map(
    tracked
      .filter((path) => path.startsWith(`${folder}/`) && ending.test(path))
      .map((path) => [path.slice(folder.length + 1), read(path)]),
  );
const crates = [...new Set(tracked.map((path) => path.match(/^(crates\/[^/]+|src-tauri)\/src\//)?.[1]).filter(Boolean))];

for (const folder of [...crates.map((crate) => `${crate}/src`), 'ui/src']) {
  test(`${folder} has no module circle`, () => {
    const graph = folder === 'ui/src' ? uiGraph(filesIn(folder, /\.(ts|svelte)$/)) : rustGraph(filesIn(folder, /\.rs$/));
    assert.ok(graph.size > 0, 'the folder has modules');
    const found = circles(graph).map((circle) => [circle.join(', '), ...arrowsOf(graph, circle)].join('\n'));
    assert.deepEqual(found, []);
  });
}

test("the engine's folders stand in their order", () => {
  const graph = rustGraph(filesIn('crates/engine/src', /\.rs$/));
  assert.ok(graph.size > engineOrder.length, 'crates/engine is where the rule looks');
  assert.deepEqual(upwardArrows(graph, engineOrder), []);
  const here = new Set([...graph.keys()].map((name) => name.split('::')[0]));
  assert.deepEqual(engineOrder.filter((folder) => !here.has(folder)), [], 'every folder of the order is there');
});

for (const crate of crates) {
  test(`no type of ${crate} has more than ${MOST_METHODS} methods`, () => {
    const counts = [...methodCounts(filesIn(`${crate}/src`, /\.rs$/))];
    assert.deepEqual(counts.filter(([, count]) => count > MOST_METHODS), []);
  });
}

test(`no source file has more than ${MOST_LINES} lines`, () => {
  const isGenerated = (path) => /^\/[/*] ?(This file|@generated|Generated)/m.test(read(path).slice(0, 200));
  const sources = tracked.filter((path) => /\.(rs|ts|svelte|mjs|js|css)$/.test(path));
  const long = sources
    .map((path) => [path, read(path).split('\n').length - 1])
    .filter(([path, lines]) => lines > MOST_LINES && !isGenerated(path));
  assert.deepEqual(long, []);
});

// The analysis itself, on made-up crates.

const graphOf = (files) => rustGraph(new Map(Object.entries(files)));
const shown = (graph) => Object.fromEntries([...graph].map(([name, targets]) => [name, [...targets].sort()]));

test('a circle is found, over re-exports, aliases and whole modules', () => {
  const graph = graphOf({
    'lib.rs': 'mod a;\nmod b;\nmod c;\nmod lone;\npub use a::{A, make as build};\n',
    'a.rs': 'use crate::b;\npub struct A;\npub fn make() { b::go() }',
    'b.rs': 'pub fn go() { let _: crate::c::C; }',
    'c.rs': 'use crate::build;\npub struct C;\nfn x() { build() }',
    'lone.rs': 'use crate::A;\nfn x(_: A) {}',
  });
  assert.deepEqual(shown(graph), { '': [], a: ['b'], b: ['c'], c: ['a'], lone: ['a'] });
  assert.deepEqual(circles(graph), [['a', 'b', 'c']]);
  assert.deepEqual(arrowsOf(graph, ['a', 'b', 'c']), ['a → b', 'b → c', 'c → a']);
});

test('a parent that uses its child, and a child that uses its parent, are a circle', () => {
  const child = 'use super::Limit;\npub fn of(_: Limit) {}';
  const both = graphOf({ 'p/mod.rs': 'mod child;\npub struct Limit;\nfn x() { child::of(Limit) }', 'p/child.rs': child, 'lib.rs': 'mod p;' });
  assert.deepEqual(circles(both), [['p', 'p::child']]);
  const passesOn = graphOf({ 'p/mod.rs': 'mod child;\npub use child::of;\npub struct Limit;', 'p/child.rs': child, 'lib.rs': 'mod p;' });
  assert.deepEqual(circles(passesOn), [], 'declarations alone are no arrows');
  const named = graphOf({ 'lib.rs': 'mod child;\npub use child::Slot;\npub struct Answer { slot: Slot }', 'child.rs': 'use crate::Answer;\npub struct Slot(Answer);' });
  assert.deepEqual(circles(named), [['child', 'lib']], 'what a re-export names and the file itself uses is an arrow');
});

test('what a parent imports is found where it is defined', () => {
  const graph = graphOf({
    'lib.rs': 'mod a;\nmod b;\nmod c;',
    'a.rs': 'pub struct A;',
    'b.rs': 'pub(crate) use crate::a::*;',
    'c.rs': 'use crate::b::A;\nfn x(_: A) {}',
  });
  assert.deepEqual(shown(graph), { '': [], a: [], b: [], c: ['a'] });
});

test('tests, comments and strings are left out; inline modules belong to their file', () => {
  const graph = graphOf({
    'lib.rs': 'mod a;\nmod b;\n#[cfg(test)]\nmod only_tests;',
    'a.rs': `/// See [\`crate::b::B\`]. use crate::b::B;
      // use crate::b::B;
      const TEXT: &str = "crate::b::B \\" { ";
      const RAW: &str = r#"crate::b::B " "#;
      const SIGN: char = '"';
      fn x<'a>(_: &'a str) {}
      mod unix { use super::TEXT; fn y() { super::x(TEXT) } }
      pub struct A;
      #[cfg(test)]
      mod tests { use crate::b::B; fn z() { if true { } } }`,
    'b.rs': 'use crate::a::A;\npub struct B(A);',
    'only_tests.rs': 'use crate::b::B;',
  });
  assert.deepEqual(shown(graph), { '': [], a: [], b: ['a'] });
});

test('an upward arrow is found, and a folder without a place', () => {
  const order = ['top', 'middle', 'bottom'];
  const files = {
    'lib.rs': 'mod top;\nmod middle;\nmod bottom;\nfn x() { top::go() }',
    'top/mod.rs': 'mod part;\npub fn go() { crate::middle::go() }',
    'top/part.rs': 'use crate::bottom::B;\nfn x(_: B) {}',
    'middle.rs': 'pub fn go() {}',
    'bottom.rs': 'pub struct B;',
  };
  assert.deepEqual(upwardArrows(graphOf(files), order), []);
  const upward = { ...files, 'bottom.rs': 'pub struct B;\nfn x() { crate::middle::go() }' };
  assert.deepEqual(upwardArrows(graphOf(upward), order), ['bottom → middle']);
  const homeless = { ...files, 'extra.rs': '' };
  assert.deepEqual(upwardArrows(graphOf(homeless), order), ['extra has no place in the order']);
});

test('circles of the UI are found', () => {
  const graph = uiGraph(
    new Map([
      ['App.svelte', '<script lang="ts">\n  import { go } from "$lib/go";\n  import Part from "./lib/Part.svelte";\n</script>'],
      ['lib/go.ts', "import type { Kind } from './types';\nexport const go = () => import('./late');"],
      ['lib/types.ts', 'export type Kind = 1;'],
      ['lib/late.ts', "import { go } from './index';"],
      ['lib/index.ts', "export { go } from './go';"],
      ['lib/Part.svelte', "<script>\n  // import { go } from './go';\n</script>"],
      ['lib/go.test.ts', "import { go } from './go';"],
    ]),
  );
  assert.deepEqual(circles(graph), [['lib/go.ts', 'lib/late.ts']]);
  assert.deepEqual([...graph.get('App.svelte')].sort(), ['lib/Part.svelte', 'lib/go.ts']);
});

test('methods are counted over all blocks of a type', () => {
  const files = new Map([
    ['a.rs', 'impl Store {\n    pub fn a(&self) {}\n    pub(crate) async fn b(&self) {\n        fn inner() {}\n    }\n}\nimpl Drop for Store {\n    fn drop(&mut self) {}\n}\n'],
    ['b.rs', "impl<'a> Store {\n    const fn c() {}\n}\nimpl<T> Other<T> {\n    fn d() {}\n}\n"],
  ]);
  assert.deepEqual([...methodCounts(files)], [['Store', 3], ['Other', 1]]);
});
