/** A select of the filters is applied when it is chosen with the finger or the mouse; with the keyboard on Enter or on leaving it. */
export function filters(): void {
  const changed = new WeakSet<HTMLSelectElement>();
  let pointer = false;
  document.addEventListener("pointerdown", () => (pointer = true), true);
  document.addEventListener("keydown", () => (pointer = false), true);
  const of = (event: Event): HTMLSelectElement | null => (event.target instanceof HTMLSelectElement && event.target.closest("[data-filters]") ? event.target : null);
  const send = (select: HTMLSelectElement): void => {
    changed.delete(select);
    select.form?.requestSubmit();
  };
  document.addEventListener("change", (event) => {
    const select = of(event);
    if (!select) return;
    changed.add(select);
    if (pointer) send(select);
  });
  document.addEventListener("keydown", (event) => {
    const select = of(event);
    if (select && event.key === "Enter" && changed.has(select)) send(select);
  });
  document.addEventListener("focusout", (event) => {
    const select = of(event);
    if (select && changed.has(select)) send(select);
  });
}
