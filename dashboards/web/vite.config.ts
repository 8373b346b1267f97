import { defineConfig } from 'vite'

// `npm run dev` talks to an `earshot serve` (or `earshot up`) on its default port.
export default defineConfig({
  build: {
    // The Go build embeds dist; public/.gitkeep keeps it there for a fresh clone.
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    // Everything is a file of its own: the page's policy allows no inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
