/** `causal-sessions/element`: the page's code and styles as one module beside those that tsc has made of lib. */
import { defineConfig } from 'vite';
import { define, licensed, onlyNumbers } from './vite.shared.ts';

const LIB = /\/lib\/([\w/-]+\.js)$/;

export default defineConfig({
  publicDir: false,
  define: { __VERSION__: define.__VERSION__ },
  plugins: [licensed(), onlyNumbers()],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: 'page/host/packaged.ts', formats: ['es'], fileName: () => 'element.js' },
    rollupOptions: {
      // Shared with `causal-sessions/worker`, so that an EventDataError is one class.
      external: LIB,
      output: { paths: (id) => id.replace(/^.*\/lib\//, './') },
    },
  },
});
