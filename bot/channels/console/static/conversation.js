// Says once, for whoever came by the QR code, which session it is about.
const place = document.querySelector("[data-says]");
const says = place.dataset.says;
const assistant = document.querySelector("etaie-assistant");
let said = false;
try {
  said = sessionStorage.getItem("etaie-reunion") === says;
  sessionStorage.setItem("etaie-reunion", says);
} catch {
  // Storage is blocked: it may be said twice, which does no harm.
}
if (assistant && !said) assistant.send(says);
