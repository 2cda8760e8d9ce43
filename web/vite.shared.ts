/** What the builds of the page share: its place, its version, and what they do with its icon. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

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
