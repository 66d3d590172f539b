// Shows what the server tells of the room, as it changes. Without it, the page is what it was when it was opened.
const main = document.querySelector("[data-stream]");
const live = document.querySelector("#vivant");
const state = document.querySelector("#etat");
const stream = new EventSource(main.dataset.stream);
stream.addEventListener("salle", (event) => {
  // Made and escaped by the server, from its own templates.
  const made = new DOMParser().parseFromString(JSON.parse(event.data), "text/html");
  live.replaceChildren(...made.body.childNodes);
  live.classList.remove("fresh");
  void live.offsetWidth;
  live.classList.add("fresh");
  state.textContent = "";
});
stream.addEventListener("fin", () => {
  stream.close();
  state.textContent = "Vous n'êtes plus connecté. Rouvrez la page.";
});
stream.addEventListener("error", () => {
  state.textContent = "Connexion perdue : l'écran se remettra à jour tout seul.";
});
