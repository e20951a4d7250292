// The Fourier transform, and the short-time transform as model/audio/spectrogram.py computes it: a centred
// periodic Hann window, zeros beyond both ends, and an inverse that divides by the windows' overlap.

/**
 * The fast Fourier transform of one size, a power of two.
 *
 * It takes its input in bit-reversed order: whoever writes it puts number i at `place[i]`, which costs
 * nothing there. Two steps of the usual butterflies are made as one, with three products instead of four
 * and half the way through memory.
 */
class Fourier {
  constructor(size) {
    this.size = size;
    this.place = new Uint32Array(size);
    for (let i = 1; i < size; i++) {
      this.place[i] = (this.place[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
    }
    this.paired = Math.log2(size) % 2 === 1; // an odd number of steps: one by itself
    this.passes = [];
    for (let quarter = this.paired ? 2 : 1; quarter < size; quarter *= 4) {
      this.passes.push({ quarter, turns: turnsOf(quarter) });
    }
  }

  /** Transform in place. With the two parts swapped, in and out, it is the inverse, times the size. */
  transform(real, imaginary) {
    if (this.paired) this.#pair(real);
    if (this.paired) this.#pair(imaginary);
    for (const { quarter, turns } of this.passes) this.#pass(real, imaginary, quarter, turns);
  }

  #pair(values) {
    for (let i = 0; i < this.size; i += 2) {
      const a = values[i];
      const b = values[i + 1];
      values[i] = a + b;
      values[i + 1] = a - b;
    }
  }

  #pass(real, imaginary, quarter, turns) {
    for (let start = 0; start < this.size; start += 4 * quarter) {
      for (let k = 0, t = 0; k < quarter; k++, t += 6) {
        const a = start + k;
        const b = a + quarter;
        const c = b + quarter;
        const d = c + quarter;
        const bRe = real[b] * turns[t] + imaginary[b] * turns[t + 1];
        const bIm = imaginary[b] * turns[t] - real[b] * turns[t + 1];
        const cRe = real[c] * turns[t + 2] + imaginary[c] * turns[t + 3];
        const cIm = imaginary[c] * turns[t + 2] - real[c] * turns[t + 3];
        const dRe = real[d] * turns[t + 4] + imaginary[d] * turns[t + 5];
        const dIm = imaginary[d] * turns[t + 4] - real[d] * turns[t + 5];
        const evenRe = real[a] + bRe;
        const evenIm = imaginary[a] + bIm;
        const oddRe = real[a] - bRe;
        const oddIm = imaginary[a] - bIm;
        real[a] = evenRe + (cRe + dRe);
        imaginary[a] = evenIm + (cIm + dIm);
        real[b] = oddRe + (cIm - dIm);
        imaginary[b] = oddIm - (cRe - dRe);
        real[c] = evenRe - (cRe + dRe);
        imaginary[c] = evenIm - (cIm + dIm);
        real[d] = oddRe - (cIm - dIm);
        imaginary[d] = oddIm + (cRe - dRe);
      }
    }
  }
}

// Cosine and sine of the three turns of every butterfly, in the order in which they are needed.
function turnsOf(quarter) {
  const turns = new Float64Array(6 * quarter);
  for (let k = 0; k < quarter; k++) {
    for (const [i, factor] of [2, 1, 3].entries()) {
      const angle = (2 * Math.PI * factor * k) / (4 * quarter);
      turns[6 * k + 2 * i] = Math.cos(angle);
      turns[6 * k + 2 * i + 1] = Math.sin(angle);
    }
  }
  return turns;
}

