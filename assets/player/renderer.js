// Keeps a clip's spectrum and turns masks into sound, as model/audio/masking.py does.

import { boxMask, interpolate, proportionalMask, softMask } from "./evidence.js";
import { Spectrum } from "./fourier.js";

export class Renderer {
  constructor(clip) {
    this.clip = clip;
    this.spectrum = new Spectrum(clip.waveform, clip.size, clip.hop);
  }

  /** The mask that a request asks for: of a map at a threshold, or of a box. */
  maskFor({ map, threshold, box }) {
    const { bands, frames, edge } = this.clip;
    if (box) return boxMask(box, bands, frames);
    const keep = map.smooth ? softMask : proportionalMask;
    return keep(interpolate(map, bands, frames), threshold, edge);
  }

  /** What a mask keeps, its share of the energy, and the highest sample of it and of the rest. */
  render(mask) {
    const { waveform } = this.clip;
    const kept = this.spectrum.masked((frame, bins) => this.#spread(mask, frame, bins));
    let peak = 0;
    for (let i = 0; i < kept.length; i++) {
      peak = Math.max(peak, Math.abs(kept[i]), Math.abs(waveform[i] - kept[i]));
    }
    return { kept, share: energy(kept) / energy(waveform), peak };
  }

  // Bring one frame of a mask from bands to bins; tells whether it keeps anything.
  #spread(mask, frame, bins) {
    const { frames, firstBand, weights } = this.clip;
    const width = weights.length / firstBand.length;
    let any = false;
    for (let k = 0; k < bins.length; k++) {
      let sum = 0;
      for (let w = 0; w < width; w++) {
        const weight = weights[k * width + w];
        if (weight > 0) sum += weight * mask[(firstBand[k] + w) * frames + frame];
      }
      bins[k] = Math.min(sum, 1);
      if (sum > 0) any = true;
    }
    return any;
  }
}

function energy(waveform) {
  let sum = 0;
  for (let i = 0; i < waveform.length; i++) sum += waveform[i] * waveform[i];
  return sum;
}
