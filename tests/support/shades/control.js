const inputOf = (root) => root.querySelector("input");

export const control = {
  start(root) {
    root.querySelector("[data-darker]").addEventListener("click", () => {
      const input = inputOf(root);
      if (input.readOnly) return;
      input.value = `G${Math.min(9, Number(input.value.slice(1) || 0) + 1)}`;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  },
  take(root, text) {
    if (!/^g?\d$/i.test(text)) return false;
    inputOf(root).value = `G${text.slice(-1)}`;
    return true;
  },
};
