// Lists to pick from, as they were last answered: without a connection a search looks through all that are kept.

import { pagesOf } from "../offline/kept_pages";

const MOST_KEPT = 200;
const PATH = /^\/forms\/[a-z][a-z0-9_]*\/options\/[a-z][a-z0-9_]*$/;
const OPTION = /<div class="picker-option"[^>]*data-title="([^"]*)"[^>]*>[^<]*<\/div>/g;

export function isOptions(path: string): boolean {
  return PATH.test(path);
}

async function searched(request: Request): Promise<string> {
  const query = new URL(request.url).searchParams;
  const sent = request.method === "POST" ? new URLSearchParams(await request.text()) : query;
  return (sent.get("q") ?? "").trim();
}

/** Answers from the server, else from what it answered before. */
export async function answerOptions(request: Request, person: () => Promise<string>): Promise<Response> {
  const path = new URL(request.url).pathname;
  const text = await searched(request.clone());
  const key = `${path}?q=${encodeURIComponent(text)}`;
  try {
    const answer = await fetch(request);
    const owner = answer.headers.get("orderkit-person");
    if (answer.ok && owner && owner === (await person())) {
      const cache = await pagesOf(owner);
      await cache.put(key, answer.clone());
      const kept = (await cache.keys()).filter((each) => isOptions(new URL(each.url).pathname));
      for (const oldest of kept.slice(0, Math.max(0, kept.length - MOST_KEPT))) await cache.delete(oldest);
    }
    return answer;
  } catch {
    const cache = await pagesOf(await person());
    return (await cache.match(key)) ?? (await amongKept(cache, path, text));
  }
}

async function amongKept(cache: Cache, path: string, text: string): Promise<Response> {
  const found = new Set<string>();
  for (const request of await cache.keys()) {
    if (new URL(request.url).pathname !== path) continue;
    const html = (await (await cache.match(request))?.text()) ?? "";
    for (const [whole, title] of html.matchAll(OPTION)) {
      if (title?.toLowerCase().includes(text.toLowerCase())) found.add(whole);
    }
  }
  const headers = { "content-type": "text/html; charset=utf-8" };
  return new Response([...found].join("\n"), { status: found.size ? 200 : 503, headers });
}
