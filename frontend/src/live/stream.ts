// News from the server. Of all tabs of a browser one holds the stream, and tells the others: browsers allow
// few connections to one server, and the seventh tab would wait for ever. Only a tab that is looked at asks
// to be the one, by a lock that the browser gives to the next when it is let go or closed.

export interface News {
  records: { form: string; id: number; by: string; mine: boolean }[];
  forms: string[];
  tasks: boolean;
  messages: boolean;
  lost: { form: string; id: number }[];
}

/** What tabs tell one another: news, and which records each of them shows. */
type Told = { news: News; at: string } | { showing: string[] } | { asking: true };

type Listener = (news: News) => void;

const NAME = "orderkit-live";
const AT = "orderkit-live-at";
const HIDDEN_STAYS_MS = 10_000;
const FIRST_RETRY_MS = 3_000;
const LAST_RETRY_MS = 60_000;
const MOST_SHOWN = 10;
const GATHER_MS = 200;

function remember(at: string): void {
  try {
    if (at) sessionStorage.setItem(AT, at);
  } catch {
    // A browser that keeps nothing misses what happens between two pages.
  }
}

function remembered(): string {
  try {
    return sessionStorage.getItem(AT) ?? "";
  } catch {
    return "";
  }
}

class Source {
  private source: EventSource | null = null;
  private timer = 0;
  private gathering = 0;
  private wait = FIRST_RETRY_MS;

  constructor(
    private readonly address: string,
    private readonly showing: Set<string>,
    private readonly heard: (news: News, at: string) => void,
  ) {}

  open(): void {
    const at = remembered();
    const query = new URLSearchParams();
    if (at) query.set("after", at);
    if (this.showing.size) query.set("showing", [...this.showing].slice(-MOST_SHOWN).join(","));
    const source = new EventSource(query.size ? `${this.address}?${query}` : this.address);
    this.source = source;
    source.addEventListener("hello", (event) => {
      this.wait = FIRST_RETRY_MS;
      remember((event as MessageEvent<string>).lastEventId);
    });
    source.addEventListener("news", (event) => {
      this.wait = FIRST_RETRY_MS;
      const message = event as MessageEvent<string>;
      this.heard(JSON.parse(message.data) as News, message.lastEventId);
    });
    source.addEventListener("error", () => {
      // Signed out, too many, or no server: asked again by and by, later each time.
      source.close();
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LAST_RETRY_MS);
    });
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  /** Adds what another tab shows; the stream begins anew where it was, once for all that say so at a time. */
  show(records: string[]): void {
    const fresh = records.filter((each) => !this.showing.has(each));
    if (!fresh.length) return;
    for (const each of fresh) this.showing.add(each);
    window.clearTimeout(this.gathering);
    this.gathering = window.setTimeout(() => {
      if (!this.source) return;
      this.close();
      this.open();
    }, GATHER_MS);
  }
}

/** Listens as long as the page, which shows these records, is looked at. A browser without locks or channels goes without news. */
export function listen(address: string, showing: string[], listener: Listener): void {
  if (!("locks" in navigator) || !("BroadcastChannel" in window) || !("EventSource" in window)) return;
  const channel = new BroadcastChannel(NAME);
  let letGo: (() => void) | null = null;
  let open: Source | null = null;
  let asking: AbortController | null = null;
  let timer = 0;

  function hear(news: News, at: string): void {
    remember(at);
    listener(news);
  }

  const tell = (told: Told): void => channel.postMessage(told);
  channel.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if ("news" in data) hear(data.news, data.at);
    else if ("showing" in data) open?.show(data.showing);
    else if (showing.length) tell({ showing });
  });
  if (showing.length) tell({ showing });

  function begin(): void {
    window.clearTimeout(timer);
    if (letGo || asking) return;
    const mine = (asking = new AbortController());
    void navigator.locks
      .request(NAME, { signal: mine.signal }, () => {
        asking = null;
        const source = new Source(address, new Set(showing), (news, at) => {
          tell({ news, at });
          hear(news, at);
        });
        open = source;
        source.open();
        tell({ asking: true });
        return new Promise<void>((done) => {
          letGo = () => {
            source.close();
            open = null;
            letGo = null;
            done();
          };
        });
      })
      .catch(() => {
        if (asking === mine) asking = null;
      });
  }

  function end(): void {
    window.clearTimeout(timer);
    asking?.abort();
    asking = null;
    letGo?.();
  }

  function follow(): void {
    window.clearTimeout(timer);
    if (document.visibilityState === "visible") begin();
    else timer = window.setTimeout(end, HIDDEN_STAYS_MS);
  }

  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", end);
  window.addEventListener("pageshow", follow);
  follow();
}
