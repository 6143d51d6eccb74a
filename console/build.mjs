// Make the console's scripts, styles and fonts; `./run` calls this on first use.
//
//   ts/*.ts, css/console.css  -->  src/clearline/web/console/static/NAME-DIGEST.EXT
//                                  .br and .gz beside each, and manifest.json
//   print/*.ttf                    the faces a printed report sets what its own lack in
//
// Each file directly in ts/ that is named below is a script of its own. The service
// worker is built last, because it holds the list of all the others.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync, inflateSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "clearline", "web", "console", "static");
const made = `${out}.new`;

// The scripts pages ask for by name. One that another change brings is left out until then.
const scripts = ["console", "map", "replay"].filter((name) => existsSync(join(here, "ts", `${name}.ts`)));

const common = {
  bundle: true,
  minify: true,
  write: false,
  outdir: made,
  target: ["es2022", "chrome115", "firefox115", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
};

const manifest = {};

async function keep(name, contents, { isFixed = false } = {}) {
  const dot = name.lastIndexOf(".");
  const digest = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  const called = isFixed ? name : `${name.slice(0, dot)}-${digest}${name.slice(dot)}`;
  await writeFile(join(made, called), contents);
  if (!name.endsWith(".woff2")) {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(join(made, `${called}.br`), brotliCompressSync(contents, quality));
    await writeFile(join(made, `${called}.gz`), gzipSync(contents, { level: 9 }));
  }
  manifest[name] = called;
}

await rm(made, { recursive: true, force: true });
await mkdir(made, { recursive: true });

const styled = await build({
  ...common,
  entryPoints: [join(here, "css", "console.css")],
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]",
  publicPath: "/static",
});
for (const file of styled.outputFiles) {
  const name = file.path.slice(made.length + 1);
  if (name.endsWith(".css")) await keep(name, file.contents);
  else {
    await writeFile(join(made, name), file.contents);
    manifest[name] = name;
  }
}

for (const name of scripts) {
  const bundled = await build({ ...common, format: "iife", entryPoints: [join(here, "ts", `${name}.ts`)] });
  for (const file of bundled.outputFiles) await keep(file.path.slice(made.length + 1), file.contents);
}

for (const name of ["icon.svg"]) await keep(name, await readFile(join(here, name)));

const shell = ["console.css", "console.js", "icon.svg"].map((name) => `/static/${manifest[name]}`);
const worker = await build({
  ...common,
  format: "iife",
  entryPoints: [join(here, "ts", "worker.ts")],
  define: { SHELL: JSON.stringify(shell) },
});
for (const file of worker.outputFiles) await keep("worker.js", file.contents, { isFixed: true });

// What sets a report reads no WOFF, so the tables are laid out as they were before it
// (WOFF 1.0, sections 3 to 5): the same package gives the same bytes.
const printed = ["vazirmatn/vazirmatn-arabic", "noto-sans/noto-sans-devanagari"];

function unpacked(woff) {
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, at) => woff.subarray(44 + 20 * at, 64 + 20 * at));
  const top = 12 + 16 * count;
  const head = Buffer.alloc(top);
  const power = Math.floor(Math.log2(count));
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(16 * 2 ** power, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE(16 * (count - 2 ** power), 10);
  const parts = [head];
  let end = top;
  tables.forEach((table, at) => {
    const [from, packed, whole] = [table.readUInt32BE(4), table.readUInt32BE(8), table.readUInt32BE(12)];
    const stored = woff.subarray(from, from + packed);
    const data = packed < whole ? inflateSync(stored) : stored;
    table.copy(head, 12 + 16 * at, 0, 4);
    table.copy(head, 16 + 16 * at, 16, 20);
    head.writeUInt32BE(end, 20 + 16 * at);
    head.writeUInt32BE(whole, 24 + 16 * at);
    const padded = Buffer.alloc(Math.ceil(whole / 4) * 4);
    data.copy(padded);
    parts.push(padded);
    end += padded.length;
  });
  return Buffer.concat(parts);
}

await mkdir(join(made, "print"));
for (const face of printed) {
  const [family, name] = face.split("/");
  for (const weight of [400, 700]) {
    const file = `${name}-${weight}-normal`;
    const woff = await readFile(join(here, "node_modules", "@fontsource", family, "files", `${file}.woff`));
    await writeFile(join(made, "print", `${file}.ttf`), unpacked(woff));
  }
}

await writeFile(join(made, "manifest.json"), JSON.stringify(manifest, null, 1));
await rm(out, { recursive: true, force: true });
await rename(made, out);
