/**
 * Nothing typed is lost. A form with data-keep="<key>" is kept in this browser while it is written, under the person and the page, and forgotten when the server
 * has accepted it. Such a form is sent by htmx (boosted), because only then does the page see the server's answer: a refusal, a crash or an expired session
 * leave the text where it is. After a reload it is put back, and the page says so.
 */
import { strip } from "./notes.ts";
import { button, word } from "./words.ts";

type Kept = { at: number; values: Record<string, string[]> };
type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const PREFIX = "lingyan:keep";
const DAYS = 30;
const dirty = new Set<HTMLFormElement>();
/** Where a form was written that the server has sent back with errors, perhaps under another address. */
const sentBack = new Map<string, string>();

function place(form: HTMLFormElement): string {
  return [PREFIX, document.body.dataset.user || "-", form.dataset.keepPath ?? location.pathname, form.dataset.keep].join("|");
}

function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (each): each is Control =>
      (each instanceof HTMLInputElement || each instanceof HTMLTextAreaElement || each instanceof HTMLSelectElement) &&
      Boolean(each.name) &&
      !["hidden", "password", "file", "submit", "button", "reset"].includes(each.type) &&
      !each.closest("[data-keep-not]"),
  );
}

function values(form: HTMLFormElement): Kept["values"] {
  const found: Kept["values"] = {};
  for (const each of controls(form)) {
    const list = (found[each.name] ??= []);
    if (each instanceof HTMLInputElement && ["checkbox", "radio"].includes(each.type)) {
      if (each.checked) list.push(each.value);
    } else if (each instanceof HTMLSelectElement) list.push(...[...each.selectedOptions].map((option) => option.value));
    else list.push(each.value);
  }
  return found;
}

function write(form: HTMLFormElement): void {
  try {
    localStorage.setItem(place(form), JSON.stringify({ at: Date.now(), values: values(form) } satisfies Kept));
    const state = form.querySelector("[data-keep-state]"); // save state always in words
    if (state) state.textContent = word("kept-at", { time: new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" }) });
  } catch {
    // storage is full or forbidden: the form works as any other
  }
}

function read(form: HTMLFormElement): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(place(form)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

function putBack(form: HTMLFormElement, kept: Kept["values"]): void {
  const used: Record<string, number> = {};
  for (const each of controls(form)) {
    const list = kept[each.name];
    if (!list) continue;
    if (each instanceof HTMLInputElement && ["checkbox", "radio"].includes(each.type)) each.checked = list.includes(each.value);
    else if (each instanceof HTMLSelectElement) for (const option of each.options) option.selected = list.includes(option.value);
    else {
      const index = (used[each.name] = (used[each.name] ?? -1) + 1);
      each.value = list[index] ?? each.value;
    }
  }
  form.dispatchEvent(new CustomEvent("keep:restored", { bubbles: true }));
}

/** How many rows of a form that grows (data-keep-rows="matter": matter-0-text, matter-1-text …) these values fill. */
function rows(form: HTMLFormElement, among: Kept["values"]): number {
  const name = form.dataset.keepRows;
  if (!name) return 0;
  return Math.max(0, ...Object.keys(among).map((each) => (each.startsWith(`${name}-`) ? Number.parseInt(each.slice(name.length + 1), 10) + 1 || 0 : 0)));
}

/** Rows that were written but are not drawn, after a reload or signing in again: the server is asked for as many. */
function drawMore(form: HTMLFormElement, wanted: number, drawn: number): boolean {
  const address = new URL(location.href);
  if (wanted <= drawn || address.searchParams.has("rows") || form.dataset.keepPath !== location.pathname) return false;
  address.searchParams.set("rows", String(wanted));
  location.replace(address.href);
  return true;
}

export function forget(form: HTMLFormElement): void {
  dirty.delete(form);
  try {
    localStorage.removeItem(place(form));
  } catch {
    // nothing was kept
  }
}

function meet(form: HTMLFormElement): void {
  if (form.dataset.keepMet !== undefined) return;
  form.dataset.keepMet = "";
  const back = sentBack.get(form.dataset.keep!);
  form.dataset.keepPath ??= back ?? location.pathname;
  if (!form.matches("[hx-post], [hx-put], [hx-patch]") && form.method === "post") {
    form.setAttribute("hx-boost", "true");
    window.htmx?.process(form);
  }
  if (back) {
    sentBack.delete(form.dataset.keep!); // drawn by the server with what was just sent
    dirty.add(form);
    return;
  }
  const kept = read(form);
  const drawn = values(form);
  if (!kept || JSON.stringify(kept.values) === JSON.stringify(drawn)) return;
  if (drawMore(form, rows(form, kept.values), rows(form, drawn))) return;
  putBack(form, kept.values);
  dirty.add(form);
  const told = strip("near", "history", word("restored"), button(word("forget"), () => {
    putBack(form, drawn);
    forget(form);
    told.remove();
  }));
  told.dataset.keepTold = "";
  form.before(told);
}

export function meetForms(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-keep]").forEach(meet);
}

/** The server's answer to a kept form: forgotten only when it was accepted. */
export function answered(form: HTMLFormElement, accepted: boolean, drawnAgain: boolean): void {
  if (drawnAgain) {
    sentBack.set(form.dataset.keep!, form.dataset.keepPath ?? location.pathname);
    dirty.delete(form);
  }
  if (!accepted) return;
  forget(form);
  const told = form.previousElementSibling;
  if (told instanceof HTMLElement && "keepTold" in told.dataset) told.remove();
}

function prune(): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const at = (JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Kept>).at ?? 0;
      if (Date.now() - at > DAYS * 864e5) localStorage.removeItem(key);
    }
  } catch {
    // no storage
  }
}

export function keep(): void {
  prune();
  meetForms();
  for (const type of ["input", "change"]) {
    document.addEventListener(type, (event) => {
      const form = (event.target as Element).closest<HTMLFormElement>("form[data-keep]");
      if (!form) return;
      dirty.add(form);
      write(form);
    });
  }
  // Where nothing can be kept (storage refused), leaving asks first.
  addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected && read(form) === null)) event.preventDefault();
  });
}
