/** What the builds of the page share: its place, its version, what they do with its icon, what of d3 they leave out, and its license. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

export const PAGE = join(import.meta.dirname, 'page');

export const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as { version: string };

/** The engine's glue loses its part for Node; the page says its version. */
export const define = { process: 'undefined', __VERSION__: JSON.stringify(version) };

const svg = readFileSync(join(PAGE, 'icon.svg'), 'utf8').replace(/>\s+</g, '><').trim();

export const address = (image: string): string =>
  `data:image/svg+xml,${image.replaceAll('"', "'").replace(/[%#<>]/g, encodeURIComponent)}`;

export const icon = address(svg);

/** Launchers cut it to their own shape: all of it is background, and what matters is in the middle. */
export const maskableIcon = address(
  svg
    .replace(/ rx="\d+"/, '')
    .replace('viewBox="0 0 32 32"', 'viewBox="-6 -6 44 44"')
    .replace('<rect width="32" height="32"', '<rect x="-6" y="-6" width="44" height="44"'),
);

/** Within the page: a browser asks for an icon again when the address changes, and nothing is asked for after load. */
export function inlineIcon(): Plugin {
  return {
    name: 'inline-icon',
    transformIndexHtml: { order: 'pre', handler: (html) => html.replace('./icon.svg', icon) },
  };
}

/**
 * Scales end in pixels, so that d3 interpolates numbers: half of what it would add are the colors and dates that it could, too.
 * The version of d3-interpolate that package.json overrides is of many modules; of later ones, a single file, the colors would stay.
 */
export function onlyNumbers(): Plugin {
  return {
    name: 'only-numbers',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source === './value.js' && importer?.includes('/d3-interpolate/') ? join(dirname(importer), 'number.js') : null,
  };
}

/** `?packed`: a file as base64 of gzip. */
export function packed(): Plugin {
  return {
    name: 'packed',
    enforce: 'pre',
    load(id) {
      const [path, query] = id.split('?');
      if (query !== 'packed') return null;
      return `export default '${gzipSync(readFileSync(path!), { level: 9 }).toString('base64')}'`;
    },
  };
}

/** Leaves one chunk of a build, which has all that it needs in itself. */
export function oneChunk(): Plugin {
  return {
    name: 'one-chunk',
    generateBundle(_options, bundle) {
      // Where the engine's glue would look, if it were not handed the code.
      for (const name of Object.keys(bundle)) if (/\.(wasm|mjs)$/.test(name)) delete bundle[name];
      const [chunk, ...others] = Object.values(bundle);
      if (chunk?.type !== 'chunk' || others.length > 0)
        this.error(`One chunk was expected, not ${Object.keys(bundle).join(', ')}.`);
    },
  };
}

/** Puts the licenses of what is bundled into the bundle; the page has them beside it, in docs/license.html. */
export function licensed(): Plugin {
  return {
    name: 'licensed',
    generateBundle: {
      order: 'pre',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          const text = file.type === 'chunk' ? licensesOf([file]) : '';
          if (text !== '') (file as Rollup.OutputChunk).code = `/*!\n${text}\n*/\n${(file as Rollup.OutputChunk).code}`;
        }
      },
    },
  };
}

/** Of the packages whose code is in the files; packages of one license are named before it. */
export function licensesOf(files: readonly (Rollup.OutputChunk | Rollup.OutputAsset)[]): string {
  const folders = new Set<string>();
  for (const file of files) {
    if (file.type !== 'chunk') continue;
    for (const id of Object.keys(file.modules)) {
      const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/')) ?? [];
      if (folder !== undefined) folders.add(folder.replace(/^\0/, ''));
    }
  }
  const holders = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const name = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    if (name === undefined) throw new Error(`${folder} has no license that could be handed on.`);
    const [, holder, terms] = /^(Copyright [^\n]*)\n\n(.*)$/s.exec(readFileSync(join(folder, name), 'utf8').trim()) ?? [];
    if (holder === undefined) throw new Error(`The license of ${folder} does not begin with its holder.`);
    holders.set(terms!, [...(holders.get(terms!) ?? []), `${folder.replace(/^.*\/node_modules\//, '')}: ${holder}`]);
  }
  return [...holders].map(([terms, names]) => `${names.join('\n')}\n\n${terms}`).join('\n\n');
}
