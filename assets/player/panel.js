// One picture of the stage: a clip's loudness with one class's evidence over it, its axes, its numbers.

import { boxSeconds } from "./box.js";
import { boxShare, centreOf, interpolate, outline, peakOf } from "./evidence.js";
import { paintRelevance } from "./picture.js";
import { percent } from "./words.js";

// Less of a clip's energy, 20 dB below it, is hardly to be heard beside it.
const LITTLE = 0.01;

export class Panel {
  /** `loudness` is the clip's picture, which all panels share; `name` joins their radio buttons. */
  constructor(template, name, clip, loudness) {
    this.root = template.content.firstElementChild.cloneNode(true);
    this.clip = clip;
    this.find = (selector) => this.root.querySelector(selector);
    this.plot = this.find(".plot");
    this.canvas = this.find("canvas");
    this.radio = this.find(".title input");
    this.radio.name = name;
    this.plot.setAttribute("aria-valuemax", clip.seconds.toFixed(1));
    this.loudness = loudness;
    this.setEvidence(null);
  }

  /** Show a map, or none while there is no verdict; `settings` says how. */
  setEvidence(evidence, settings) {
    this.evidence = evidence;
    this.share = null; // of the energy that the kept part holds
    this.find(".title span").textContent = evidence?.title ?? "";
    this.plot.setAttribute(
      "aria-label",
      `Position in the clip. ${evidence?.title ?? "Spectrogram"}`,
    );
    if (evidence) {
      const { bands, frames } = this.clip;
      this.relevance = interpolate(evidence.map, bands, frames);
      this.peak = peakOf(this.relevance);
      this.paint(settings);
      this.trace(settings);
    }
    this.say(null);
  }

  get speaks() {
    return this.evidence !== null && this.peak > 0;
  }

  paint({ against }) {
    this.heat = paintRelevance(this.relevance, this.evidence.scale, against, this.clip);
  }

  trace({ threshold }) {
    const { bands, frames, edge } = this.clip;
    const level = centreOf(threshold, edge) * this.peak;
    const outlined = this.speaks && this.evidence.map.smooth;
    this.lines = outlined ? outline(this.relevance, level, bands, frames, 4) : [];
  }

  draw(view, { opacity }) {
    const scale = window.devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.plot;
    this.canvas.width = Math.round(clientWidth * scale);
    this.canvas.height = Math.round(clientHeight * scale);
    const context = this.canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    view.drawCells(context, this.loudness);
    if (this.evidence) {
      context.globalAlpha = opacity;
      view.drawCells(context, this.heat);
      context.globalAlpha = 1;
      view.drawLines(context, this.lines, scale);
    }
    this.#label(".hertz", "top", view.hertzTicks(clientHeight, 32));
    this.#label(".seconds", "left", view.timeTicks(clientWidth, 60));
  }

  #label(selector, side, ticks) {
    const labels = ticks.map(({ at, text }) => {
      const label = document.createElement("span");
      label.textContent = text;
      label.style[side] = `${100 * at}%`;
      return label;
    });
    this.find(selector).replaceChildren(...labels);
  }

  /** Put the cursor at a time; what is out of sight is cut off. */
  placeCursor(seconds, view) {
    const x = view.x(seconds) * this.plot.clientWidth;
    this.find(".cursor").style.transform = `translateX(${x}px)`;
  }

  placeBox(box, view) {
    const element = this.find(".box");
    element.hidden = !box;
    if (!box) return;
    const [from, to] = boxSeconds(box, this.clip);
    const [left, right] = [view.x(from), view.x(to)];
    const [top, bottom] = [view.y(box.lastBand + 0.5), view.y(box.firstBand - 0.5)];
    Object.assign(element.style, {
      left: `${100 * left}%`,
      width: `${100 * (right - left)}%`,
      top: `${100 * top}%`,
      height: `${100 * (bottom - top)}%`,
    });
  }

  /** Write below the picture what is known of the kept part and of the box. */
  say(box) {
    const { evidence } = this;
    const parts = [];
    if (evidence && !this.speaks) parts.push(evidence.nothing);
    if (this.speaks && this.share !== null)
      parts.push(`Kept: ${percent(this.share)} of the energy.`);
    if (this.speaks && this.share !== null && this.share < LITTLE)
      parts.push("That is hardly to be heard.");
    if (this.speaks && box) {
      const share = boxShare(this.relevance, box, this.clip.frames);
      parts.push(`Box: ${percent(share, 1)} of ${evidence.what}.`);
    }
    this.find(".share").textContent = parts.join(" ");
  }

  /** Tell what is at a place {seconds, band}, or nothing. */
  pointAt(place, view) {
    const line = this.find(".pointer");
    line.hidden = !place;
    this.find(".under").textContent = place ? this.#at(place) : "";
    if (place)
      line.style.transform = `translateX(${view.x(place.seconds) * this.plot.clientWidth}px)`;
  }

  #at({ seconds, band }) {
    const { rate, hop, start, frames, bands, hertz, levels, range } = this.clip;
    const within = (cell, cells) => Math.min(Math.max(Math.round(cell), 0), cells - 1);
    const b = within(band, bands);
    const cell = b * frames + within((seconds * rate) / hop, frames);
    const level = Math.round((levels[cell] / 255 - 1) * range);
    const words = [
      `${(start + seconds).toFixed(2)} s`,
      `${Math.round(hertz[b])} Hz`,
      `${level} dB`,
    ];
    if (this.evidence && this.evidence.scale > 0) {
      words.push(`relevance ${Math.round((100 * this.relevance[cell]) / this.evidence.scale)} %`);
    }
    return words
      .join(" · ")
      .replaceAll("-", "\u2212")
      .replaceAll(/ (?=s|Hz|dB|%)/g, "\u00a0");
  }
}
