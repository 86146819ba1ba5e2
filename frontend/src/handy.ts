/** Two small helps: data-print prints the page, data-copy="<id>" copies the text of that element and says so on the button. */
import { word } from "./words.ts";

async function copy(button: HTMLElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy!);
  const text = source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement ? source.value : (source?.textContent ?? "").trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // no clipboard without TLS: select it, so that one key copies it
    if (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement) source.select();
    else if (source) getSelection()?.selectAllChildren(source);
    if (!document.execCommand("copy")) return;
  }
  button.replaceChildren(word("copied"));
}

export function handy(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-print]")) window.print();
    const button = target.closest<HTMLElement>("[data-copy]");
    if (button) void copy(button);
  });
}
