// What the demonstration page does with the API of the widget.
const assistant = document.querySelector("etaie-assistant");
const heard = document.querySelector("#heard");
document.querySelector("#ask").addEventListener("click", () => {
  assistant.open();
  assistant.send("Quels sont les blocs ?");
});
for (const name of ["opened", "closed", "message", "questionnaire-finished"]) {
  assistant.addEventListener(`etaie:${name}`, () => {
    heard.textContent = `Dernier évènement : etaie:${name}`;
  });
}
