import { defineConfig } from "vite";

// The server answers every path under /ui/ with index.html; Maven says where the build goes.
export default defineConfig({
  base: "/ui/",
  build: {
    outDir: process.env["UI_OUT"] ?? "dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // a data: URL would break img-src 'self'
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: {
    proxy: { "/api": process.env["REDRIVE_URL"] ?? "http://127.0.0.1:8080" },
  },
});
