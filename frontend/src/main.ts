/** The small script of every page. Pages work without it; it makes them quicker and keeps what was typed. */
import "./main.css";
import { dialogs } from "./dialogs.ts";
import { files } from "./files.ts";
import { filters } from "./filters.ts";
import { handy } from "./handy.ts";
import { keep, meetForms } from "./keep.ts";
import { keys } from "./keys.ts";
import { look, refreshLook } from "./look.ts";
import { greet, notes } from "./notes.ts";
import { sending } from "./sending.ts";

declare global {
  interface Window {
    htmx?: { process(element: Element): void };
  }
}

/** After a page or a fragment has been put in: the state of the switches, kept forms, messages, the first wrong field. */
function settle(): void {
  refreshLook();
  meetForms();
  greet();
  const wrong = document.querySelector("dialog:not([open]) [aria-invalid=true]")?.closest("dialog");
  if (wrong) wrong.showModal(); // a refused form in a dialog comes back open
  for (const each of document.querySelectorAll<HTMLElement>("[data-form-errors]:not([data-seen])")) {
    each.dataset.seen = "";
    const dialog = each.closest("dialog");
    if (dialog && !dialog.open) dialog.showModal(); // a refused form in a dialog comes back open
    if (!each.closest("form")?.querySelector("[aria-invalid=true]")) each.focus(); // else the wrong field has the focus
  }
}

look();
dialogs();
sending();
notes();
keys();
files();
filters();
handy();
keep();
settle();
document.addEventListener("htmx:afterSettle", (event) => {
  settle();
  const { requestConfig } = (event as CustomEvent).detail;
  // a whole page has come: start reading at its beginning, unless a field asks for the focus
  if (requestConfig?.boosted && !document.activeElement?.matches("[autofocus], [data-form-errors]")) document.querySelector<HTMLElement>("#content")?.focus({ preventScroll: true });
});
document.addEventListener("htmx:historyRestore", settle);
