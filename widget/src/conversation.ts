// The conversation: what was said, what is still to be sent, and how the network does. It knows nothing of the page.

import { Api, type Message, type Outgoing, Refused } from "./api";
import { Memory } from "./memory";
import { strings } from "./strings";

export type State = "idle" | "sending" | "slow" | "offline" | "unreachable" | "waiting";

const SLOW = 3_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 20_000;
/** Between two looks, when somebody of the team may write. */
const LOOK = 4_000;

const newKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

export class Conversation extends EventTarget {
  readonly messages: Message[] = [];
  state: State = "idle";
  /** A sentence about the state, for people; empty when all is well. */
  notice = "";
  keptDays = 30;
  private pumping = false;
  private looking = 0;
  private tries = 0;
  private wake: (() => void) | null = null;

  constructor(private readonly api: Api, readonly memory: Memory) {
    super();
    this.keptDays = memory.get("days", 30);
    addEventListener("online", () => this.wake?.());
    addEventListener("offline", () => this.pending.length && this.enter("offline", strings.offline));
    addEventListener("storage", (event) => {
      // Another tab said something, or erased the conversation.
      if (event.key === memory.name("last") || event.key === memory.name("secret")) void this.refresh();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.secret) void this.refresh();
      else this.expect(false);
    });
  }

  get pending(): Outgoing[] {
    return this.memory.get<Outgoing[]>("outbox", []);
  }

  get draft(): string {
    return this.memory.get("draft", "");
  }

  set draft(text: string) {
    this.memory.set("draft", text);
  }

  private get secret(): string {
    return this.memory.get("secret", "");
  }

  private get last(): number {
    return this.messages[this.messages.length - 1]?.n ?? 0;
  }

  /** Reads what the server keeps, and sends what was left to send. */
  async start(): Promise<void> {
    if (this.secret) await this.refresh();
    void this.pump();
  }

  send(message: Omit<Outgoing, "key">): void {
    this.memory.set("outbox", [...this.pending, { key: newKey(), ...message }]);
    this.changed();
    void this.pump();
  }

  /** Tells whether an answer helped. */
  judge(n: number, helped: boolean): Promise<unknown> {
    return this.api.helped(this.secret, n, helped);
  }

  /** Looks again in a while, as long as somebody of the team may write and the page is looked at. */
  private expect(expects: boolean): void {
    clearTimeout(this.looking);
    if (expects && document.visibilityState === "visible") this.looking = window.setTimeout(() => void this.refresh(true), LOOK);
  }

  /** Forgets the conversation on this device only. */
  forget(): void {
    this.expect(false);
    for (const key of ["secret", "outbox", "last"]) this.memory.drop(key);
    this.messages.length = 0;
    this.enter("idle", "");
  }

  /** Erases the conversation on the server, then here. */
  async erase(): Promise<{ erased: number; code: string | null }> {
    const secret = this.secret;
    const done = secret ? await this.api.erase(secret) : { erased: 0, code: null };
    this.forget();
    return done;
  }

  /** Erases the answers to the questionnaire, of which the code is known. */
  eraseAnswers(code: string): Promise<unknown> {
    return this.api.eraseAnswers(code);
  }

  async refresh(again = false): Promise<void> {
    const secret = this.secret;
    if (!secret) {
      if (this.messages.length) this.forget();
      return;
    }
    try {
      const { messages, expects } = await this.api.read(secret, this.last);
      if (secret !== this.secret) return;
      this.merge(messages);
      this.expect(expects);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.forget();
      else this.expect(again);
    }
  }

  private merge(messages: Message[]): void {
    const fresh = messages.filter((message) => message.n > this.last);
    if (!fresh.length) return;
    // What the server has is not to be sent any more, whoever sent it: an earlier page, another tab.
    for (const message of fresh) if (message.key) this.settle({ key: message.key });
    this.messages.push(...fresh);
    this.memory.set("last", this.last);
    this.changed();
    this.dispatchEvent(new CustomEvent("said", { detail: fresh }));
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }

  private enter(state: State, notice: string): void {
    this.state = state;
    this.notice = notice;
    this.changed();
  }

  /** Sends what is to be sent, one at a time and in order, until there is nothing left. */
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    for (let next = this.pending[0]; next; next = this.pending[0]) {
      const wait = await this.attempt(next);
      if (wait) await this.pause(wait);
    }
    this.pumping = false;
    this.enter("idle", this.notice === strings.expired ? this.notice : "");
  }

  /** Tries to send a message; returns the time to wait before the next try, 0 when it is settled. */
  private async attempt(message: Outgoing): Promise<number> {
    this.enter("sending", this.notice === strings.expired ? this.notice : "");
    const slow = setTimeout(() => this.enter("slow", strings.slow), SLOW);
    try {
      const { messages, expects } = await this.api.send(await this.opened(), message);
      this.settle(message);
      if ((messages[0]?.n ?? 0) > this.last + 1) await this.refresh();
      this.merge(messages);
      this.expect(expects);
      this.tries = 0;
      return 0;
    } catch (error) {
      return this.failed(error, message);
    } finally {
      clearTimeout(slow);
    }
  }

  private async opened(): Promise<string> {
    if (!this.secret) {
      const { secret, kept_days } = await this.api.begin();
      this.keptDays = kept_days;
      this.memory.set("secret", secret);
      this.memory.set("days", kept_days);
    }
    return this.secret;
  }

  private settle(message: Outgoing): void {
    this.memory.set("outbox", this.pending.filter((other) => other.key !== message.key));
  }

  private failed(error: unknown, message: Outgoing): number {
    const status = error instanceof Refused ? error.status : 0;
    if (error instanceof Refused && status === 401) {
      this.memory.drop("secret");
      this.messages.length = 0;
      this.enter("sending", strings.expired);
      return 1;
    }
    if (error instanceof Refused && status === 429) {
      const seconds = Math.min(error.wait || 5, 60);
      this.enter("waiting", strings.tooFast(seconds));
      return seconds * 1000;
    }
    if (error instanceof Refused && status >= 400 && status < 500) {
      // It will never be accepted: the words go back to the field, and the reason is told.
      this.settle(message);
      if (message.text && !this.draft) this.draft = message.text;
      this.dispatchEvent(new CustomEvent("refused", { detail: error.detail || strings.failed }));
      return 0;
    }
    if (navigator.onLine === false) this.enter("offline", strings.offline);
    else this.enter("unreachable", strings.unreachable);
    const wait = Math.min(FIRST_WAIT * 2 ** this.tries++, LONGEST_WAIT);
    return wait * (0.7 + 0.6 * Math.random());
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      const self = this;
      function done(): void {
        clearTimeout(timer);
        self.wake = null;
        resolve();
      }
      this.wake = done;
    });
  }
}
