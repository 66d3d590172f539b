// What stays on the device: localStorage where it is allowed, else the page's own memory.

export class Memory {
  private readonly held = new Map<string, string>();

  constructor(private readonly space: string) {}

  /** The full name of an entry, as `storage` events give it. */
  name(key: string): string {
    return `etaie:${this.space}:${key}`;
  }

  get<T>(key: string, otherwise: T): T {
    let text: string | null | undefined;
    try {
      text = localStorage.getItem(this.name(key));
    } catch {
      // Storage is blocked: private browsing, or a strict setting.
    }
    text ??= this.held.get(key);
    try {
      return text ? (JSON.parse(text) as T) : otherwise;
    } catch {
      return otherwise;
    }
  }

  set(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    this.held.set(key, text);
    try {
      localStorage.setItem(this.name(key), text);
    } catch {
      // Kept in memory only.
    }
  }

  drop(key: string): void {
    this.held.delete(key);
    try {
      localStorage.removeItem(this.name(key));
    } catch {
      // Nothing was there.
    }
  }
}
