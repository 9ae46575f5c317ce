// Bundles what needs no page as one module into ../.cache/frontend and runs the tests over it. With
// `--bundle` it only prints where the bundle stands, for whoever talks to `tests/answers.mjs`.

import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const bundle = path.join(here, "..", ".cache", "frontend", "parts.mjs");

await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["tests/parts.ts"],
  bundle: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16"],
  outfile: bundle,
  logLevel: "warning",
});

if (process.argv.includes("--bundle")) {
  console.log(bundle);
} else {
  const tests = (await readdir(path.join(here, "tests"))).filter((name) => name.endsWith(".test.mjs")).sort();
  const files = tests.map((name) => path.join(here, "tests", name));
  const done = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" });
  process.exit(done.status ?? 1);
}
