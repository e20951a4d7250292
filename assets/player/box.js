// A box in whole cells {firstBand, lastBand, firstFrame, lastFrame}, ends included, and its place in
// seconds and Hz: the same as model/audio/box.py.

import { bandOf } from "./axis.js";

/** The box of all cells with their centres between two corners, each in seconds and bands. */
export function boxBetween(a, b, { bands, frames, rate, hop }) {
  const [first, last] = cellsBetween((a.seconds * rate) / hop, (b.seconds * rate) / hop, frames);
  const [lowest, highest] = cellsBetween(a.band, b.band, bands);
  return { firstBand: lowest, lastBand: highest, firstFrame: first, lastFrame: last };
}

// At least one.
function cellsBetween(a, b, cells) {
  const within = (cell) => Math.min(Math.max(cell, 0), cells - 1);
  const first = within(Math.ceil(Math.min(a, b)));
  return [first, Math.max(within(Math.floor(Math.max(a, b))), first)];
}

/** Its begin and end in seconds from the beginning of the clip. */
export function boxSeconds({ firstFrame, lastFrame }, { rate, hop, seconds }) {
  const end = ((lastFrame + 0.5) * hop) / rate;
  return [Math.max(((firstFrame - 0.5) * hop) / rate, 0), Math.min(end, seconds)];
}

/** Its lower and upper end in Hz, half way to the neighbouring bands' centres. */
export function boxHertz({ firstBand, lastBand }, { hertz, rate, bands }) {
  const low = firstBand > 0 ? (hertz[firstBand - 1] + hertz[firstBand]) / 2 : 0;
  const high = lastBand < bands - 1 ? (hertz[lastBand] + hertz[lastBand + 1]) / 2 : rate / 2;
  return [low, high];
}

/** Whether a place {seconds, band} lies in a box. */
export function isInBox({ seconds, band }, box, clip) {
  const [from, to] = boxSeconds(box, clip);
  return (
    seconds >= from && seconds <= to && band >= box.firstBand - 0.5 && band <= box.lastBand + 0.5
  );
}

/** The band coordinate of an edge in Hz: whole bands have their edges half way between centres. */
export function bandEdgeOf(hertz, clip) {
  if (hertz >= clip.rate / 2) return clip.bands - 0.5;
  return hertz <= 0 ? -0.5 : bandOf(hertz, clip);
}

/** A box of the same size somewhere else, as far as the picture reaches. */
export function movedBox(box, frames, bands, clip) {
  const along = Math.min(Math.max(frames, -box.firstFrame), clip.frames - 1 - box.lastFrame);
  const up = Math.min(Math.max(bands, -box.firstBand), clip.bands - 1 - box.lastBand);
  return {
    firstBand: box.firstBand + up,
    lastBand: box.lastBand + up,
    firstFrame: box.firstFrame + along,
    lastFrame: box.lastFrame + along,
  };
}
