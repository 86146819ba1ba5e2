/** One SVG file with every icon the templates may name: those of names.txt from lucide, and our own drawings in this folder. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const lucide = join(here, "..", "node_modules", "lucide-static", "icons");

function symbol(name: string, file: string, look = ""): string {
  const text = readFileSync(file, "utf-8").replace(/<!--[\s\S]*?-->/g, "");
  const box = /viewBox="([^"]+)"/.exec(text)?.[1];
  if (!box) throw new Error(`${file} has no viewBox`);
  const body = text
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s+/g, " ")
    .replace(/> </g, "><")
    .trim();
  return `<symbol id="${name}" viewBox="${box}"${look}>${body}</symbol>`;
}

function names(): string[] {
  const list = readFileSync(join(here, "names.txt"), "utf-8").split("\n").filter(Boolean);
  if (list.join() !== [...new Set(list)].sort().join()) throw new Error("icons/names.txt must be sorted and name each icon once");
  return list;
}

function sprite(): string {
  const ours = readdirSync(here).filter((file) => file.endsWith(".svg")).sort();
  const symbols = [
    ...names().map((name) => symbol(name, join(lucide, `${name}.svg`), ' fill="none" stroke="currentColor"')),
    ...ours.map((file) => symbol(file.replace(/\.svg$/, ""), join(here, file))),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** Writes assets/icons-<hash>.svg and assets/favicon-<hash>.svg and enters both in the manifest, where the {% icon %} tag finds them. */
export function icons(): Plugin {
  const written: Record<string, { file: string; src: string }> = {};
  return {
    name: "lingyan-icons",
    buildStart() {
      this.addWatchFile(join(here, "names.txt"));
    },
    generateBundle() {
      const sources = { icons: sprite(), favicon: readFileSync(join(here, "mark-small.svg"), "utf-8") };
      for (const [name, source] of Object.entries(sources)) {
        const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
        const fileName = `assets/${name}-${hash}.svg`;
        this.emitFile({ type: "asset", fileName, source });
        written[`${name}.svg`] = { file: fileName, src: `${name}.svg` };
      }
    },
    writeBundle(options) {
      const path = join(options.dir ?? "dist", "manifest.json");
      const manifest = { ...JSON.parse(readFileSync(path, "utf-8")), ...written };
      writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
    },
  };
}
