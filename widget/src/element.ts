// <etaie-assistant>: the bubble, the panel, and the page's API. Documented on /demo.

import { Api, type Choice, type Message } from "./api";
import { Conversation } from "./conversation";
import { el, icon } from "./dom";
import { Memory } from "./memory";
import { DEFAULTS, Options, type Settings } from "./options";
import { rendered } from "./render";
import { canDictate, canRead, dictate, read } from "./speech";
import { strings } from "./strings";
import styles from "./styles.css";

const BUBBLE = "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
const CROSS = "M6 6l12 12M18 6L6 18";
const GEAR = "M4 7h10M18 7h2M4 17h2M10 17h10M14 4.5v5M8 14.5v5";
const PLANE = "M3 20l18-8L3 4v6l11 2-11 2z";

/** Width under which the conversation takes the whole screen. */
const NARROW = "(max-width: 600px), (max-height: 480px)";

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);

export class EtaieAssistant extends HTMLElement {
  static readonly observedAttributes = ["title"];

  private readonly root = this.attachShadow({ mode: "open" });
  private conversation!: Conversation;
  private options!: Options;
  private settings: Settings = { ...DEFAULTS };
  private built = false;
  private started = false;
  private shownUpTo = 0;
  private inerted: Element[] = [];
  private stopListening: (() => void) | null = null;

  private readonly launcher = el("button", { type: "button", class: "launcher", "aria-expanded": "false" });
  private readonly panel = el("section", { class: "panel", hidden: true });
  private readonly log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": strings.log });
  private readonly status = el("p", { class: "status", role: "status" });
  private readonly answers = el("div", { class: "answers" });
  /** What scrolls: the messages, then what may be answered to the last one. */
  private readonly talk = el("div", { class: "talk", role: "region", tabindex: 0, "aria-label": strings.talk }, this.log, this.answers);
  private readonly field = el("textarea", { id: "field", rows: 1, maxlength: 2000, "aria-describedby": "hint", enterkeyhint: "send" });
  private readonly mic = el("button", { type: "button", class: "round", hidden: true, "aria-pressed": "false" }, strings.dictate);
  private readonly heading = el("h2", { id: "title", tabindex: -1 });

  connectedCallback(): void {
    if (this.built) return;
    this.built = true;
    this.root.adoptedStyleSheets = [sheet];
    const server = (this.getAttribute("server") ?? "").replace(/\/$/, "") || location.origin;
    const memory = new Memory(server);
    this.settings = { ...DEFAULTS, ...memory.get<Partial<Settings>>("settings", {}) };
    this.conversation = new Conversation(new Api(server), memory);
    this.options = new Options(this.conversation, this.settings, (settings) => this.applied(settings));
    this.build();
    this.listen();
    this.applied(this.settings);
    if (this.isPage || this.hasAttribute("open")) this.open(false);
  }

  attributeChangedCallback(): void {
    this.heading.textContent = this.getAttribute("title") || strings.title;
  }

  // --- The page's API -------------------------------------------------------------------------

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  open(focus = true): void {
    if (this.isOpen) return;
    this.panel.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.toggleAttribute("opened", true);
    this.cover(true);
    if (!this.started) {
      this.started = true;
      this.welcome();
      void this.conversation.start();
    }
    if (focus) this.field.focus();
    this.emit("opened");
  }

  close(): void {
    if (!this.isOpen || this.isPage) return;
    this.panel.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.toggleAttribute("opened", false);
    this.cover(false);
    this.launcher.focus();
    this.emit("closed");
  }

  send(text: string): void {
    const said = text.trim();
    if (!said) return;
    this.open(false);
    this.conversation.send({ text: said });
  }

  private emit(name: string, detail: unknown = null): void {
    this.dispatchEvent(new CustomEvent(`etaie:${name}`, { detail, bubbles: true, composed: true }));
  }

  // --- Building -------------------------------------------------------------------------------

  private get isPage(): boolean {
    return this.getAttribute("mode") === "page";
  }

