/** The page as static files that are put into any folder of any server. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, transformWithEsbuild, type Plugin } from 'vite';
import { growsShared } from './lib/engine/threads.ts';
import { docs } from './vite.docs.ts';
import { define, icon, inlineIcon, maskableIcon, onlyNumbers, PAGE } from './vite.shared.ts';

const manifest = {
  name: 'Causal sessions',
  description: 'Turns an event log into training sets for causal models, inside the browser.',
  start_url: './',
  display: 'standalone',
  background_color: '#fbfbfa',
  theme_color: '#1d2733',
  icons: [
    { src: icon, sizes: 'any', type: 'image/svg+xml' },
    { src: maskableIcon, sizes: 'any', type: 'image/svg+xml', purpose: 'maskable' },
  ],
};

/** Makes the page installable, and one that opens offline: a manifest, and a worker that knows every file by its hash. */
function installable(): Plugin {
  return {
    name: 'installable',
    apply: 'build',
    transformIndexHtml: () => [{ tag: 'link', attrs: { rel: 'manifest', href: './app.webmanifest' }, injectTo: 'head' }],
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        this.emitFile({ type: 'asset', fileName: 'app.webmanifest', source: JSON.stringify(manifest) });
        const contents = Object.values(bundle).map((file): [string, string | Uint8Array] => [
          file.fileName,
          file.type === 'chunk' ? file.code : file.source,
        ]);
        const hashes = contents
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, content]): [string, string] => [name === 'index.html' ? './' : name, integrity(content)]);
        // What a visitor may never ask for is not loaded ahead.
        const isLater = (name: string) => name.startsWith('docs/');
        const [files, later] = [false, true].map((wanted) =>
          Object.fromEntries(hashes.filter(([name]) => isLater(name) === wanted)),
        );
        const version = createHash('sha256').update(JSON.stringify(hashes)).digest('hex').slice(0, 16);
        const define = {
          VERSION: JSON.stringify(version),
          FILES: JSON.stringify(files),
          LATER: JSON.stringify(later),
        };
        const { code } = await transformWithEsbuild(
          `const GROWS_SHARED = ${growsShared};\n${readFileSync(join(PAGE, 'host/service-worker.ts'), 'utf8')}`,
          'service-worker.ts',
          { define, minify: true, format: 'iife', target: 'es2022', sourcemap: false },
        );
        this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: code });
      },
    },
  };
}

const integrity = (content: string | Uint8Array): string => `sha256-${createHash('sha256').update(content).digest('base64')}`;

export default defineConfig({
  root: 'page',
  // Relative addresses, so that the page can be put into any folder.
  base: './',
  define,
  plugins: [inlineIcon(), docs(), installable(), onlyNumbers()],
  build: {
    outDir: '../dist-page',
    emptyOutDir: true,
    target: 'es2022',
    minify: 'terser', // 2 KB smaller than by esbuild
    terserOptions: { module: true, ecma: 2020, compress: { passes: 3 } },
    modulePreload: { polyfill: false },
    // The Content-Security-Policy allows no data: addresses but images.
    assetsInlineLimit: 0,
  },
  worker: {
    format: 'es',
  },
});
