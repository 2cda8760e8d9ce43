/** The element in notebooks, as the Python package carries it: one ES module, with styles, worker and engine inside. */
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { define, licensed, oneChunk, onlyNumbers, packed, PAGE } from './vite.shared.ts';

export default defineConfig({
  publicDir: false,
  define,
  plugins: [packed(), licensed(), oneChunk(), onlyNumbers()],
  build: {
    outDir: 'dist-widget',
    target: 'es2022',
    minify: true,
    modulePreload: false,
    chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
    rollupOptions: {
      input: join(PAGE, 'host/widget.ts'),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'widget.js' },
    },
  },
  // A notebook takes the module from a Blob, beside which there are no files.
  worker: { format: 'iife' },
});
