// Make the console's scripts, styles and fonts; `./run` calls this on first use.
//
//   ts/*.ts, css/console.css  -->  src/clearline/web/console/static/NAME-DIGEST.EXT
//                                  .br and .gz beside each, and manifest.json
//
// Each file directly in ts/ that is named below is a script of its own. The service
// worker is built last, because it holds the list of all the others.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

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

await writeFile(join(made, "manifest.json"), JSON.stringify(manifest, null, 1));
await rm(out, { recursive: true, force: true });
await rename(made, out);
