// Modules and the arrows between them, read from source text: Rust crates and the UI. A module is a file;
// an arrow says that a file names something that another file defines. Names that a file only passes on
// (`pub use`, `export … from`) belong to the file that defines them.
//
// A text analysis, not a compiler: it sees paths and imports, not which type a method call reaches.

import { dirname, join, normalize } from 'node:path/posix';

/** @typedef {Map<string, string>} Files source text by path, relative to the source folder */
/** @typedef {Map<string, Set<string>>} Graph which modules each module uses */

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** Rust source with comments, strings and character literals blanked out. */
export const bare = (text) =>
  text.replace(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|\b[bc]?"(?:\\[\s\S]|[^"\\])*"|"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\[^\n]+?|[^'\\\n])'/g,
    (match, _, at) => {
      // A lifetime before another one, as in `<'a, 'b>`, is not a literal.
      if (/^'[A-Za-z_]/.test(match) && /[A-Za-z_0-9]/.test(text[at + match.length] ?? '')) return match;
      return blank(match);
    },
  );

/** The end of the item that begins at `from`: its `;` or its closing brace. */
const endOfItem = (text, from) => {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if ('{(['.includes(text[at])) depth += 1;
    if ('})]'.includes(text[at])) {
      depth -= 1;
      if (depth === 0 && text[at] === '}') return at + 1;
    }
    if (text[at] === ';' && depth === 0) return at + 1;
  }
  return text.length;
};

/** Leaves out items for tests; gives the names of modules in files that are for tests only. */
const withoutTests = (text) => {
  const files = [];
  const marker = /#\[cfg\((?:all\()?test\b[^\]]*\]/g;
  let kept = text;
  for (const match of text.matchAll(marker)) {
    const from = match.index + match[0].length;
    const end = endOfItem(text, from);
    const item = text.slice(from, end);
    const file = item.match(/\bmod\s+(\w+)\s*;/);
    if (file) files.push(file[1]);
    kept = kept.slice(0, match.index) + blank(text.slice(match.index, end)) + kept.slice(end);
  }
  return { text: kept, files };
};

/** The paths of a use tree: `a::{b, c as d}` gives `a::b` under the name `b` and `a::c` under `d`. */
const useTree = (tree, prefix = []) => {
  const text = tree.trim();
  const brace = text.indexOf('{');
  if (brace >= 0) {
    const head = text.slice(0, brace).split('::').map((part) => part.trim()).filter(Boolean);
    const inner = text.slice(brace + 1, text.lastIndexOf('}'));
    const parts = [];
    let depth = 0;
    let start = 0;
    [...inner, ','].forEach((sign, at) => {
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
      if (sign === ',' && depth === 0) {
        parts.push(inner.slice(start, at));
        start = at + 1;
      }
    });
    return parts.filter((part) => part.trim()).flatMap((part) => useTree(part, [...prefix, ...head]));
  }
  const [path, alias] = text.split(/\s+as\s+/);
  let segments = [...prefix, ...path.split('::').map((part) => part.trim()).filter(Boolean)];
  if (segments.at(-1) === 'self') segments = segments.slice(0, -1);
  return [{ path: segments, name: alias?.trim() ?? segments.at(-1) }];
};

/** Where each inline module of a file begins and ends, with its path within the file. */
const inlineModules = (text) =>
  [...text.matchAll(/\bmod\s+(\w+)\s*\{/g)].map((match) => ({
    name: match[1],
    from: match.index,
    to: endOfItem(text, match.index),
  }));

const moduleOf = (path) => {
  const parts = path.replace(/\.rs$/, '').split('/');
  if (parts.at(-1) === 'mod') parts.pop();
  return parts.length === 1 && parts[0] === 'lib' ? '' : parts.join('::');
};

const definition = (name) =>
  new RegExp(`\\b(?:fn|struct|enum|union|trait|type|const|static|macro_rules!)\\s+(?:mut\\s+)?${name}\\b`);

/** Reads a crate's files into what its modules declare, import and name. */
const readCrate = (files) => {
  const modules = new Map();
  const forTests = new Set();
  const hasLib = files.has('lib.rs');
  for (const [path, source] of files) {
    // A program beside a library names that as another crate; without one it is the root itself.
    const name = path === 'main.rs' && !hasLib ? '' : moduleOf(path);
    const { text, files: tests } = withoutTests(bare(source));
    for (const test of tests) forTests.add([name, test].filter(Boolean).join('::'));
    modules.set(name, { name, text });
  }
  for (const name of [...modules.keys()]) {
    if ([...forTests].some((test) => name === test || name.startsWith(`${test}::`))) modules.delete(name);
  }
  for (const module of modules.values()) {
    const { text, name } = module;
    const inline = inlineModules(text);
    const home = (at) => [
      ...name.split('::').filter(Boolean),
      ...inline.filter((one) => one.from < at && at < one.to).map((one) => one.name),
    ];
    module.children = [...text.matchAll(/\bmod\s+(\w+)\s*;/g)].map((match) => match[1]);
    module.imports = [];
    module.paths = [];
    let rest = text;
    for (const match of text.matchAll(/(\bpub\s*(?:\([^)]*\)\s*)?)?\buse\s+([^;]+);/g)) {
      const from = home(match.index);
      for (const one of useTree(match[2])) {
        module.imports.push({ ...one, home: from, isPassedOn: Boolean(match[1]) });
      }
      rest = rest.slice(0, match.index) + blank(match[0]) + rest.slice(match.index + match[0].length);
    }
    rest = rest.replace(/\bmod\s+\w+\s*;/g, blank);
    module.rest = rest;
    for (const match of rest.matchAll(/(?<![\w:])(?:\$?crate|super|self)(?:\s*::\s*\w+)+/g)) {
      const path = match[0].replace('$', '').split('::').map((part) => part.trim());
      module.paths.push({ path, home: home(match.index) });
    }
    for (const child of module.children) {
      const named = new RegExp(`(?<![\\w:.])${child}(?:\\s*::\\s*\\w+)+`, 'g');
      for (const match of rest.matchAll(named)) {
        module.paths.push({ path: ['self', ...match[0].split('::').map((part) => part.trim())], home: home(match.index) });
      }
    }
  }
  return modules;
};

