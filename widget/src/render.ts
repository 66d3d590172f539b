// The safe subset of Markdown that the assistant writes: **bold**, « - » lists, blank lines, bare links.

import { el } from "./dom";

const PIECES = /\*\*(.+?)\*\*|(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/g;

/** French puts a space before « : » and its like: a line must not begin with them. */
const tied = (text: string): string => text.replace(/ (?=[:;?!»])/g, "\u00a0").replace(/« /g, "«\u00a0");

/** Returns the nodes of one line. */
function inline(line: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let end = 0;
  for (const found of line.matchAll(PIECES)) {
    nodes.push(tied(line.slice(end, found.index)));
    nodes.push(found[1] ? el("strong", {}, ...inline(found[1])) : link(found[2] ?? ""));
    end = (found.index ?? 0) + found[0].length;
  }
  nodes.push(tied(line.slice(end)));
  return nodes.filter((node) => node !== "");
}

function link(url: string): HTMLElement {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url.replace(/^https?:\/\//, "").slice(0, 60));
}

/** Returns the nodes of a text: paragraphs and lists. */
export function rendered(text: string): HTMLElement[] {
  const blocks: HTMLElement[] = [];
  let list: HTMLUListElement | null = null;
  for (const line of text.split("\n")) {
    const item = /^\s*- (.*)$/.exec(line);
    if (item) {
      if (!list) blocks.push((list = el("ul")));
      list.append(el("li", {}, ...inline(item[1] ?? "")));
    } else if (line.startsWith("  ") && list?.lastElementChild) {
      list.lastElementChild.append(el("br"), ...inline(line.trim()));
    } else {
      list = null;
      if (line.trim()) blocks.push(el("p", {}, ...inline(line)));
    }
  }
  return blocks;
}
