/** The sentences the script may say, from <template id="ui-words">, in the language of the page. */
export function word(name: string, values: Record<string, string | number> = {}): string {
  const words = document.querySelector<HTMLTemplateElement>("#ui-words")?.content;
  const text = words?.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ""));
}

/** The address of the icon sprite, taken from any icon of the page. */
export function sprite(): string {
  const used = document.querySelector("svg.i use[href]") ?? document.querySelector<HTMLTemplateElement>("#ui-toast")?.content.querySelector("svg.i use[href]");
  return used?.getAttribute("href")?.split("#")[0] ?? "";
}

/** A copy of one of the page's <template> elements, with its icon and its sentence. */
export function copyOf(template: string, icon: string, text: string): HTMLElement {
  const source = document.querySelector<HTMLTemplateElement>(template)!;
  const copy = source.content.firstElementChild!.cloneNode(true) as HTMLElement;
  copy.querySelector("use:not([href])")?.setAttribute("href", `${sprite()}#${icon}`);
  copy.querySelector(":scope > span:not([aria-hidden])")!.textContent = text;
  return copy;
}

export function button(text: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "more";
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

export function link(text: string, href: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = href;
  made.className = "more";
  made.textContent = text;
  return made;
}
