/** Chosen files: a list with sizes, and what is wrong with one of them in words before anything is sent. */
import { word } from "./words.ts";

const MB = 1024 * 1024;

function fits(file: File, accept: string): boolean {
  if (!accept) return true;
  return accept.split(",").some((one) => {
    const kind = one.trim().toLowerCase();
    if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind);
    return kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind;
  });
}

function size(bytes: number): string {
  return bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function icon(name: string): SVGSVGElement {
  const sprite = document.querySelector("svg.i use[href]")?.getAttribute("href")?.split("#")[0] ?? "";
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("class", "i");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  made.append(use);
  return made;
}

function check(drop: HTMLElement): void {
  const input = drop.querySelector<HTMLInputElement>("input[type=file]")!;
  const list = drop.querySelector<HTMLElement>("[data-drop-list]")!;
  const maxMb = Number(drop.dataset.maxMb || 20);
  const maxFiles = Number(drop.dataset.maxFiles || 9);
  const files = [...(input.files ?? [])];
  let wrong = files.length > maxFiles ? word("too-many", { max: maxFiles }) : "";
  list.replaceChildren();
  for (const file of files) {
    const fault = !fits(file, input.accept) ? word("wrong-type", { types: drop.dataset.types || input.accept }) : file.size > maxMb * MB ? word("too-big", { max: maxMb }) : "";
    if (fault) wrong = `${file.name}：${fault}`;
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = file.name;
    const note = document.createElement("span");
    note.className = fault ? "err" : "soft";
    note.textContent = fault ? `${size(file.size)}，${fault}` : size(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn btn-ghost btn-square";
    remove.setAttribute("aria-label", word("remove", { name: file.name }));
    remove.append(icon("x"));
    remove.addEventListener("click", () => {
      give(input, files.filter((each) => each !== file));
      input.focus();
    });
    line.append(icon(file.type.startsWith("image/") ? "image" : "file-text"), name, note, remove);
    list.append(line);
  }
  if (files.length > maxFiles) {
    const line = document.createElement("li");
    line.className = "err";
    line.textContent = word("too-many", { max: maxFiles });
    list.append(line);
  }
  input.setCustomValidity(wrong);
}

function give(input: HTMLInputElement, files: File[]): void {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The camera writes into a second input, so that the first one still offers the phone's gallery. */
function photograph(drop: HTMLElement): void {
  const input = drop.querySelector<HTMLInputElement>("input[type=file]")!;
  const camera = document.createElement("input");
  camera.type = "file";
  camera.accept = "image/*";
  camera.setAttribute("capture", "environment");
  camera.addEventListener("change", () => give(input, [...(input.multiple ? (input.files ?? []) : []), ...(camera.files ?? [])]));
  camera.click();
}

export function files(): void {
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    const drop = input.closest<HTMLElement>("[data-drop]");
    if (drop && input.type === "file") check(drop);
  });
  document.addEventListener("click", (event) => {
    const camera = (event.target as Element).closest("[data-camera]");
    if (camera) photograph(camera.closest<HTMLElement>("[data-drop]")!);
  });
  for (const type of ["dragover", "drop"] as const) {
    document.addEventListener(type, (event) => {
      const drop = (event.target as Element).closest<HTMLElement>("[data-drop]");
      if (!drop || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (type === "drop") {
        const input = drop.querySelector<HTMLInputElement>("input[type=file]")!;
        give(input, [...(input.multiple ? (input.files ?? []) : []), ...event.dataTransfer.files]);
      }
    });
  }
}
