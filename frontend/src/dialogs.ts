/** Native dialogs: data-open, data-close, and data-confirm, which asks before a form is sent or a link followed. */
import { word } from "./words.ts";

export function ask(question: string, yes = ""): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("#ui-confirm");
  if (!dialog) return Promise.resolve(true);
  dialog.querySelector("h2")!.textContent = question || word("sure");
  dialog.querySelector("button[value=yes]")!.textContent = yes || word("yes");
  dialog.querySelector("button[value=no]")!.textContent = word("no");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/** The element that asks: the one pressed, or its form. */
export function asking(element: Element | null | undefined): HTMLElement | null {
  return element?.closest<HTMLElement>("[data-confirm]") ?? null;
}

const confirmed = new WeakSet<Element>();

export function dialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-open]");
    const dialog = opener && document.getElementById(opener.dataset.open!);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    if (target.closest("[data-close]") || (target instanceof HTMLDialogElement && target.open && outside(target, event))) {
      target.closest("dialog")?.close();
      return;
    }
    const link = target.closest<HTMLAnchorElement>("a[data-confirm]");
    if (link && !link.hasAttribute("hx-get")) {
      event.preventDefault();
      void ask(link.dataset.confirm!, link.dataset.confirmYes).then((yes) => yes && location.assign(link.href));
    }
  });

  // htmx asks through its own event; everything else is stopped here until the person has answered.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const asker = asking(event.submitter) ?? asking(form);
      if (!asker || isHtmx(form) || confirmed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void ask(asker.dataset.confirm!, asker.dataset.confirmYes).then((yes) => {
        if (!yes) return;
        confirmed.add(form);
        form.requestSubmit(event.submitter as HTMLElement | null);
      });
    },
    true,
  );

  document.addEventListener("htmx:confirm", (event) => {
    const detail = (event as CustomEvent).detail;
    const pressed = (detail.triggeringEvent as SubmitEvent | undefined)?.submitter ?? detail.elt;
    const asker = asking(pressed) ?? asking(detail.elt);
    const question: string | undefined = detail.question ?? asker?.dataset.confirm;
    if (!question) return;
    event.preventDefault();
    void ask(question, asker?.dataset.confirmYes).then((yes) => yes && detail.issueRequest(true));
  });
}

export function isHtmx(form: Element): boolean {
  if (!window.htmx) return false;
  return form.matches("[hx-post], [hx-get], [hx-put], [hx-patch], [hx-delete]") || form.closest("[hx-boost='true']") !== null;
}

function outside(dialog: HTMLDialogElement, event: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
