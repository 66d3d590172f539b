// Reads the conversation again, now and then, while the page is looked at.
const thread = document.querySelector("[data-thread]");
async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    const response = await fetch(thread.dataset.thread, { redirect: "error" });
    if (!response.ok) return;
    const made = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = made.querySelector("ol");
    if (fresh && fresh.children.length !== thread.querySelectorAll("ol > li").length) thread.replaceChildren(fresh);
  } catch {
    // The network is away: it is tried again.
  }
}
setInterval(look, 3000);
