// The buttons, switches, sliders and keys of a stage.

import { PARTS } from "./player.js";
import { percent } from "./words.js";

const STEP = 1; // s that an arrow key moves the cursor
const SLIDERS = ["threshold", "opacity"];
const SWITCHES = ["bed", "against"];

/** Let the controls in `root` work on a stage. */
export function listenToControls(root, stage) {
  const find = (selector) => root.querySelector(selector);
  const click = (selector, action) => find(selector).addEventListener("click", action);
  click(".play", () => stage.playOrPause());
  click(".loop", () => {
    stage.player.toggleLoop();
    find(".loop").setAttribute("aria-pressed", stage.player.looping);
  });
  click(".zoom-in", () => stage.zoom(2));
  click(".zoom-out", () => stage.zoom(0.5));
  click(".zoom-all", () => stage.showAll());
  click(".box-add", () => stage.addBox());
  click(".box-clear", () => stage.setBox(null));
  click(".box-zoom", () => stage.zoomToBox());
  for (const name of SLIDERS) {
    const slider = find(`.${name} input`);
    slider.addEventListener("input", () => stage.set(name, slider.valueAsNumber / 100));
    slider.addEventListener("change", () => stage.reportSoon());
  }
  for (const name of SWITCHES) {
    find(`.${name} input`).addEventListener("change", ({ target }) => {
      stage.set(name, target.checked);
      stage.reportSoon();
    });
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (actOnKey(event, stage)) event.preventDefault();
  });
}

/** Do what a key means, if it means anything here. */
function actOnKey({ key, target }, stage) {
  const { player } = stage;
  if (key === "Escape" && player.box) {
    stage.setBox(null);
    stage.panels[player.active].plot.focus({ preventScroll: true });
    return true;
  }
  if (key === " " && !target.closest("button, input[type=checkbox]")) {
    stage.playOrPause();
    return true;
  }
  const steps = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP };
  const places = { Home: 0, End: stage.clip.seconds };
  if (!target.closest(".plot") || !(key in steps || key in places)) return false;
  stage.seek(places[key] ?? player.position + steps[key]);
  return true;
}

/** Show settings on the controls. */
export function showSettings(root, settings) {
  for (const name of SLIDERS) {
    const slider = root.querySelector(`.${name} input`);
    slider.value = Math.round(100 * settings[name]);
    slider.style.setProperty("--share", `${slider.value}%`);
    root.querySelector(`.${name} b`).textContent = percent(settings[name]);
  }
  for (const name of SWITCHES) root.querySelector(`.${name} input`).checked = settings[name];
}

/** Offer parts to hear; anew, unless these are there already, for one of them may have the focus. */
export function offerParts(root, name, parts, choose) {
  const inputs = [...root.querySelectorAll(".parts input")];
  if (inputs.map(({ value }) => value).join() === parts.join()) return;
  const labels = parts.map((part) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name, value: part });
    input.addEventListener("change", () => choose(part));
    label.append(input, PARTS[part]);
    return label;
  });
  root.querySelector(".parts").replaceChildren(...labels);
}
