// News from the server. Of all tabs of a browser one holds the stream, and tells the others: browsers allow
// few connections to one server, and the seventh tab would wait for ever. Only a tab that is looked at asks
// to be the one, by a lock that the browser gives to the next when it is let go or closed.

export interface News {
  records: { form: string; id: number; by: string; mine: boolean }[];
  forms: string[];
  tasks: boolean;
  messages: boolean;
}

type Listener = (news: News) => void;

const NAME = "orderkit-live";
const AT = "orderkit-live-at";
const HIDDEN_STAYS_MS = 10_000;
const FIRST_RETRY_MS = 3_000;
const LAST_RETRY_MS = 60_000;

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
  private wait = FIRST_RETRY_MS;

  constructor(
    private readonly address: string,
    private readonly heard: (news: News, at: string) => void,
  ) {}

  open(): void {
    const at = remembered();
    const source = new EventSource(at ? `${this.address}?after=${encodeURIComponent(at)}` : this.address);
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
}

/** Listens as long as the page is looked at. A browser without locks or channels goes without news. */
export function listen(address: string, listener: Listener): void {
  if (!("locks" in navigator) || !("BroadcastChannel" in window) || !("EventSource" in window)) return;
  const channel = new BroadcastChannel(NAME);
  let letGo: (() => void) | null = null;
  let asking: AbortController | null = null;
  let timer = 0;

  function hear(news: News, at: string): void {
    remember(at);
    listener(news);
  }

  channel.addEventListener("message", (event: MessageEvent<{ news: News; at: string }>) => {
    hear(event.data.news, event.data.at);
  });

  function begin(): void {
    window.clearTimeout(timer);
    if (letGo || asking) return;
    const mine = (asking = new AbortController());
    void navigator.locks
      .request(NAME, { signal: mine.signal }, () => {
        asking = null;
        const source = new Source(address, (news, at) => {
          channel.postMessage({ news, at });
          hear(news, at);
        });
        source.open();
        return new Promise<void>((done) => {
          letGo = () => {
            source.close();
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
