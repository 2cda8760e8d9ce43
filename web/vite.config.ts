import { defineConfig } from 'vite';

// The engine asks for it in Node only.
const external = ['module'];

export default defineConfig({
  root: 'page',
  // Relative addresses, so that the page can be put into any folder.
  base: './',
  build: {
    outDir: '../dist-page',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The Content-Security-Policy allows no data: addresses but images.
    assetsInlineLimit: 0,
    rollupOptions: { external },
  },
  worker: {
    format: 'es',
    rollupOptions: { external },
  },
});
