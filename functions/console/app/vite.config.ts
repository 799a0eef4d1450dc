import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, loadEnv, type Plugin } from 'vite';

// The function writes the real address in its place: the same files are served under any path.
const BASE = '__CONSOLE_BASE__';

const baseOfTheDevelopmentServer: Plugin = {
  name: 'base-of-the-development-server',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace(BASE, '/console/'),
};

export default defineConfig(({ command, mode }) => ({
  base: command === 'serve' ? '/console/' : './',
  plugins: [svelte(), baseOfTheDevelopmentServer],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    // Every file is a text of its own: nothing is put into another as a data: URL.
    assetsInlineLimit: 0,
    // It would need another script; every browser that knows light-dark() preloads modules.
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/auth', '/token', '/collect', '/healthz', '/docs'].map((path) => [
        path,
        loadEnv(mode, '.', 'COLLECT_').COLLECT_URL ?? 'http://localhost:8000',
      ]),
    ),
  },
}));