/**
 * The module graph of a Rust crate.
 * @param {Files} files the crate's `src` folder
 * @returns {Graph}
 */
export const rustGraph = (files) => {
  const modules = readCrate(files);

  const absolute = (path, home) => {
    const [first, ...more] = path;
    if (first === 'crate') return more;
    if (first === 'self') return [...home, ...more];
    if (first === 'super') {
      let [at, left] = [home.slice(0, -1), more];
      while (left[0] === 'super') [at, left] = [at.slice(0, -1), left.slice(1)];
      return [...at, ...left];
    }
    // A path without a keyword names a child of the module it is in, or another crate.
    if (modules.has([...home, first].join('::'))) return [...home, ...path];
    return undefined;
  };

  /** The module that defines what an absolute path names, and what is left of the path. */
  const resolve = (segments, seen = new Set()) => {
    const key = segments.join('::');
    if (seen.has(key)) return undefined;
    seen.add(key);
    let length = segments.length;
    while (length > 0 && !modules.has(segments.slice(0, length).join('::'))) length -= 1;
    const module = modules.get(segments.slice(0, length).join('::'));
    if (!module) return undefined;
    const [item] = segments.slice(length);
    if (item === undefined || definition(item).test(module.rest)) return { module: module.name, item };
    for (const one of module.imports.filter((one) => one.name === item)) {
      const target = absolute(one.path, one.home);
      const found = target && resolve([...target, ...segments.slice(length + 1)], seen);
      if (found) return found;
    }
    for (const one of module.imports.filter((one) => one.name === '*')) {
      const target = absolute(one.path.slice(0, -1), one.home);
      const found = target && resolve([...target, ...segments.slice(length)], seen);
      if (found?.item !== undefined && definition(found.item).test(modules.get(found.module).rest)) return found;
    }
    return { module: module.name, item };
  };

  const graph = new Map([...modules.keys()].map((name) => [name, new Set()]));
  for (const module of modules.values()) {
    const add = (target) => {
      if (target !== undefined && target !== module.name) graph.get(module.name).add(target);
    };
    for (const { path, home } of module.paths) {
      const target = absolute(path, home);
      if (target) add(resolve(target)?.module);
    }
    for (const { path, name, home, isPassedOn } of module.imports) {
      const isNamedHere = new RegExp(`(?<![\\w.])${name === '*' ? '\\*' : name}\\b`).test(module.rest);
      if (isPassedOn && !isNamedHere) continue;
      const target = absolute(name === '*' ? path.slice(0, -1) : path, home);
      const found = target && resolve(target);
      if (!found) continue;
      // A module that is imported as a whole: what counts is what is named in it.
      const named = [...module.rest.matchAll(new RegExp(`(?<![\\w:.])${name}\\s*::\\s*(\\w+)`, 'g'))];
      if (name !== '*' && found.item === undefined && named.length > 0) {
        for (const [, item] of named) add(resolve([...found.module.split('::').filter(Boolean), item])?.module);
      } else {
        add(found.module);
      }
    }
  }
  return graph;
};

/**
 * The module graph of the UI: its `.ts` and `.svelte` files, without tests.
 * @param {Files} files the folder `ui/src`
 * @returns {Graph}
 */
