import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'causal-sessions' } } })],
  optimizeDeps: { exclude: ['causal-sessions'] }, // its worker and its wasm are files of their own
});
