import { defineConfig } from 'vite';

export default defineConfig({
  optimizeDeps: { exclude: ['causal-sessions'] }, // its worker and its wasm are files of their own
  esbuild: { jsx: 'automatic' },
});
