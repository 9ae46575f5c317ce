// Builds what the pages load into ../orderkit/web/static: bundles with a hash of their content in the
// name, the sprite of the icons listed in icons.txt, and manifest.json, which maps the plain names to
// the hashed ones. `--watch` builds again whenever a source changes.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, watch, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { pruned, wordsIn } from "./pruning.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "orderkit", "web", "static");
const entries = {
  "theme.js": "src/theme.ts",
  "app.js": "src/app.ts",
  "charts.js": "src/charts.ts",
  "diagnostics.js": "src/diagnostics.ts",
  // All of Tabler, for a project whose own templates may name any class of it.
  "whole.css": "styles/app.css",
};
const styles = { "app.css": "styles/app.css" };
// Loaded by a page only when somebody uses what they are for; they are modules, and say what they offer.
const lazy = {
  "richtext.js": "src/lazy/richtext.ts",
  "scanner.js": "src/lazy/scanner.ts",
};

// What every page loads: the worker keeps it from the beginning, and the rest once it was asked for.
const FIRST = ["app.css", "app.js", "favicon.svg", "icons.svg", "theme.js"];
const ICON_SIZES = [180, 192, 512];

const modules = path.join(here, "node_modules");
const LICENSE_FILE = /^(licen[cs]e|notice|copyrightnotice)(\.(txt|md))?$/i;

// A field type whose input is more than the browser's own has a `control.ts` beside its class: they are
// found here, so that nothing else need name them. They import the rest of the front end as `orderkit/…`.
const fields = path.join(here, "..", "orderkit", "fields");
const controls = {
  name: "controls",
  setup(build) {
    build.onResolve({ filter: /^orderkit:controls$/ }, () => ({ path: "controls", namespace: "controls" }));
    build.onLoad({ filter: /.*/, namespace: "controls" }, async () => {
      const folders = (await readdir(fields, { withFileTypes: true })).filter((each) => each.isDirectory());
      const found = folders.map((each) => path.join(fields, each.name, "control.ts")).filter(existsSync).sort();
      const imports = found.map((file, index) => `import { control as c${index} } from ${JSON.stringify(file)};`);
      const names = found.map((_, index) => `c${index}`);
      return { contents: `${imports.join("\n")}\nexport const controls = [${names.join(", ")}];`, resolveDir: here };
    });
    build.onResolve({ filter: /^orderkit\// }, ({ path: asked }) => ({
      path: path.join(here, "src", `${asked.slice("orderkit/".length)}.ts`),
    }));
  },
};

// What the pages and scripts of this package name, and what may be named by them with a class of Tabler.
const naming = [path.join(here, "src"), path.join(here, "..", "orderkit", "web"), fields];

function pruning(words) {
  return {
    name: "pruning",
    setup(build) {
      build.onLoad({ filter: /[\\/]tabler\.css$/ }, async ({ path: file }) => ({
        contents: pruned(await readFile(file, "utf8"), words),
        loader: "css",
      }));
    },
  };
}

