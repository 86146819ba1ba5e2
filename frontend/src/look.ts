/** Theme and type size: cookies, so that the server draws the next page right from the start. */
const root = document.documentElement;

function remember(name: string, value: string | null): void {
  const age = value === null ? 0 : 365 * 24 * 3600;
  document.cookie = `${name}=${value ?? ""}; path=/; max-age=${age}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

function isDark(): boolean {
  return root.dataset.theme ? root.dataset.theme === "lamp" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function show(): void {
  const chosen = root.dataset.theme ?? "system";
  for (const each of document.querySelectorAll<HTMLElement>("[data-theme-is]")) each.setAttribute("aria-pressed", String(each.dataset.themeIs === chosen));
  for (const each of document.querySelectorAll("[data-theme-toggle]")) each.setAttribute("aria-pressed", String(isDark()));
  for (const each of document.querySelectorAll("[data-large-type]")) each.setAttribute("aria-pressed", String(root.dataset.type === "large"));
}

function wear(theme: string): void {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  remember("theme", theme === "system" ? null : theme);
  show();
  document.dispatchEvent(new CustomEvent("look:changed"));
}

export function look(): void {
  document.addEventListener("click", (event) => {
    const target = (event.target as Element).closest<HTMLElement>("[data-theme-is], [data-theme-toggle], [data-large-type]");
    if (!target) return;
    if (target.dataset.themeIs) wear(target.dataset.themeIs);
    else if ("themeToggle" in target.dataset) wear(isDark() ? "paper" : "lamp");
    else {
      const large = root.dataset.type !== "large";
      if (large) root.dataset.type = "large";
      else delete root.dataset.type;
      remember("type", large ? "large" : null);
      show();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

export const refreshLook = show;
