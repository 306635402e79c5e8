// What the architecture promises, read from cargo itself and from the files that git keeps.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/lib.mjs';
import { notices, parts } from '../../scripts/licences.mjs';

const run = (program, args) =>
  execFileSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });

const pure = ['warta-feed', 'warta-article', 'warta-story', 'warta-share', 'warta-import'];
/** Which of the project's packages each one may depend on. */
const arrows = {
  'warta-desktop': ['warta-engine', 'warta-log', 'warta-speech'],
  'warta-cli': ['warta-engine', 'warta-log'],
  'warta-engine': [...pure, 'warta-text', 'warta-store', 'warta-net', 'warta-log', 'warta-mail'],
  'warta-store': ['warta-text'],
  'warta-net': [],
  'warta-log': [],
  'warta-mail': ['warta-text'],
  'warta-speech': [],
  ...Object.fromEntries(pure.map((name) => [name, ['warta-text']])),
  'warta-text': [],
};

test('arrows between our packages run one way', () => {
  const { packages } = JSON.parse(run('cargo', ['metadata', '--format-version=1', '--no-deps', '--locked']));
  const ours = new Set(packages.map((p) => p.name));
  assert.deepEqual([...ours].sort(), Object.keys(arrows).sort(), 'every package has its place in the picture');
  for (const { name, dependencies } of packages) {
    const uses = dependencies.filter((d) => ours.has(d.name) && d.kind === null).map((d) => d.name);
    const forbidden = uses.filter((used) => !arrows[name].includes(used));
    assert.deepEqual(forbidden, [], `${name} reaches past its neighbours`);
  }
});

test('the engine knows no Tauri', () => {
  const engine = Object.keys(arrows).filter((name) => name !== 'warta-desktop');
  for (const name of engine) {
    const tree = run('cargo', ['tree', '--locked', '--package', name, '--edges', 'normal,build', '--prefix', 'none']);
    assert.doesNotMatch(tree, /^(tauri|wry|tao)\b/m, `${name} would pull a window into the engine`);
  }
});

test('the pure crates know neither network, disk engine nor async', () => {
  for (const name of [...pure, 'warta-text']) {
    const tree = run('cargo', ['tree', '--locked', '--package', name, '--edges', 'normal', '--prefix', 'none']);
    assert.doesNotMatch(tree, /^(tokio|reqwest|hyper|sled|tantivy)\b/m, `${name} is pure`);
  }
});

test('only the backend folder of the UI knows Tauri', () => {
  const files = run('git', ['ls-files', 'ui/src']).split('\n').filter((f) => /\.(ts|svelte)$/.test(f));
  const knowing = files.filter((f) => !f.startsWith('ui/src/lib/backend/') && readFileSync(join(root, f), 'utf8').includes('@tauri-apps/'));
  assert.deepEqual(knowing, []);
});

test('one component alone shows HTML, and it is the article body', () => {
  const files = run('git', ['ls-files', 'ui/src']).split('\n').filter((f) => f.endsWith('.svelte'));
  const showing = files.filter((f) => /\{@html\b/.test(readFileSync(join(root, f), 'utf8')));
  assert.deepEqual(showing, ['ui/src/lib/article/ArticleBody.svelte']);
});

test('unsafe code opens the share sheets of Windows and macOS, and does nothing else', () => {
  const files = run('git', ['ls-files', '*.rs']).split('\n').filter(Boolean);
  const unsafe = files.filter((f) => /\bunsafe(_code)?\b(?!-)/.test(readFileSync(join(root, f), 'utf8')));
  const sheets = ['.rs', '/macos.rs', '/windows.rs'].map((end) => `src-tauri/src/share_sheet${end}`);
  assert.deepEqual(unsafe, sheets);
});

test('what the window may do is what its capabilities say, and all of them are in force', () => {
  const files = run('git', ['ls-files', 'src-tauri/capabilities']).split('\n').filter(Boolean);
  const capabilities = files.map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')));
  const { app } = JSON.parse(readFileSync(join(root, 'tauri.conf.json'), 'utf8'));
  assert.deepEqual(app.security.capabilities.toSorted(), capabilities.map((one) => one.identifier).sort());
  const permissions = capabilities.flatMap((one) => one.permissions.map((permission) => [permission, ...(one.platforms ?? [])].join(' ')));
  assert.deepEqual(permissions.sort(), ['core:event:allow-listen', 'core:event:allow-unlisten', 'core:webview:allow-print macOS']);
});

test('the packages of the UI have permissive licences, and the notices of everything go along', () => {
  // deny.toml lists the licences that crates may have.
  const allowed = readFileSync(join(root, 'deny.toml'), 'utf8').match(/^allow = \[([^\]]*)\]/m)[1];
  const permissive = new Set([...allowed.matchAll(/"([^"]+)"/g)].map(([, licence]) => licence));
  const may = (expression) =>
    expression.split(' AND ').every((part) => part.replace(/[()]/g, '').split(/ OR |\s*\/\s*/).some((one) => permissive.has(one.replace(/ WITH .*/, ''))));
  assert.ok(may('(GPL-2.0-only OR MIT) AND Zlib') && !may('MIT AND GPL-3.0-only') && !may(''));
  const all = parts({ everywhere: true });
  assert.deepEqual(all.filter((one) => !may(one.licence)).map((one) => `${one.name}: ${one.licence}`), []);
  const text = notices(all);
  assert.deepEqual(all.filter((one) => !text.includes(`${one.name} ${one.version} (`)).map((one) => one.name), []);
  for (const one of ['sled ', 'tauri ', 'svelte ', '@fontsource-variable/newsreader ']) assert.ok(text.includes(`\n${one}`), one);
});

test('the files that the documents name exist', () => {
  const documents = run('git', ['ls-files', '*.md', 'docs']).split('\n').filter((f) => /\.md$/.test(f) && !f.includes('/tests/') && f !== 'CHANGELOG.md');
  const named = /`((?:crates|src-tauri|ui|tests|docs|scripts|benches|fuzz)\/[\w./-]+)`/g;
  const missing = documents.flatMap((f) =>
    [...readFileSync(join(root, f), 'utf8').matchAll(named)].map(([, path]) => path).filter((path) => !existsSync(join(root, path))).map((path) => `${f}: ${path}`),
  );
  assert.deepEqual(missing, []);
});

test('nothing that is kept names the machine that it was written on', () => {
  const files = run('git', ['ls-files']).split('\n').filter((f) => f && !/\.(png|ico|icns|ttf|woff2?)$/.test(f));
  const home = ['/wor', 'k/'].join('');
  const registries = [['registry.npm', 'js.org'].join(''), ['static.cra', 'tes.io'].join('')];
  const naming = files.filter((f) => {
    const text = readFileSync(join(root, f), 'utf8');
    return text.includes(`${home}main`) || text.includes(`${home}shared`) || registries.some((r) => text.includes(r));
  });
  assert.deepEqual(naming, []);
});
