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
    const byFrame = this.#turned(mask);
    const kept = this.spectrum.masked((frame, bins) => this.#spread(byFrame, frame, bins));
    let peak = 0;
    for (let i = 0; i < kept.length; i++) {
      peak = Math.max(peak, Math.abs(kept[i]), Math.abs(waveform[i] - kept[i]));
    }
    return { kept, share: energy(kept) / energy(waveform), peak };
  }

  // A mask as (frames, bands): a frame after the other, as it is needed.
  #turned(mask) {
    const { bands, frames } = this.clip;
    const turned = new Float32Array(mask.length);
    for (let band = 0; band < bands; band++) {
      for (let frame = 0; frame < frames; frame++) {
        turned[frame * bands + band] = mask[band * frames + frame];
      }
    }
    return turned;
  }

  // Bring one frame of a mask from bands to bins; tells whether it keeps anything.
  #spread(byFrame, frame, bins) {
    const { bands, firstBand, weights } = this.clip;
    const levels = byFrame.subarray(frame * bands, (frame + 1) * bands);
    if (!levels.some((level) => level > 0)) return false;
    const width = weights.length / firstBand.length;
    for (let k = 0; k < bins.length; k++) {
      let sum = 0;
      for (let w = 0; w < width; w++) sum += weights[k * width + w] * levels[firstBand[k] + w];
      bins[k] = Math.min(sum, 1);
    }
    return true;
  }
}

function energy(waveform) {
  let sum = 0;
  for (let i = 0; i < waveform.length; i++) sum += waveform[i] * waveform[i];
  return sum;
}
