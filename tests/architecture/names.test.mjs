// Names from the project's first year that said nothing to a newcomer, and what replaced them.
// None of them may come back as the name of a file, module, type, function or constant.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/lib.mjs';

/** For each folder, the names that are not used there. */
const replaced = {
  'crates/engine/src':
    'newsroom Newsroom face Outside Room thrift Thrift patience keeping vault names plain past original watch ' +
    'Numbers saving sound sounds pages subscribing searches syncing Broken Taken by_turns LED_ASTRAY ' +
    'survived say tell judge settle conclude freshen chores',
  'crates/cli/src': 'newsroom Newsroom Outside Room thrift patience sounds',
  'src-tauri/src': 'newsroom Newsroom face Outside Room vault sound sounds tell',
  'crates/article/src': 'find Care trim names fuller readable',
  'crates/feed/src': 'bodies escapes addresses sites',
  'crates/story/src': 'Desk desk groups likeness copies voice Taste sides',
  'crates/net/src': 'bounds Turn Slot rests way Heard Unwelcome private coding pages',
  'crates/store/src': 'forms passage Lights sounds',
  'ui/src': 'speak hear USUAL_SETTINGS Sheet Brief Course Ways sounds',
};
/** Names of files only: as names of functions and variables these are ordinary words. */
const replacedFiles = {
  'crates/engine/src': 'entries',
  'ui/src': 'words why',
  'crates/article/src': 'place',
  'crates/story/src': 'words place',
};

const DEFINITION =
  /^\s*(?:pub(?:\([^)]*\))? |export )?(?:async |const |unsafe )?(?:fn|struct|enum|trait|mod|type|const|static|interface|class|function)\s+(\w+)/gm;

const tracked = execFileSync('git', ['ls-files'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
}).split('\n');
const sourcesIn = (folder) =>
  tracked.filter(
    (path) => path.startsWith(`${folder}/`) && /\.(rs|ts|svelte)$/.test(path) && existsSync(join(root, path)),
  );
const nameOf = (path) => basename(path).split('.')[0];

/** The definitions in a source text. */
const definitions = (text) => [...text.matchAll(DEFINITION)].map(([, name]) => name);

for (const [folder, words] of Object.entries(replaced)) {
  test(`${folder} uses no name that was replaced`, () => {
    const gone = new Set(words.split(' '));
    const goneFiles = new Set([...gone, ...(replacedFiles[folder] ?? '').split(' ')]);
    const sources = sourcesIn(folder);
    assert.ok(sources.length > 0);
    const found = sources.flatMap((path) => [
      ...(goneFiles.has(nameOf(path)) ? [path] : []),
      ...definitions(readFileSync(join(root, path), 'utf8'))
        .filter((name) => gone.has(name))
        .map((name) => `${path}: ${name}`),
    ]);
    assert.deepEqual(found, []);
  });
}

test('definitions are found', () => {
  const rust = 'pub(crate) async fn tell(x: u8) {}\n    struct Desk;\nmod sides;\nconst fn way() {}\nlet say = 1;';
  assert.deepEqual(definitions(rust), ['tell', 'Desk', 'sides', 'way']);
  assert.deepEqual(definitions('export function hear() {}\nexport const Sheet = 1;'), ['hear', 'Sheet']);
});
