import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { icons } from "./icons/sprite.ts";

export default defineConfig({
  base: "./", // addresses inside the bundle are relative, so any STATIC_URL works
  plugins: [tailwindcss(), icons()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome111", "safari16.4", "firefox114"],
    modulePreload: false,
    reportCompressedSize: true,
    rollupOptions: { input: "src/main.ts" },
  },
});
