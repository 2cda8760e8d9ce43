/** The whole page as one HTML file, which works from a disk: code, styles, worker and engine inside, nothing may be asked for. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin, type Rollup } from 'vite';
import { define, icon, licensed, oneChunk, onlyNumbers, packed, PAGE } from './vite.shared.ts';

/** Puts the one chunk into index.html, whose policy then names script and style by their hashes and closes the rest. */
function intoHtml(): Plugin {
  return {
    name: 'into-html',
    generateBundle(_options, bundle) {
      const chunk = Object.values(bundle)[0] as Rollup.OutputChunk;
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
  plugins: [packed(), licensed(), oneChunk(), intoHtml(), onlyNumbers()],
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
