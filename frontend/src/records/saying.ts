// Saying something about a record: files by choice, drop and paste, and sending from the keyboard.

function fieldOf(form: Element): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>('input[type=file][name="file"]');
}

function put(field: HTMLInputElement, files: File[]): void {
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  field.files = kept.files;
  show(field);
}

function show(field: HTMLInputElement): void {
  const form = field.closest("[data-say]");
  const list = form?.querySelector<HTMLElement>("[data-say-files]");
  const pattern = form?.querySelector<HTMLTemplateElement>("[data-say-file]");
  if (!list || !pattern) return;
  list.replaceChildren(
    ...[...(field.files ?? [])].map((file) => {
      const chip = pattern.content.firstElementChild!.cloneNode(true) as HTMLElement;
      chip.querySelector(".file-chip-name")!.textContent = file.name;
      return chip;
    }),
  );
  list.hidden = list.childElementCount === 0;
}

function add(form: Element, files: FileList | undefined): boolean {
  const field = fieldOf(form);
  if (!field || !files?.length) return false;
  put(field, [...(field.files ?? []), ...files]);
  return true;
}

export function startSaying(): void {
  const formOf = (event: Event): Element | null => (event.target as Element).closest?.("[data-say]") ?? null;
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.type === "file" && field.closest("[data-say]")) show(field);
  });
  document.addEventListener("click", (event) => {
    const chip = (event.target as Element).closest("[data-say-drop]")?.closest("li");
    const form = formOf(event);
    const field = form && fieldOf(form);
    if (!chip || !field) return;
    const place = [...chip.parentElement!.children].indexOf(chip);
    put(field, [...(field.files ?? [])].filter((_, index) => index !== place));
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"] as const) {
    document.addEventListener(kind, (event) => {
      const form = formOf(event);
      if (!form || !fieldOf(form) || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") add(form, event.dataTransfer.files);
    });
  }
  document.addEventListener("paste", (event) => {
    const form = formOf(event);
    if (form && add(form, event.clipboardData?.files)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const form = formOf(event);
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
