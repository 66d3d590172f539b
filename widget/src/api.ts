// What the server offers to the widget (docs/decisions/0010-canal-web.md).

export interface Choice {
  title: string;
  payload: string;
  group: string | null;
}

export interface Message {
  n: number;
  from: "bot" | "person";
  at: string;
  text: string;
  key?: string;
  choices?: Choice[];
  progress?: { rank: number; total: number } | null;
  picture?: { url: string; alt: string } | null;
  /** Somebody of the team who wrote it; the assistant otherwise. */
  author?: string | null;
  /** Whether the answer helped; null when it may be asked. */
  judged?: boolean | null;
}

/** What the server gives back: `expects` is whether somebody of the team may write. */
export interface Batch {
  messages: Message[];
  last: number;
  expects: boolean;
}

export interface Outgoing {
  key: string;
  text?: string;
  payload?: string;
  title?: string;
}

/** The server said no: `detail` is a sentence for people. */
export class Refused extends Error {
  constructor(readonly status: number, readonly detail: string, readonly wait: number) {
    super(detail);
  }
}

const PATIENCE = 25_000;

export class Api {
  constructor(readonly server: string) {}

  begin(): Promise<{ secret: string; kept_days: number }> {
    return this.call("POST", "/web/conversation", null, {});
  }

  send(secret: string, message: Outgoing): Promise<Batch> {
    return this.call("POST", "/web/message", secret, message);
  }

  read(secret: string, after: number): Promise<Batch> {
    return this.call("GET", `/web/messages?after=${after}`, secret);
  }

  helped(secret: string, n: number, helped: boolean): Promise<unknown> {
    return this.call("POST", "/web/helped", secret, { n, helped });
  }

  erase(secret: string): Promise<{ erased: number; code: string | null }> {
    return this.call("DELETE", "/web/conversation", secret);
  }

  eraseAnswers(code: string): Promise<{ erased: boolean }> {
    return this.call("DELETE", `/web/answers/${encodeURIComponent(code)}`, null);
  }

  private async call<T>(method: string, path: string, secret: string | null, body?: object): Promise<T> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    const headers: Record<string, string> = {};
    if (secret) headers["Authorization"] = `Bearer ${secret}`;
    if (body) headers["Content-Type"] = "application/json";
    try {
      const response = await fetch(this.server + path, {
        method,
        headers,
        signal: patience.signal,
        credentials: "omit",
        cache: "no-store",
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const data = await response.json().catch(() => ({}));
      if (!response.ok) {
        throw new Refused(response.status, String(data.detail ?? ""), Number(response.headers.get("Retry-After")) || 0);
      }
      return data as T;
    } finally {
      clearTimeout(timer);
    }
  }
}
