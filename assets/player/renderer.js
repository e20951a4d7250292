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
    if (map.of) return this.#sharedMask(map, threshold);
    const keep = map.smooth ? softMask : proportionalMask;
    return keep(interpolate(map, bands, frames), threshold, edge);
  }

  // What another map keeps, divided in proportion among the parts of a sum: VerdictParts.sound.
  #sharedMask(map, threshold) {
    const { bands, frames } = this.clip;
    const mask = this.maskFor({ map: map.of.whole, threshold });
    const all = interpolate(map.of.all, bands, frames);
    const own = interpolate(map, bands, frames);
    return mask.map((kept, i) =>
      all[i] > 0 ? kept * Math.min(Math.max(own[i] / all[i], 0), 1) : 0,
    );
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
