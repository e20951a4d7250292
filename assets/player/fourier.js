// The Fourier transform, and the short-time transform as model/audio/spectrogram.py computes it: a centred
// periodic Hann window, zeros beyond both ends, and an inverse that divides by the windows' overlap.

/** The fast Fourier transform of one size, a power of two. */
class Fourier {
  constructor(size) {
    this.size = size;
    this.cosine = new Float64Array(size / 2);
    this.sine = new Float64Array(size / 2);
    for (let i = 0; i < size / 2; i++) {
      this.cosine[i] = Math.cos((2 * Math.PI * i) / size);
      this.sine[i] = Math.sin((2 * Math.PI * i) / size);
    }
    this.reversed = new Uint32Array(size);
    for (let i = 1; i < size; i++) {
      this.reversed[i] = (this.reversed[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
    }
  }

  /** Transform in place. With the two parts swapped it is the inverse, times the size. */
  transform(real, imaginary) {
    const { size, cosine, sine, reversed } = this;
    for (let i = 0; i < size; i++) {
      const j = reversed[i];
      if (j > i) {
        [real[i], real[j]] = [real[j], real[i]];
        [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
      }
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0, i = start; k < half; k++, i++) {
          const c = cosine[k * stride];
          const s = sine[k * stride];
          const j = i + half;
          const re = real[j] * c + imaginary[j] * s;
          const im = imaginary[j] * c - real[j] * s;
          real[j] = real[i] - re;
          imaginary[j] = imaginary[i] - im;
          real[i] += re;
          imaginary[i] += im;
        }
      }
    }
  }
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
    this.real = new Float32Array(this.frames * this.bins); // (frames, bins)
    this.imaginary = new Float32Array(this.frames * this.bins);
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
    const { size } = this.fourier;
    const start = frame * this.hop - size / 2;
    for (let i = 0; i < size; i++) {
      const sample = frame < this.frames ? waveform[start + i] : 0;
      into[i] = sample === undefined ? 0 : sample * this.window[i];
    }
  }

  #part(a, b, frame) {
    const { size } = this.fourier;
    const first = frame * this.bins;
    const second = frame + 1 < this.frames ? first + this.bins : -1;
    for (let k = 0; k < this.bins; k++) {
      const m = (size - k) % size;
      this.real[first + k] = (a[k] + a[m]) / 2;
      this.imaginary[first + k] = (b[k] - b[m]) / 2;
      if (second >= 0) {
        this.real[second + k] = (b[k] + b[m]) / 2;
        this.imaginary[second + k] = (a[m] - a[k]) / 2;
      }
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
    const masks = [new Float32Array(this.bins), new Float32Array(this.bins)];
    for (let frame = 0; frame < this.frames; frame += 2) {
      const first = maskOf(frame, masks[0]);
      const second = frame + 1 < this.frames && maskOf(frame + 1, masks[1]);
      if (!first && !second) continue;
      this.#join(frame, first && masks[0], second && masks[1], a, b);
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
    const { size } = this.fourier;
    for (let k = 0; k < this.bins; k++) {
      const i = frame * this.bins + k;
      const ar = first ? first[k] * this.real[i] : 0;
      const ai = first ? first[k] * this.imaginary[i] : 0;
      const br = second ? second[k] * this.real[i + this.bins] : 0;
      const bi = second ? second[k] * this.imaginary[i + this.bins] : 0;
      const m = (size - k) % size;
      a[m] = ar + bi;
      b[m] = br - ai;
      a[k] = ar - bi;
      b[k] = br + ai;
    }
  }

  #add(frame, samples, sum) {
    const { size } = this.fourier;
    const start = frame * this.hop;
    const length = Math.min(size, sum.length - start);
    for (let i = 0; i < length; i++) sum[start + i] += (samples[i] / size) * this.window[i];
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