async function bundle(source, packages, { define = {}, format = "iife", plugins = [] } = {}) {
  const built = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [source],
    bundle: true,
    write: false,
    minify: true,
    format,
    target: ["chrome109", "firefox115", "safari16"],
    legalComments: "none",
    metafile: true,
    plugins: [controls, ...plugins],
    logLevel: "warning",
    outdir: "out",
    define,
  });
  for (const input of Object.keys(built.metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  return Buffer.from(built.outputFiles[0].contents);
}

// Whoever passes the bundles on must pass on whose work is in them, and under which terms.
async function licenses(packages) {
  const texts = [await readFile(path.join(here, "notices.txt"), "utf8")];
  const mit = await readFile(path.join(modules, "@tabler", "icons", "LICENSE"), "utf8");
  for (const name of [...packages].sort()) {
    const folder = path.join(modules, name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort();
    const own = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
    if (!own.length && license !== "MIT") throw new Error(`${name} comes with no license text`);
    texts.push(`${"=".repeat(72)}\n${name} ${version} (${license})\n\n${(own.length ? own : [mit]).join("\n")}`);
  }
  return Buffer.from(texts.join("\n"));
}

async function sprite() {
  const names = (await readFile(path.join(here, "icons.txt"), "utf8"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const folder = path.join(modules, "@tabler", "icons", "icons", "outline");
  const symbols = [];
  for (const name of names) {
    const drawing = await readFile(path.join(folder, `${name}.svg`), "utf8").catch(() => {
      throw new Error(`icons.txt names "${name}", which @tabler/icons does not have`);
    });
    const paths = drawing.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${paths.replace(/\s+/g, " ").trim()}</symbol>`);
  }
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

function hashOf(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 10);
}

function hashedName(name, content) {
  const { name: stem, ext } = path.parse(name);
  return `${stem}.${hashOf(content)}${ext}`;
}

// Provinces, cities and districts, as @vant/area-data has them (2025), without its codes. What only groups
// counties that no city administers is no place: they stand as cities themselves.
const NO_PLACE = /^(县|省直辖县|自治区直辖县级行政区划)$/;

async function regions() {
  const { areaList } = await import("@vant/area-data");
  const under = (list, code, digits) => Object.entries(list).filter(([each]) => each.startsWith(code.slice(0, digits)));
  const found = Object.entries(areaList.province_list).map(([code, province]) => {
    const cities = [];
    for (const [cityCode, city] of under(areaList.city_list, code, 2)) {
      const districts = under(areaList.county_list, cityCode, 4).map(([, name]) => name);
      if (!NO_PLACE.test(city)) cities.push([city, districts]);
      else if (cities[0]?.[0] === province) cities[0][1].push(...districts);
      else cities.push(...districts.map((name) => [name, []]));
    }
    return [province, cities];
  });
  return Buffer.from(JSON.stringify(found));
}

async function build() {
  const files = new Map();
  const packages = new Set(["@tabler/icons"]);
  for (const [name, source] of Object.entries(entries)) files.set(name, await bundle(source, packages));
  const plugins = [pruning(await wordsIn(naming))];
  for (const [name, source] of Object.entries(styles)) files.set(name, await bundle(source, packages, { plugins }));
  for (const [name, source] of Object.entries(lazy)) files.set(name, await bundle(source, packages, { format: "esm" }));
  files.set("icons.svg", await sprite());
  files.set("regions.json", await regions());
  packages.add("@vant/area-data");
  files.set("favicon.svg", await readFile(path.join(here, "favicon.svg")));
  files.set("licenses.txt", await licenses(packages));
  for (const size of ICON_SIZES) files.set(`app-${size}.png`, await readFile(path.join(here, "icons", `app-${size}.png`)));
  // The worker knows the names of its build, so it changes whenever one of them does.
  const first = FIRST.map((name) => hashedName(name, files.get(name)));
  const version = hashOf(JSON.stringify([...files].sort().map(([name, content]) => hashedName(name, content))));
  files.set("worker.js", await bundle("src/worker/worker.ts", packages, { define: { BUILT: JSON.stringify({ version, first }) } }));
  await mkdir(target, { recursive: true });
  const manifest = {};
  const kept = new Set(["manifest.json"]);
  for (const [name, content] of [...files].sort()) {
    const hashed = hashedName(name, content);
    manifest[name] = hashed;
    kept.add(hashed).add(`${hashed}.gz`);
    await writeFile(path.join(target, hashed), content);
    await writeFile(path.join(target, `${hashed}.gz`), gzipSync(content, { level: 9 }));
  }
  await writeFile(path.join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const old of await readdir(target)) if (!kept.has(old)) await rm(path.join(target, old), { recursive: true });
  for (const [name, content] of files) {
    console.log(`${manifest[name].padEnd(28)} ${content.length} bytes, ${gzipSync(content).length} compressed`);
  }
}

await build();
if (process.argv.includes("--watch")) {
  for (const folder of [path.join(here, "styles"), ...naming]) {
    void (async () => {
      for await (const { filename } of watch(folder, { recursive: true })) {
        if (!/\.(css|html|py|ts)$/.test(filename ?? "")) continue;
        await build().catch((fault) => console.error(fault.message));
      }
    })();
  }
}
