// From a network's coarse map to relevance on the spectrogram, masks and numbers: the same steps as
// model/explain/grid.py, model/audio/masking.py and model/audio/box.py. All arrays are (bands, frames),
// row by row. A map is {values, rows, columns, band: {offset, stride}, frame: {offset, stride},
// smooth}.

/** For every position the two cells it lies between, and the share of the second. */
function between(count, { offset, stride }, cells) {
  const lower = new Uint16Array(count);
  const share = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const place = Math.min(Math.max((i - offset) / stride, 0), cells - 1);
    lower[i] = Math.min(Math.floor(place), Math.max(cells - 2, 0));
    share[i] = place - lower[i];
  }
  return { lower, share, step: cells > 1 ? 1 : 0 };
}

/** Draw a coarse map on the spectrogram's grid by bilinear interpolation, flat at the ends. */
export function interpolate(map, bands, frames) {
  const { values, rows, columns } = map;
  const band = between(bands, map.band, rows);
  const frame = between(frames, map.frame, columns);
  const row = new Float64Array(columns);
  const relevance = new Float32Array(bands * frames);
  for (let b = 0; b < bands; b++) {
    const low = band.lower[b] * columns;
    const high = low + band.step * columns;
    for (let c = 0; c < columns; c++) {
      row[c] = values[low + c] + band.share[b] * (values[high + c] - values[low + c]);
    }
    for (let f = 0; f < frames; f++) {
      const left = row[frame.lower[f]];
      const right = row[frame.lower[f] + frame.step];
      relevance[b * frames + f] = left + frame.share[f] * (right - left);
    }
  }
  return relevance;
}

/** The largest relevance, or 0 where nothing speaks for the class. */
export function peakOf(relevance) {
  let peak = 0;
  for (let i = 0; i < relevance.length; i++) if (relevance[i] > peak) peak = relevance[i];
  return peak;
}

/** Where the mask is one half, as a share of the peak: the threshold, away from the ends. */
export function centreOf(threshold, edge) {
  return Math.min(Math.max(threshold, edge / 2), 1 - edge / 2);
}

/** Rise from 0 to 1 over a width around the threshold, both as shares of the peak. */
function ramp(relevance, threshold, width) {
  const peak = peakOf(relevance);
  const mask = new Float32Array(relevance.length);
  if (peak <= 0) return mask;
  const centre = centreOf(threshold, width);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = Math.min(Math.max((relevance[i] / peak - centre) / width + 0.5, 0), 1);
  }
  return mask;
}

/** Keep what reaches a share of the map's peak, with a soft edge: mask_from_relevance. */
export function softMask(relevance, threshold, edge) {
  return ramp(relevance, threshold, edge).map((share) => share * share * (3 - 2 * share));
}

/** Keep every cell in proportion to its relevance: mask_in_proportion. */
export function proportionalMask(relevance, threshold, edge) {
  return ramp(relevance, threshold, Math.max(2 * Math.min(threshold, 1 - threshold), edge));
}

/** Keep all cells of a box {firstBand, lastBand, firstFrame, lastFrame}, ends included. */
export function boxMask(box, bands, frames) {
  const mask = new Float32Array(bands * frames);
  for (let b = box.firstBand; b <= box.lastBand; b++) {
    mask.fill(1, b * frames + box.firstFrame, b * frames + box.lastFrame + 1);
  }
  return mask;
}

/** Share of all positive relevance that lies in a box; 0 where there is none at all. */
export function boxShare(relevance, box, frames) {
  let inside = 0;
  let all = 0;
  for (let i = 0; i < relevance.length; i++) if (relevance[i] > 0) all += relevance[i];
  for (let b = box.firstBand; b <= box.lastBand; b++) {
    for (let f = box.firstFrame; f <= box.lastFrame; f++) {
      inside += Math.max(relevance[b * frames + f], 0);
    }
  }
  return all > 0 ? inside / all : 0;
}

/**
 * The line along which the relevance has one level, by marching squares: (x0, y0, x1, y1) for every
 * piece, in frames and bands. `step` frames are taken as one, for a map is smooth.
 */
export function outline(relevance, level, bands, frames, step) {
  const pieces = [];
  const crossing = (a, b) => (level - a) / (b - a);
  for (let b = 0; b + 1 < bands; b++) {
    for (let f = 0; f + 1 < frames; f += step) {
      const g = Math.min(f + step, frames - 1);
      const [sw, se] = [relevance[b * frames + f], relevance[b * frames + g]];
      const [nw, ne] = [relevance[(b + 1) * frames + f], relevance[(b + 1) * frames + g]];
      const inside = (sw >= level) + (se >= level) + (nw >= level) + (ne >= level);
      if (inside === 0 || inside === 4) continue;
      const ends = [];
      // In the order south, east, north, west, so that a saddle gets two lines that do not cross.
      if (sw >= level !== se >= level) ends.push(f + crossing(sw, se) * (g - f), b);
      if (se >= level !== ne >= level) ends.push(g, b + crossing(se, ne));
      if (nw >= level !== ne >= level) ends.push(f + crossing(nw, ne) * (g - f), b + 1);
      if (sw >= level !== nw >= level) ends.push(f, b + crossing(sw, nw));
      pieces.push(...ends);
    }
  }
  return Float32Array.from(pieces);
}
