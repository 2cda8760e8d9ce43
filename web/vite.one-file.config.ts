/** The whole page as one HTML file, which works from a disk: code, styles, worker and engine inside, nothing may be asked for. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { define, icon, licensed, onlyNumbers, PAGE } from './vite.shared.ts';

/** `?packed`: a file as base64 of gzip. */
function packed(): Plugin {
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

/** Puts the one chunk into index.html, whose policy then names script and style by their hashes and closes the rest. */
function intoHtml(): Plugin {
  return {
    name: 'into-html',
    generateBundle(_options, bundle) {
      // Where the engine's glue would look, if it were not handed the code.
      for (const name of Object.keys(bundle)) if (/\.(wasm|mjs)$/.test(name)) delete bundle[name];
      const [chunk, ...others] = Object.values(bundle);
      if (chunk?.type !== 'chunk' || others.length > 0)
        this.error(`One chunk was expected, not ${Object.keys(bundle).join(', ')}.`);
      delete bundle[chunk.fileName];
      const script = chunk.code.trim();
      const style = readFileSync(join(PAGE, 'styles/document.css'), 'utf8').trim();
      if (/<\/script|<!--/i.test(script)) this.error('The script would end the element that it is in.');
      const policy = `default-src 'none'; script-src ${hash(script)} 'wasm-unsafe-eval'; style-src ${hash(style)}; img-src data: blob:; connect-src 'none'; worker-src blob:; base-uri 'none'; form-action 'none'`;
      const replacements: [RegExp, string][] = [
        [/content="default-src[^"]*"/, `content="${policy}"`],
        [/\.\/icon\.svg/, icon],
        [/<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`],
        [/<script [^>]*><\/script>/, `<script type="module">${script}</script>`],
      ];
      let html = readFileSync(join(PAGE, 'index.html'), 'utf8');
      for (const [pattern, text] of replacements) {
        if (!pattern.test(html)) this.error(`index.html has nothing like ${pattern.source}.`);
        html = html.replace(pattern, () => text);
      }
      this.emitFile({ type: 'asset', fileName: 'causal-sessions.html', source: html });
    },
  };
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export default defineConfig({
  publicDir: false,
  define,
  plugins: [packed(), licensed(), intoHtml(), onlyNumbers()],
  build: {
    outDir: 'dist-one-file',
    target: 'es2022',
    minify: true,
    modulePreload: false,
    rollupOptions: { input: join(PAGE, 'host/one-file.ts') },
  },
  // A browser starts no module from a Blob of a page on the disk.
  worker: { format: 'iife' },
});
