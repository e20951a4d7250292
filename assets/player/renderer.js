// Runs in a worker, so that neither the sound nor the page waits for it: keeps a clip's spectrum and
// turns masks into sound, as model/audio/masking.py does.

let clip = null;
let spectrum = null;

/** Bring one frame of a mask from bands to bins; tells whether it keeps anything. */
function spread(mask, frame, bins) {
  const { frames, firstBand, weights } = clip;
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

function energy(waveform) {
  let sum = 0;
  for (let i = 0; i < waveform.length; i++) sum += waveform[i] * waveform[i];
  return sum;
}

/** What a mask keeps, its share of the energy, and the highest sample of it and of the rest. */
function render(mask) {
  const kept = spectrum.masked((frame, bins) => spread(mask, frame, bins));
  let peak = 0;
  for (let i = 0; i < kept.length; i++) {
    peak = Math.max(peak, Math.abs(kept[i]), Math.abs(clip.waveform[i] - kept[i]));
  }
  return { kept, share: energy(kept) / energy(clip.waveform), peak };
}

/** The mask that a request asks for: of a map at a threshold, or of a box. */
function maskFor({ map, threshold, box }) {
  const { bands, frames, edge } = clip;
  if (box) return boxMask(box, bands, frames);
  const keep = map.smooth ? softMask : proportionalMask;
  return keep(interpolate(map, bands, frames), threshold, edge);
}

function answer({ data }) {
  if (data.clip) {
    clip = data.clip;
    spectrum = new Spectrum(clip.waveform, clip.size, clip.hop);
    return;
  }
  const part = render(maskFor(data));
  self.postMessage({ voice: data.voice, ...part }, [part.kept.buffer]);
}

self.onmessage = answer;