/** A short-time spectrum and its way back to sound under a mask. */
export class Spectrum {
  constructor(waveform, size, hop) {
    this.samples = waveform.length;
    this.hop = hop;
    this.bins = size / 2 + 1;
    this.frames = 1 + Math.floor(waveform.length / hop);
    this.fourier = new Fourier(size);
    this.window = Float64Array.from({ length: size }, (_, i) => {
      return 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size);
    });
    // (frames, bins), and a silent frame behind an odd number of them, for two are taken at a time
    const frames = this.frames + (this.frames % 2);
    this.real = new Float32Array(frames * this.bins);
    this.imaginary = new Float32Array(frames * this.bins);
    this.fading = this.window.map((weight) => weight / size); // with the inverse's 1 / size
    this.overlap = this.#overlap();
    this.#analyse(waveform);
  }

  // Two real frames fit into one complex transform: one as its real part, the other as its imaginary.
  #analyse(waveform) {
    const { size } = this.fourier;
    const a = new Float64Array(size);
    const b = new Float64Array(size);
    for (let frame = 0; frame < this.frames; frame += 2) {
      this.#cut(waveform, frame, a);
      this.#cut(waveform, frame + 1, b);
      this.fourier.transform(a, b);
      this.#part(a, b, frame);
    }
  }

  #cut(waveform, frame, into) {
    const { size, place } = this.fourier;
    const start = frame * this.hop - size / 2;
    const from = Math.max(-start, 0);
    const to = frame < this.frames ? Math.min(size, waveform.length - start) : 0;
    if (from > 0 || to < size) into.fill(0);
    for (let i = from; i < to; i++) into[place[i]] = waveform[start + i] * this.window[i];
  }

  #part(a, b, frame) {
    const { bins, real, imaginary } = this;
    const { size } = this.fourier;
    const first = frame * bins;
    const second = first + bins;
    for (let k = 0; k < bins; k++) {
      const m = (size - k) & (size - 1);
      real[first + k] = (a[k] + a[m]) / 2;
      imaginary[first + k] = (b[k] - b[m]) / 2;
      real[second + k] = (b[k] + b[m]) / 2;
      imaginary[second + k] = (a[m] - a[k]) / 2;
    }
  }

  /**
   * Turn the masked spectrum back into sound, with the phase of the mix. `maskOf(frame, into)` writes
   * a frame's mask, one number in [0, 1] for every bin, and tells whether any of them is not 0.
   */
  masked(maskOf) {
    const { size } = this.fourier;
    const sum = new Float64Array(this.samples + size);
    const a = new Float64Array(size);
    const b = new Float64Array(size);
    const nothing = new Float32Array(this.bins);
    const masks = [new Float32Array(this.bins), new Float32Array(this.bins)];
    for (let frame = 0; frame < this.frames; frame += 2) {
      const first = maskOf(frame, masks[0]);
      const second = frame + 1 < this.frames && maskOf(frame + 1, masks[1]);
      if (!first && !second) continue;
      this.#join(frame, first ? masks[0] : nothing, second ? masks[1] : nothing, a, b);
      this.fourier.transform(b, a); // swapped: the inverse
      if (first) this.#add(frame, a, sum);
      if (second) this.#add(frame + 1, b, sum);
    }
    const waveform = new Float32Array(this.samples);
    for (let i = 0, at = size / 2; i < this.samples; i++, at++)
      waveform[i] = sum[at] / this.overlap[at];
    return waveform;
  }

  // Both frames' masked spectra as one: the first plus i times the second.
  #join(frame, first, second, a, b) {
    const { bins, real, imaginary } = this;
    const { size, place } = this.fourier;
    for (let k = 0, i = frame * bins, j = i + bins; k < bins; k++, i++, j++) {
      const ar = first[k] * real[i];
      const ai = first[k] * imaginary[i];
      const br = second[k] * real[j];
      const bi = second[k] * imaginary[j];
      const low = place[k];
      const high = place[(size - k) & (size - 1)];
      a[high] = ar + bi;
      b[high] = br - ai;
      a[low] = ar - bi;
      b[low] = br + ai;
    }
  }

  #add(frame, samples, sum) {
    const { hop, fading } = this;
    const start = frame * hop;
    const length = Math.min(samples.length, sum.length - start);
    for (let i = 0; i < length; i++) sum[start + i] += samples[i] * fading[i];
  }

  // The sum of all frames' squared windows; never 0 within the clip, as the hop is under half a window.
  #overlap() {
    const { size } = this.fourier;
    const overlap = new Float64Array(this.samples + size);
    for (let frame = 0; frame < this.frames; frame++) {
      const start = frame * this.hop;
      const length = Math.min(size, overlap.length - start);
      for (let i = 0; i < length; i++) overlap[start + i] += this.window[i] * this.window[i];
    }
    return overlap;
  }
}
