/** Keys: `/` search, `?` the list of keys, J K Enter X in a list, and data-key on any button or link. Off while a person types. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
}

function isVisible(element: Element): boolean {
  return element.getClientRects().length > 0;
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-rows] [data-row]")].filter(isVisible);
}

function choose(step: number): void {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("sel"));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))]!;
  select(next);
  (next.querySelector<HTMLElement>("a[href]") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function select(row: HTMLElement): void {
  for (const each of rows()) {
    each.classList.toggle("sel", each === row);
    if (each.getAttribute("aria-selected") || each.closest("[role=grid], [role=listbox]")) each.setAttribute("aria-selected", String(each === row));
  }
  row.dispatchEvent(new CustomEvent("row:chosen", { bubbles: true }));
}

function showKeys(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#ui-keys");
  if (!dialog || dialog.open) return;
  const list = dialog.querySelector("dl")!;
  for (const old of list.querySelectorAll("[data-of-page]")) old.remove();
  for (const each of list.querySelectorAll<HTMLElement>("[data-if-rows]")) each.hidden = rows().length === 0;
  for (const each of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const line = document.createElement("div");
    line.dataset.ofPage = "";
    const key = document.createElement("kbd");
    key.className = "key";
    key.textContent = each.dataset.key!.toUpperCase();
    const term = document.createElement("dt");
    term.append(key);
    const what = document.createElement("dd");
    what.textContent = each.dataset.keyLabel ?? each.getAttribute("aria-label") ?? each.textContent!.trim();
    line.append(term, what);
    list.append(line);
  }
  dialog.showModal();
}

export function keys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target) || document.querySelector("dialog[open]:modal")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const pressed = [...document.querySelectorAll<HTMLElement>("[data-key]")].find((each) => each.dataset.key!.toLowerCase() === key && isVisible(each));
    if (key === "/") [...document.querySelectorAll<HTMLElement>("[data-search]")].find(isVisible)?.focus();
    else if (key === "?") showKeys();
    else if (pressed) pressed.click();
    else if (key === "j" || key === "k") choose(key === "j" ? 1 : -1);
    else if (key === "x") rows().find((row) => row.classList.contains("sel"))?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
    else if (key === "Enter" && event.target instanceof HTMLElement && event.target.matches("[data-row]")) event.target.querySelector<HTMLElement>("a[href]")?.click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("[data-rows] [data-row]");
    if (row && !row.classList.contains("sel")) select(row);
  });
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-keys]")) showKeys();
    const row = target.closest<HTMLElement>("[data-rows] [data-row]");
    if (row && !target.closest("a, button, input, label, select")) select(row);
  });
}
