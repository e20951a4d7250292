// What of a clip is in sight, and where its cells, lines and ticks then go.

import { bandOf } from "./axis.js";
import { hertzText } from "./words.js";

const HERTZ_TICKS = [
  1000, 100, 4000, 2000, 500, 8000, 250, 50, 3000, 6000, 1500, 750, 5000, 10000, 200, 300, 400, 150,
];
const SECOND_STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** What of the clip is in sight, and where: seconds from its beginning, and bands. */
export class View {
  constructor(clip) {
    this.clip = clip;
    this.showAll();
  }

  showAll() {
    this.show(0, this.clip.seconds, -0.5, this.clip.bands - 0.5);
  }

  show(from, to, low = this.low, high = this.high) {
    const { seconds } = this.clip;
    const length = Math.min(Math.max(to - from, 0.25), seconds);
    this.from = Math.min(Math.max(from, 0), seconds - length);
    this.to = this.from + length;
    this.low = low;
    this.high = high;
  }

  get isAll() {
    const { clip, from, to, low, high } = this;
    return to - from >= clip.seconds && high - low >= clip.bands && from === 0;
  }

  /** Make a second's place `factor` times as wide, leaving it where it is. */
  zoom(factor, at) {
    const length = (this.to - this.from) / factor;
    const share = (at - this.from) / (this.to - this.from);
    this.show(at - share * length, at + (1 - share) * length);
  }

  /** Shares of the width and height, from the left and from the top. */
  x(seconds) {
    return (seconds - this.from) / (this.to - this.from);
  }

  y(band) {
    return (this.high - band) / (this.high - this.low);
  }

  secondsAt(x) {
    return this.from + x * (this.to - this.from);
  }

  bandAt(y) {
    return this.high - y * (this.high - this.low);
  }

  /** Lay a picture of the clip's cells over a canvas. */
  drawCells(context, cells) {
    const { width, height } = context.canvas;
    const framesPerSecond = this.clip.rate / this.clip.hop;
    const x = this.from * framesPerSecond + 0.5;
    const y = this.clip.bands - 0.5 - this.high;
    const across = (this.to - this.from) * framesPerSecond;
    context.drawImage(cells, x, y, across, this.high - this.low, 0, 0, width, height);
  }

  /** Draw lines given as (frame, band, frame, band), light with a dark rim to show on any ground. */
  drawLines(context, lines, scale) {
    const { width, height } = context.canvas;
    const second = this.clip.hop / this.clip.rate;
    context.beginPath();
    for (let i = 0; i < lines.length; i += 4) {
      context.moveTo(width * this.x(lines[i] * second), height * this.y(lines[i + 1]));
      context.lineTo(width * this.x(lines[i + 2] * second), height * this.y(lines[i + 3]));
    }
    context.lineCap = "round";
    const { rim, line } = this.clip.colours;
    for (const [colour, breadth] of [
      [rim, 3.5],
      [line, 1.5],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = breadth * scale;
      context.stroke();
    }
  }

  /** Round times in sight, in seconds of the song, at most one for every `width` pixels of `all`. */
  timeTicks(all, width) {
    const { start } = this.clip;
    const least = ((this.to - this.from) * width) / all;
    const step = SECOND_STEPS.find((candidate) => candidate >= least) ?? SECOND_STEPS.at(-1);
    const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    const ticks = [];
    const last = Math.floor((start + this.to) / step + 1e-9);
    for (let k = Math.ceil((start + this.from) / step - 1e-9); k <= last; k++) {
      ticks.push({ at: this.x(k * step - start), text: `${(k * step).toFixed(digits)} s` });
    }
    return ticks;
  }

  /** Round frequencies in sight, the most telling first, with `height` pixels of `all` between two. */
  hertzTicks(all, height) {
    const ticks = [];
    for (const hertz of HERTZ_TICKS) {
      const at = this.y(bandOf(hertz, this.clip));
      const free = ticks.every((tick) => Math.abs(tick.at - at) * all >= height);
      if (at >= 0 && at <= 1 && free) ticks.push({ at, text: hertzText(hertz) });
    }
    return ticks;
  }
}
