// Paints a clip's loudness and its evidence, a pixel for every cell. The colours come with the clip:
// shares of the scale, each with red, green, blue (0 to 255) and opacity (0 to 1).

/** 256 colours from a scale's beginning to its end, as bytes. */
function palette(stops) {
  const colours = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const share = i / 255;
    const next = Math.max(
      stops.findIndex(([at]) => at >= share),
      1,
    );
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

/** A clip's levels, from quiet to loud. */
export function paintLoudness({ levels, bands, frames, colours: { loudness } }) {
  const colours = palette(loudness);
  return paintCells(bands, frames, (cell, pixels, at) => {
    putColour(colours, levels[cell] / 255, pixels, at);
  });
}

/** Relevance as a share of `scale`; what speaks against the class only where that is wanted. */
export function paintRelevance(relevance, scale, against, { bands, frames, colours }) {
  const supports = palette(colours.speaksFor);
  const opposes = palette(colours.speaksAgainst);
  return paintCells(bands, frames, (cell, pixels, at) => {
    const share = scale > 0 ? relevance[cell] / scale : 0;
    if (share > 0) putColour(supports, share, pixels, at);
    else if (against) putColour(opposes, -share, pixels, at);
  });
}