  private build(): void {
    this.attributeChangedCallback();
    this.launcher.append(icon(BUBBLE), el("span", {}, this.getAttribute("label") || strings.launcher));
    this.launcher.hidden = this.isPage;
    const close = el("button", { type: "button", class: "icon", "aria-label": strings.close, title: strings.close }, icon(CROSS));
    close.addEventListener("click", () => this.close());
    close.hidden = this.isPage;
    const options = el("button", { type: "button", class: "icon", "aria-label": strings.options, title: strings.options }, icon(GEAR));
    options.addEventListener("click", () => this.options.open());
    const form = el(
      "form",
      {},
      el("label", { for: "field" }, strings.field),
      this.field,
      el("p", { id: "hint", class: "hint" }, strings.hint),
      this.mic,
      el("button", { type: "submit", class: "main send", "aria-label": strings.send, title: strings.send }, icon(PLANE)),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.panel.setAttribute("aria-labelledby", "title");
    this.panel.setAttribute("role", this.isPage ? "region" : "dialog");
    this.panel.append(
      el("div", { class: "head" }, this.heading, options, close),
      this.talk,
      this.status,
      form,
      this.options.dialog,
    );
    this.root.append(this.panel, this.launcher);
  }

  private listen(): void {
    this.launcher.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      else if (event.key === "Tab") this.keepInside(event);
    });
    this.field.value = this.conversation.draft;
    this.field.addEventListener("input", () => {
      this.conversation.draft = this.field.value;
      this.grow();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.mic.addEventListener("click", () => this.dictated());
    matchMedia(NARROW).addEventListener("change", () => this.cover(this.isOpen));
    this.conversation.addEventListener("change", () => this.update());
    this.conversation.addEventListener("said", (event) => {
      for (const message of (event as CustomEvent<Message[]>).detail) this.emit("message", message);
    });
    this.conversation.addEventListener("refused", (event) => {
      this.field.value = this.conversation.draft;
      this.bubble("bot", [el("p", {}, (event as CustomEvent<string>).detail)]);
    });
  }

  private applied(settings: Settings): void {
    this.panel.dataset["size"] = String(settings.size);
    this.mic.hidden = !(settings.dictation && canDictate());
    this.panel.toggleAttribute("data-voice", settings.readAloud && canRead());
  }

  // --- Talking --------------------------------------------------------------------------------

  private submit(): void {
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = this.conversation.draft = "";
    this.grow();
    this.conversation.send({ text });
    this.field.focus();
  }

  private grow(): void {
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${Math.min(this.field.scrollHeight + 2, 140)}px`);
  }

  private press(choice: Choice): void {
    const { payload, title } = choice;
    this.conversation.send({ payload, title });
  }

  private welcome(): void {
    this.bubble("bot", rendered(this.getAttribute("welcome") || strings.welcome), { welcome: true });
  }

  /** Shows what is new: messages, what waits to be sent, choices, state. */
  private update(): void {
    const { messages, pending, state, notice } = this.conversation;
    const last = messages[messages.length - 1];
    if ((last?.n ?? 0) < this.shownUpTo) this.restart();
    for (const node of this.log.querySelectorAll(".waiting")) node.remove();
    const fresh = messages.filter((message) => message.n > this.shownUpTo);
    for (const message of fresh) this.message(message);
    this.shownUpTo = last?.n ?? 0;
    for (const message of pending) {
      const text = message.text ?? message.title ?? "";
      this.bubble("person", rendered(text), { waiting: true });
    }
    if (state === "sending" || state === "slow") {
      this.log.append(el("div", { class: "waiting typing", "aria-label": strings.typing }, el("i"), el("i"), el("i")));
    }
    this.status.textContent = notice;
    this.status.dataset["state"] = state;
    this.offer(pending.length ? undefined : last, messages.length === 0 && pending.length === 0);
    this.reveal(fresh);
  }

  private restart(): void {
    this.log.replaceChildren();
    this.shownUpTo = 0;
    this.welcome();
  }

  /** Scrolls to what is new: a reply from its beginning, and what may be answered to it if both fit. */
  private reveal(fresh: Message[]): void {
    const first = fresh.find((message) => message.from === "bot");
    const node = first && this.log.querySelector<HTMLElement>(`[data-n="${first.n}"]`);
    // Not scrollIntoView: it would move the panel, and the page under it.
    if (node && !this.conversation.pending.length) this.talk.scrollTop = node.offsetTop - 10;
    else if (fresh.length || this.conversation.pending.length) this.talk.scrollTop = this.talk.scrollHeight;
  }

  private message(message: Message): void {
    const nodes: HTMLElement[] = rendered(message.text);
    if (message.picture) nodes.push(this.pictured(message.picture));
    this.bubble(message.from, nodes, { message });
  }

  private pictured(picture: { url: string; alt: string }): HTMLElement {
    if (!/^https?:\/\//.test(picture.url)) return el("p", {}, picture.alt);
    const image = el("img", { src: picture.url, alt: picture.alt, loading: "lazy" });
    // A picture that cannot be shown leaves its words.
    image.addEventListener("error", () => image.replaceWith(el("p", {}, picture.alt)));
    return el("figure", {}, image);
  }

  private bubble(from: "bot" | "person", nodes: Node[], kind: { message?: Message; waiting?: boolean; welcome?: boolean } = {}): void {
    const { message, waiting } = kind;
    const author = message?.author;
    const who = author ? strings.team(author) : from === "bot" ? strings.bot : strings.you;
    const foot = el("div", { class: "foot" });
    if (message) {
      const at = new Date(message.at);
      foot.append(el("time", { datetime: message.at }, at.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" })));
    }
    if (waiting) foot.append(strings.waiting);
    if (message && from === "bot") foot.append(this.copier(message.text), this.reader(message.text));
    if (message && message.judged === null) foot.append(this.judge(message.n));
    this.log.append(
      el(
        "article",
        { class: `bubble ${from}${waiting ? " waiting" : ""}${author ? " team" : ""}`, "data-n": message?.n },
        el("p", { class: author ? "author" : "hidden" }, who),
        ...nodes,
        foot,
      ),
    );
  }

  private copier(text: string): HTMLElement {
    const button = el("button", { type: "button", class: "small" }, strings.copy);
    button.addEventListener("click", () => {
      void navigator.clipboard?.writeText(text.replace(/\*\*/g, "")).then(() => {
        button.textContent = strings.copied;
        setTimeout(() => (button.textContent = strings.copy), 2000);
      });
    });
    return button;
  }

  /** Asks in one tap whether an answer helped. */
  private judge(n: number): HTMLElement {
    const place = el("span", { class: "judge", role: "group", "aria-label": strings.helped });
    const say = (helped: boolean): void => {
      place.replaceChildren(strings.thanks);
      void this.conversation.judge(n, helped).catch(() => undefined);
    };
    const button = (label: string, helped: boolean): HTMLElement =>
      el("button", { type: "button", class: "small", click: () => say(helped) }, label);
    place.append(el("span", {}, strings.helped), button(strings.yes, true), button(strings.no, false));
    return place;
  }

  private reader(text: string): HTMLElement {
    return el("button", { type: "button", class: "small voice", click: () => read(text) }, strings.listen);
  }

  private dictated(): void {
    if (this.stopListening) return this.stopListening();
    const ended = (): void => {
      this.stopListening = null;
      this.mic.setAttribute("aria-pressed", "false");
      this.status.textContent = this.conversation.notice;
    };
    this.mic.setAttribute("aria-pressed", "true");
    this.status.textContent = strings.dictating;
    this.stopListening = dictate((text) => {
      this.field.value = this.conversation.draft = `${this.field.value} ${text}`.trim();
      this.grow();
    }, ended);
  }

  // --- Choices --------------------------------------------------------------------------------

  private offered = "";
  /** Whether the person answers by choices, with the keyboard in them. */
  private goesOn = false;

  /** Shows what may be answered to the last message; leaves it alone when it has not changed. */
  private offer(last: Message | undefined, starting: boolean): void {
    const choices = last?.from === "bot" ? this.choicesOf(last) : [];
    const mark = starting ? "starters" : `${last?.n ?? ""}:${choices.length}`;
    if (mark === this.offered) return;
    this.offered = mark;
    this.goesOn ||= this.answers.contains(this.root.activeElement);
    const levels = choices.filter((choice) => choice.group === "level");
    const others = choices.filter((choice) => choice.group !== "level");
    this.answers.replaceChildren();
    if (levels.length && last) this.answers.append(this.levels(levels, last));
    if (starting) this.answers.append(this.buttons(strings.starters.map((text) => ({ title: text, press: () => this.conversation.send({ text }) })), strings.suggestions));
    if (others.length) {
      const label = levels.length ? strings.otherChoices : strings.suggestions;
      this.answers.append(this.buttons(others.map((choice) => ({ title: choice.title, press: () => this.press(choice) })), label));
    }
    // The keyboard goes on from the choices that take the place of those just used. Meanwhile it waits in the
    // conversation, and not in the field: on a phone, that would raise the keyboard.
    const next = this.answers.querySelector<HTMLElement>("input, button");
    if (this.goesOn) (next ?? this.talk).focus({ preventScroll: true });
    if (next || this.root.activeElement === this.field) this.goesOn = false;
    if (last?.picture) this.emit("questionnaire-finished", { picture: last.picture.url });
  }

  /** Returns the choices of the last exchange: several messages may come together. */
  private choicesOf(last: Message): Choice[] {
    const together: Choice[] = [];
    const { messages } = this.conversation;
    for (let i = messages.indexOf(last); i >= 0 && messages[i]?.from === "bot"; i--) together.unshift(...(messages[i]?.choices ?? []));
    return together;
  }

  private buttons(choices: { title: string; press: () => void }[], label: string): HTMLElement {
    const buttons = choices.map(({ title, press }) => el("button", { type: "button", class: "choice", click: press }, title));
    return el("div", { class: "choices", role: "group", "aria-label": label }, ...buttons);
  }

  private levels(choices: Choice[], message: Message): HTMLElement {
    const progress: Node[] = [];
    if (message.progress) {
      const { rank, total } = message.progress;
      const text = strings.progress(rank, total);
      progress.push(el("progress", { value: rank - 1, max: total, "aria-label": text }, text), el("span", { class: "rank" }, text));
    }
    const inputs = choices.map((choice, rank) => {
      const input = el("input", { type: "radio", name: `level-${message.n}`, value: rank });
      return el("label", { class: "level" }, input, el("span", {}, choice.title));
    });
    const help = el("p", { class: "hint", role: "status" });
    const form = el(
      "form",
      { class: "levels" },
      el("div", { class: "advance" }, ...progress),
      el("fieldset", {}, el("legend", {}, strings.levels), ...inputs),
      help,
      el("button", { type: "submit", class: "main" }, strings.validate),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const picked = form.querySelector<HTMLInputElement>("input:checked");
      const choice = choices[Number(picked?.value)];
      if (picked && choice) this.press(choice);
      else help.textContent = strings.choose;
    });
    return form;
  }

  // --- The whole screen on a phone ------------------------------------------------------------

  /** On a narrow screen the conversation covers the page: what is under it must not be reached. */
  private cover(open: boolean): void {
    const covers = open && !this.isPage && matchMedia(NARROW).matches;
    this.panel.toggleAttribute("data-covers", covers);
    if (covers) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
    this.launcher.hidden = covers || this.isPage;
    for (const node of this.inerted) node.removeAttribute("inert");
    this.inerted = [];
    if (!covers) return;
    for (const node of document.body.children) {
      if (node.contains(this) || node.hasAttribute("inert")) continue;
      node.setAttribute("inert", "");
      this.inerted.push(node);
    }
  }

  private keepInside(event: KeyboardEvent): void {
    if (!this.panel.hasAttribute("data-covers") || this.options.dialog.open) return;
    const inside = [...this.panel.querySelectorAll<HTMLElement>("button, input, textarea, a[href], [tabindex='0']")].filter(
      (node) => node.offsetParent !== null && !node.hasAttribute("disabled"),
    );
    const first = inside[0];
    const last = inside[inside.length - 1];
    const now = this.root.activeElement;
    if (event.shiftKey && now === first) {
      event.preventDefault();
      last?.focus();
    } else if (!event.shiftKey && now === last) {
      event.preventDefault();
      first?.focus();
    }
  }
}
