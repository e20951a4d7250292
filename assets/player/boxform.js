// The numbers of the box, to read and to type.

import { bandEdgeOf, boxBetween, boxHertz, boxSeconds } from "./box.js";

export class BoxForm {
  /** `settle` gets the box that was typed. */
  constructor(root, clip, settle) {
    this.root = root;
    this.clip = clip;
    this.box = null;
    this.find = (selector) => root.querySelector(selector);
    for (const field of root.querySelectorAll(".box-fields input")) {
      field.addEventListener("change", () => settle(this.#read()));
    }
  }

  show(box) {
    const { clip } = this;
    this.box = box;
    this.find(".box-fields").hidden = !box;
    this.find(".box-add").hidden = this.find(".hint").hidden = Boolean(box);
    if (!box) return;
    const [from, to] = boxSeconds(box, clip);
    const [low, high] = boxHertz(box, clip);
    this.find(".from").value = (clip.start + from).toFixed(2);
    this.find(".to").value = (clip.start + to).toFixed(2);
    this.find(".low").value = Math.round(low);
    this.find(".high").value = Math.round(high);
  }

  /** A box in the middle of the view, beginning at a time. */
  propose(seconds, view) {
    const length = (view.to - view.from) / 6;
    const begin = Math.min(Math.max(seconds, view.from), view.to - length);
    const middle = (view.low + view.high) / 2;
    const reach = (view.high - view.low) / 5;
    const low = { seconds: begin, band: middle - reach };
    return boxBetween(low, { seconds: begin + length, band: middle + reach }, this.clip);
  }

  /** Say it for those who do not see it. */
  inWords() {
    const [from, to] = boxSeconds(this.box, this.clip).map((s) => (this.clip.start + s).toFixed(2));
    const [low, high] = boxHertz(this.box, this.clip).map(Math.round);
    return `Box from ${from} to ${to} seconds and ${low} to ${high} hertz.`;
  }

  #read() {
    const number = (selector) => this.find(selector).valueAsNumber;
    const corner = (seconds, hertz) => ({
      seconds: number(seconds) - this.clip.start,
      band: bandEdgeOf(number(hertz), this.clip),
    });
    const corners = [corner(".from", ".low"), corner(".to", ".high")];
    const typed = corners.flatMap(({ seconds, band }) => [seconds, band]).every(Number.isFinite);
    return typed ? boxBetween(...corners, this.clip) : this.box;
  }
}
