/** Sending: one tap sends once, refusals land beside what they refuse, an expired session or a lost network keeps what was typed. */
import { isHtmx } from "./dialogs.ts";
import { answered } from "./keep.ts";
import { startWaiting, stopWaiting, strip } from "./notes.ts";
import { link, word } from "./words.ts";

const PATIENCE = 10_000;
const held = new Map<Element, HTMLButtonElement[]>();

function hold(form: Element): void {
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("button:not([type=button]):not([disabled])")];
  held.set(form, buttons);
  // after the browser has collected the fields, so that the pressed button's own value is sent
  setTimeout(() => buttons.forEach((each) => (each.disabled = true)));
}

function release(form: Element): void {
  const buttons = held.get(form);
  held.delete(form);
  setTimeout(() => buttons?.forEach((each) => (each.disabled = false)));
}

/** A refusal stands at the head of the form or sheet that was refused, and takes the focus. */
function place(told: HTMLElement, element: Element): void {
  const form = element.closest("form") ?? element.closest(".sheet") ?? element;
  const scope = element.closest("form, .sheet, main") ?? document.body;
  const slot = scope.querySelector("[data-strip-slot]");
  document.querySelectorAll("[data-refusal][data-placed]").forEach((old) => old.remove());
  told.dataset.placed = "";
  told.dataset.refusal ??= "";
  told.tabIndex = -1;
  if (slot) slot.replaceChildren(told);
  else form.before(told);
  told.focus();
}

function signInStrip(): HTMLElement {
  const address = new URL(document.querySelector<HTMLMetaElement>("meta[name=sign-in]")?.content || "/", location.href);
  address.searchParams.set("next", location.pathname + location.search);
  return strip("over", "log-in", word("signed-out"), link(word("sign-in"), address.href));
}

const parsed = (text: string): Document => new DOMParser().parseFromString(text, "text/html");
const isWholePage = (text: string): boolean => /<html[\s>]/i.test(text.slice(0, 500));

export function sending(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method === "dialog" || isHtmx(form) || form.target === "_blank") return;
    if (held.has(form)) return event.preventDefault();
    if (form.method === "post") hold(form);
    startWaiting(form);
    setTimeout(() => {
      // still here: a download, or a server that thinks long
      release(form);
      stopWaiting();
    }, PATIENCE);
  });
  addEventListener("pageshow", () => {
    for (const form of [...held.keys()]) release(form);
    stopWaiting();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = (event as CustomEvent).detail;
    if (elt instanceof HTMLFormElement) hold(elt);
    startWaiting(elt);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent).detail;
    const { xhr, requestConfig } = detail;
    const element: Element = requestConfig.elt;
    const text: string = xhr.responseText;
    const whole = isWholePage(text);
    const page = whole ? parsed(text).body.dataset.page : undefined;
    const signedOut = xhr.status === 401 || (page === "sign-in" && document.body.dataset.page !== "sign-in");
    const boosted = Boolean(requestConfig.boosted ?? detail.boosted);
    const accepted = xhr.status < 400 && !signedOut && page !== "error";
    // a button that only draws one row more (data-unfinished) leaves the form unfinished: what was typed stays kept
    const unfinished = Boolean((requestConfig.triggeringEvent as SubmitEvent | undefined)?.submitter?.hasAttribute("data-unfinished"));
    if (element instanceof HTMLFormElement && element.dataset.keep !== undefined) answered(element, accepted && !unfinished, xhr.status === 422 || (accepted && unfinished));

    if (signedOut) {
      detail.shouldSwap = false;
      place(signInStrip(), element);
    } else if (xhr.status >= 500) {
      detail.shouldSwap = false;
      place(strip("over", "triangle-alert", word("crashed")), element);
    } else if (xhr.status === 409 || xhr.status === 403 || xhr.status === 404 || page === "error") {
      const refusal = parsed(text).querySelector<HTMLElement>("[data-refusal]");
      const told = refusal && document.importNode(refusal, true);
      const heading = whole ? (parsed(text).querySelector("main p") ?? parsed(text).querySelector("h1"))?.textContent?.trim() : "";
      detail.shouldSwap = false;
      if (element instanceof HTMLAnchorElement && boosted) location.assign(xhr.responseURL);
      else place(told ?? strip("over", "triangle-alert", heading || word("refused")), element);
    } else if (xhr.status >= 400 && xhr.status !== 422) {
      detail.shouldSwap = false;
      place(strip("over", "triangle-alert", word("refused")), element);
    } else if (whole && !boosted && detail.target !== document.body) {
      // a page where a fragment was expected: go there, rather than put a page into a page
      detail.shouldSwap = false;
      location.assign(xhr.responseURL || location.href);
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    release((event as CustomEvent).detail.elt);
    stopWaiting();
  });
  for (const type of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(type, (event) => {
      const element: Element = (event as CustomEvent).detail.elt;
      place(strip("", "cloud-off", word("not-sent")), element);
    });
  }
  document.addEventListener("click", (event) => {
    // "back" by the browser brings the page as it was left, with what was typed
    const back = (event.target as Element).closest<HTMLAnchorElement>("[data-back]");
    if ((event.target as Element).closest("[data-history-back]")) history.back();
    if (back && document.referrer === back.href && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });
}
