// Paints a clip's loudness and its evidence. Loudness is grey, so that hue is free for evidence; orange
// and blue are told apart with every common colour blindness, and grow lighter as they grow stronger.

// Share of the scale, then red, green, blue (0 to 255) and opacity (0 to 1).
const LOUDNESS = [
  [0, 13, 15, 18, 1],
  [0.5, 86, 91, 99, 1],
  [1, 241, 243, 245, 1],
];
const SPEAKS_FOR = [
  [0, 255, 110, 0, 0],
  [0.2, 255, 110, 0, 0.12],
  [0.5, 255, 130, 0, 0.6],
  [1, 255, 214, 10, 1],
];
const SPEAKS_AGAINST = [
  [0, 0, 120, 255, 0],
  [0.2, 0, 120, 255, 0.12],
  [0.5, 0, 140, 255, 0.6],
  [1, 120, 214, 255, 1],
];
const RIM = "#0d0f12";
const LINE = "#ffffff";

const HERTZ_TICKS = [
  1000, 100, 4000, 2000, 500, 8000, 250, 50, 3000, 6000, 1500, 750, 5000, 10000, 200, 300, 400, 150,
];
const SECOND_STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** 256 colours from a scale's beginning to its end, as bytes. */
function palette(stops) {
  const colours = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const share = i / 255;
    const next = Math.max(stops.findIndex(([at]) => at >= share), 1);
    const [a, b] = [stops[next - 1], stops[next]];
    const part = (share - a[0]) / (b[0] - a[0]);
    for (let k = 0; k < 4; k++) {
      const value = a[k + 1] + part * (b[k + 1] - a[k + 1]);
      colours[4 * i + k] = k === 3 ? 255 * value : value;
    }
  }
  return colours;
}

/** A picture with one pixel for every cell, the lowest band at the bottom. */
function paintCells(bands, frames, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = frames;
  canvas.height = bands;
  const image = new ImageData(frames, bands);
  for (let b = 0; b < bands; b++) {
    for (let f = 0; f < frames; f++) {
      paint(b * frames + f, image.data, 4 * ((bands - 1 - b) * frames + f));
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function putColour(colours, share, pixels, at) {
  const i = 4 * Math.round(255 * Math.min(share, 1));
  for (let k = 0; k < 4; k++) pixels[at + k] = colours[i + k];
}

function paintLoudness({ levels, bands, frames }) {
  const colours = palette(LOUDNESS);
  return paintCells(bands, frames, (cell, pixels, at) => {
    putColour(colours, levels[cell] / 255, pixels, at);
  });
}

/** Relevance as a share of `scale`; what speaks against the class only where that is wanted. */
function paintRelevance(relevance, scale, against, bands, frames) {
  const supports = palette(SPEAKS_FOR);
  const opposes = palette(SPEAKS_AGAINST);
  return paintCells(bands, frames, (cell, pixels, at) => {
    const share = scale > 0 ? relevance[cell] / scale : 0;
    if (share > 0) putColour(supports, share, pixels, at);
    else if (against) putColour(opposes, -share, pixels, at);
  });
}

/** What of the clip is in sight, and where: seconds from its beginning, and bands. */
class View {
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

  /** Draw lines given as (frame, band, frame, band), white with a dark rim to show on any ground. */
  drawLines(context, lines, scale) {
    const { width, height } = context.canvas;
    const second = this.clip.hop / this.clip.rate;
    context.beginPath();
    for (let i = 0; i < lines.length; i += 4) {
      context.moveTo(width * this.x(lines[i] * second), height * this.y(lines[i + 1]));
      context.lineTo(width * this.x(lines[i + 2] * second), height * this.y(lines[i + 3]));
    }
    context.lineCap = "round";
    for (const [colour, breadth] of [[RIM, 3.5], [LINE, 1.5]]) {
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

function hertzText(hertz) {
  const text = hertz < 1000 ? `${hertz}` : `${hertz / 1000}k`;
  return { 100: "100 Hz", 1000: "1 kHz" }[hertz] ?? text;
}

/** The place of a frequency on the axis of bands, between two of them if need be. */
function bandOf(hertz, { hertz: centres }) {
  const last = centres.length - 1;
  let b = 0;
  while (b < last - 1 && centres[b + 1] < hertz) b++;
  return b + (hertz - centres[b]) / (centres[b + 1] - centres[b]);
}
