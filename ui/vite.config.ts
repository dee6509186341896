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
    // What both first screens need compresses better as one piece than as a dozen.
    rolldownOptions: { output: { codeSplitting: { groups: [
      { name: "base", test: /preact|\/src\/(api|keys|lazy|live|load|prefs|router|text|time|toast|parts\/(frame|icon|states|words))\.tsx?$/ },
      { name: "lists", test: /\/src\/(filter\/.*|query|suggest|picking|actions|views|columns|parts\/(filter|views))\.tsx?$/ },
    ] } } },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: {
    proxy: { "/api": process.env["REDRIVE_URL"] ?? "http://127.0.0.1:8080" },
  },
});