export const uiGraph = (files) => {
  const isModule = (path) => /\.(ts|svelte)$/.test(path) && !/\.(test|d)\.ts$/.test(path);
  const names = new Set([...files.keys()].filter(isModule));
  const find = (path) =>
    [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}.svelte`, `${path}/index.ts`].find((name) => names.has(name));
  const imports = (text) => {
    const code = text.replace(/<!--[\s\S]*?-->|(?<![:'"`])\/\/[^\n]*|\/\*[\s\S]*?\*\//g, blank);
    const found = /\b(import|export)\s+(?:(type\s+)?([\w*{][^'"`;()]*?)\s+from\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
    return [...code.matchAll(found)].map((match) => ({
      isPassedOn: match[1] === 'export',
      names: [...(match[3] ?? '').matchAll(/(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?|\*/g)]
        .filter((name) => name[1] !== 'type')
        .map((name) => ({ given: name[1] ?? '*', name: name[2] ?? name[1] ?? '*' })),
      from: match[4] ?? match[5],
    }));
  };
  const read = new Map([...names].map((name) => [name, imports(files.get(name))]));
  const targetOf = (name, from) => {
    if (from.startsWith('$lib')) return find(normalize(from.replace('$lib', 'lib')));
    return from.startsWith('.') ? find(normalize(join(dirname(name), from))) : undefined;
  };
  /** The file that defines `item`, following what files pass on. */
  const resolve = (name, item, seen = new Set()) => {
    if (seen.has(name)) return name;
    seen.add(name);
    for (const one of read.get(name).filter((one) => one.isPassedOn)) {
      const next = targetOf(name, one.from);
      const passed = one.names.find((known) => known.name === item);
      if (next && passed) return resolve(next, passed.given, seen);
    }
    return name;
  };
  const graph = new Map([...names].map((name) => [name, new Set()]));
  for (const [name, all] of read) {
    for (const one of all.filter((one) => !one.isPassedOn)) {
      const target = targetOf(name, one.from);
      if (!target) continue;
      const items = one.names.length > 0 ? one.names.map((known) => known.given) : ['*'];
      for (const item of items) {
        const definer = resolve(target, item);
        if (definer !== name) graph.get(name).add(definer);
      }
    }
  }
  return graph;
};

/**
 * The circles of a graph: its strongly connected components of more than one module (Tarjan).
 * @param {Graph} graph
 * @returns {string[][]} sorted
 */
export const circles = (graph) => {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (name) => {
    index.set(name, index.size);
    low.set(name, index.get(name));
    stack.push(name);
    for (const next of graph.get(name)) {
      if (!index.has(next)) {
        visit(next);
        low.set(name, Math.min(low.get(name), low.get(next)));
      } else if (stack.includes(next)) {
        low.set(name, Math.min(low.get(name), index.get(next)));
      }
    }
    if (low.get(name) === index.get(name)) {
      const component = stack.splice(stack.indexOf(name));
      if (component.length > 1) found.push(component.map((one) => one || 'lib').sort());
    }
  };
  for (const name of graph.keys()) if (!index.has(name)) visit(name);
  return found.sort();
};

/** The arrows within a circle, so that a failure shows where to cut. */
export const arrowsOf = (graph, circle) =>
  circle.flatMap((name) =>
    [...graph.get(name === 'lib' ? '' : name)]
      .filter((target) => circle.includes(target || 'lib'))
      .map((target) => `${name} → ${target || 'lib'}`),
  );

/**
 * Arrows that point upward in an order of folders, and modules that have no place in it. The crate's root
 * stands above all.
 * @param {Graph} graph
 * @param {string[]} order the highest folder first
 * @returns {string[]}
 */
export const upwardArrows = (graph, order) => {
  const place = (name) => (name === '' || name === 'main' ? -1 : order.indexOf(name.split('::')[0]));
  const wrong = [];
  for (const [name, targets] of graph) {
    if (name !== '' && name !== 'main' && place(name) < 0) wrong.push(`${name} has no place in the order`);
    for (const target of targets) {
      const isKnown = target === '' || order.includes(target.split('::')[0]);
      if (isKnown && place(target) < place(name)) wrong.push(`${name} → ${target || 'lib'}`);
    }
  }
  return wrong.sort();
};

/**
 * How many methods each type of a crate has, over all its files.
 * @param {Files} files
 * @returns {Map<string, number>}
 */
export const methodCounts = (files) => {
  const counts = new Map();
  for (const source of files.values()) {
    const { text } = withoutTests(bare(source));
    for (const match of text.matchAll(/^( *)impl\b(?:<[^{;]*?>)?\s+([^{;]+?)\s*\{/gm)) {
      if (/\bfor\b/.test(match[2])) continue;
      const type = match[2].replace(/<[\s\S]*$/, '').replace(/\bwhere[\s\S]*$/, '').trim();
      const body = text.slice(match.index, endOfItem(text, match.index));
      const method = new RegExp(`^${match[1]}    (?:pub(?:\\([^)]*\\))? )?(?:const |async |unsafe )*fn `, 'gm');
      counts.set(type, (counts.get(type) ?? 0) + [...body.matchAll(method)].length);
    }
  }
  return counts;
};
