// The « Options » dialog: text size, voice, data, new conversation, erasing.

import type { Conversation } from "./conversation";
import { el } from "./dom";
import { canDictate, canRead } from "./speech";
import { strings } from "./strings";

export interface Settings {
  size: number;
  readAloud: boolean;
  dictation: boolean;
}

export const DEFAULTS: Settings = { size: 0, readAloud: false, dictation: false };

export class Options {
  readonly dialog = el("dialog", { "aria-labelledby": "options-title" });

  constructor(
    private readonly conversation: Conversation,
    private readonly settings: Settings,
    private readonly apply: (settings: Settings) => void,
  ) {
    // Escape closes the dialog only: it must not close the conversation under it.
    this.dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  }

  open(): void {
    this.main();
    this.dialog.showModal();
  }

  private set(change: Partial<Settings>): void {
    Object.assign(this.settings, change);
    this.conversation.memory.set("settings", this.settings);
    this.apply(this.settings);
  }

  private show(...nodes: Node[]): void {
    this.dialog.replaceChildren(...nodes);
    this.dialog.querySelector<HTMLElement>("h2")?.focus();
  }

  private title(text: string): HTMLElement {
    return el("h2", { id: "options-title", tabindex: -1 }, text);
  }

  private button(text: string, action: () => void, kind = "plain"): HTMLElement {
    return el("button", { type: "button", class: kind, click: action as EventListener }, text);
  }

  private main(): void {
    const sizes = strings.sizes.map((name, rank) => {
      const input = el("input", { type: "radio", name: "size", checked: rank === this.settings.size });
      input.addEventListener("change", () => this.set({ size: rank }));
      return el("label", { class: "option" }, input, el("span", {}, name));
    });
    const voice: Node[] = [];
    if (canRead()) voice.push(this.toggle(strings.readAloud, "readAloud"));
    if (canDictate()) voice.push(this.toggle(strings.dictation, "dictation"), el("p", { class: "soft" }, strings.dictationPrivacy));
    this.show(
      this.title(strings.options),
      el("fieldset", {}, el("legend", {}, strings.textSize), ...sizes),
      ...(voice.length ? [el("fieldset", {}, el("legend", {}, strings.voice), ...voice)] : []),
      el("h3", {}, strings.data),
      el("p", {}, strings.dataText(this.conversation.keptDays)),
      el(
        "div",
        { class: "row" },
        this.button(strings.newConversation, () => this.erase(true)),
        this.button(strings.erase, () => this.ask(), "danger"),
      ),
      el("div", { class: "row end" }, this.button(strings.done, () => this.dialog.close(), "main")),
    );
  }

  private toggle(text: string, name: "readAloud" | "dictation"): HTMLElement {
    const input = el("input", { type: "checkbox", checked: this.settings[name] });
    input.addEventListener("change", () => this.set({ [name]: input.checked }));
    return el("label", { class: "option" }, input, el("span", {}, text));
  }

  private ask(): void {
    this.show(
      this.title(strings.erase),
      el("p", {}, strings.eraseAsk),
      el(
        "div",
        { class: "row" },
        this.button(strings.cancel, () => this.main()),
        this.button(strings.eraseYes, () => this.erase(false), "danger"),
      ),
    );
  }

  private async erase(quietly: boolean): Promise<void> {
    try {
      const done = await this.conversation.erase();
      if (quietly && !done.code) return this.dialog.close();
      this.tell(strings.erased(done.erased), done.code);
    } catch {
      this.tell(strings.failed, "");
    }
  }

  /** Says what was erased; the answers to the questionnaire go only when asked for. */
  private tell(text: string, code: string | null): void {
    const close = this.button(strings.done, () => this.dialog.close(), "main");
    const status = el("p", { role: "status" }, text);
    if (!code) return this.show(this.title(strings.erase), status, el("div", { class: "row end" }, close));
    const ask = el("p", {}, strings.answersKept(code));
    const answers = async (): Promise<void> => {
      try {
        await this.conversation.eraseAnswers(code);
        this.tell(strings.answersErased, null);
      } catch {
        this.tell(strings.failed, null);
      }
    };
    this.show(
      this.title(strings.erase),
      status,
      ask,
      el(
        "div",
        { class: "row" },
        this.button(strings.eraseAnswers, () => void answers(), "danger"),
        this.button(strings.keepAnswers, () => this.dialog.close(), "main"),
      ),
    );
  }
}
