// The one line of the host page: <script src="…/widget.js" data-title="…"></script>

import { EtaieAssistant } from "./element";

const TAG = "etaie-assistant";
const OPTIONS = ["title", "label", "server", "position", "mode", "welcome"];

if (!customElements.get(TAG)) customElements.define(TAG, EtaieAssistant);

const script = document.currentScript;

function embed(): void {
  if (!(script instanceof HTMLScriptElement) || script.dataset["manual"] !== undefined) return;
  const assistant = document.createElement(TAG);
  for (const name of OPTIONS) {
    const value = script.dataset[name];
    if (value) assistant.setAttribute(name, value);
  }
  // The server is where the script comes from, unless told otherwise.
  if (!assistant.hasAttribute("server")) assistant.setAttribute("server", new URL(script.src).origin);
  if (script.dataset["open"] !== undefined) assistant.setAttribute("open", "");
  const place = script.dataset["target"] ? document.querySelector(script.dataset["target"]) : null;
  (place ?? document.body).append(assistant);
}

if (document.body) embed();
else addEventListener("DOMContentLoaded", embed);
