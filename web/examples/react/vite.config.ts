import { defineConfig } from 'vite';

export default defineConfig({
  optimizeDeps: {
    exclude: ['causal-sessions'], // its worker and its wasm are files of their own
    include: ['react/jsx-dev-runtime'], // found late otherwise, and then the page is loaded once more
  },
  esbuild: { jsx: 'automatic' },
});
