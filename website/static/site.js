// A button opens a running notebook in its own place; without this script it is a page of its own.
for (const button of document.querySelectorAll("button[data-runs]")) {
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.className = "runs";
    frame.title = "A notebook that runs in this page";
    frame.src = button.dataset.runs;
    button.parentElement.replaceWith(frame);
  });
}
// Frames with a slider: one picture at a time. Without this script all of them stand below each other.
for (const frames of document.querySelectorAll(".frames")) {
  frames.classList.remove("still");
  const [slider, all] = [frames.querySelector("input"), [...frames.querySelectorAll("figure")]];
  const show = () => {
    all.forEach((figure, at) => figure.classList.toggle("now", at === Number(slider.value)));
    slider.setAttribute("aria-valuetext", all[Number(slider.value)].dataset.value);
  };
  slider.closest("label").hidden = false;
  slider.addEventListener("input", show);
  show();
}
// Wide code and tables can be reached and moved with the keyboard.
for (const wide of document.querySelectorAll("pre, div.cell_output, .pst-scrollable-table-container")) {
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
}
