/** What the page says without being asked: toasts, strips, the flock while something takes its time. */
import { copyOf, word } from "./words.ts";

const STAY = 7000;

export function toast(text: string, kind = "done"): void {
  const region = document.querySelector("#toasts");
  if (!region || !text) return;
  const note = copyOf("#ui-toast", kind === "over" || kind === "error" ? "triangle-alert" : "check", text);
  region.append(note);
  mayLeave(note, kind);
}

function mayLeave(note: HTMLElement, kind: string): void {
  if (kind === "over" || kind === "error" || kind === "near" || kind === "warning") return; // stays until it is closed
  const leave = () => (note.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : note.remove());
  setTimeout(leave, STAY);
}

export function strip(kind: string, icon: string, text: string, ...actions: HTMLElement[]): HTMLElement {
  const made = copyOf("#ui-strip", icon, text);
  if (kind) made.classList.add(`strip-${kind}`);
  made.setAttribute("role", kind === "over" ? "alert" : "status");
  if (actions.length) {
    const acts = document.createElement("span");
    acts.className = "strip-acts";
    acts.append(...actions);
    made.append(acts);
  }
  return made;
}

/** A strip under the page's head; a second one of the same name takes the place of the first. */
export function pageStrip(name: string, made: HTMLElement | null): void {
  document.querySelector(`#strips > [data-strip="${name}"]`)?.remove();
  if (!made) return;
  made.dataset.strip = name;
  document.querySelector("#strips")?.prepend(made);
}

let waiting = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The flock appears when something takes longer than 400 ms, with what is being fetched in words. */
export function startWaiting(element: Element | null): void {
  if (++waiting > 1) return;
  const text = element?.closest<HTMLElement>("[data-wait]")?.dataset.wait ?? word(element instanceof HTMLFormElement && element.method === "post" ? "sending" : "fetching");
  timer = setTimeout(() => document.body.append(copyOf("#ui-flock", "", text)), 400);
}

export function stopWaiting(): void {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(timer);
  document.querySelector(".waiting")?.remove();
}

export function notes(): void {
  document.addEventListener("click", (event) => (event.target as Element).closest("[data-dismiss]")?.closest("[data-toast]")?.remove());
  document.addEventListener("toast", (event) => {
    const { text, value, kind } = (event as CustomEvent).detail ?? {};
    toast(text ?? value ?? "", kind);
  });
  greet();
  const offline = (): void => pageStrip("network", strip("", "cloud-off", word(document.querySelector("form[data-keep]") ? "offline-kept" : "offline")));
  addEventListener("offline", offline);
  addEventListener("online", () => {
    pageStrip("network", strip("done", "cloud-check", word("online")));
    setTimeout(() => pageStrip("network", null), STAY);
  });
  if (!navigator.onLine) offline();
}

/** Django's messages of this page leave by themselves too. */
export function greet(): void {
  for (const note of document.querySelectorAll<HTMLElement>("[data-toast]:not([data-seen])")) {
    note.dataset.seen = "";
    mayLeave(note, note.classList.contains("error") ? "error" : note.classList.contains("warning") ? "warning" : "done");
  }
}
