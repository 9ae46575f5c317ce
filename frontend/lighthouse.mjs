// Lets Lighthouse look at pages as a phone does, in a Chromium that is already running. Reads one JSON document
// `{port, categories, throttled, urls}` from standard input, and writes one line of JSON for each page:
// its scores, and what each audit that did not pass has to say.

import { readFileSync } from "node:fs";
import lighthouse from "lighthouse";

// What is not timed need not come to rest for long; nothing at all would mean the five seconds of the default.
const STRAIGHT_ON = { pauseAfterFcpMs: 1, pauseAfterLoadMs: 1, networkQuietThresholdMs: 1, cpuQuietThresholdMs: 1 };

const asked = JSON.parse(readFileSync(0, "utf8"));

function complaint(audit) {
  const items = (audit.details?.items ?? []).slice(0, 5);
  const places = items.map((item) => item.node?.selector ?? item.description ?? item.url ?? item.source ?? "");
  return `${audit.id}: ${audit.title} ${places.filter(Boolean).join(" | ")}`.trim();
}

for (const url of asked.urls) {
  const { lhr } = await lighthouse(url, {
    port: asked.port,
    output: "json",
    logLevel: "silent",
    onlyCategories: asked.categories,
    formFactor: "mobile",
    // Any other way to slow it down rests for more than five seconds after each step.
    throttlingMethod: "simulate",
    ...(asked.throttled ? {} : STRAIGHT_ON),
    disableFullPageScreenshot: true,
    maxWaitForLoad: 20_000,
  });
  const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]));
  const counted = new Set(Object.values(lhr.categories).flatMap((each) => each.auditRefs.filter((ref) => ref.weight > 0).map((ref) => ref.id)));
  const failed = Object.values(lhr.audits).filter((audit) => counted.has(audit.id) && audit.score !== null && audit.score < 1);
  console.log(JSON.stringify({ url: lhr.finalDisplayedUrl, scores, failed: failed.map(complaint), error: lhr.runtimeError?.message ?? "" }));
}
