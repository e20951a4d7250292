// Plays several versions of one clip in step and mixes them. A voice is such a version; all voices of a
// deck start at the same sample of the audio clock, and a switch only moves their gains. So a switch
// has no gap, and "the rest" is the original minus the kept part: two voices with gains 1 and -1.
//
// Whatever can not be done by gains (a jump in time, a new loop) starts a new deck while the old one
// fades. All times are whole samples of the audio clock, which runs at the clip's own rate.

const FADE = 0.02; // s
const AHEAD = 0.01; // s, so that nothing is scheduled into the past
const CEILING = 0.999; // louder samples would be cut off

/** A gain whose value is known at any time, since not every browser can stop a running ramp there. */
class Fader {
  constructor(context, value) {
    this.node = context.createGain();
    this.node.gain.value = value;
    this.ramp = { from: value, to: value, begin: 0, end: 0 };
  }

  valueAt(time) {
    const { from, to, begin, end } = this.ramp;
    if (time >= end) return to;
    return from + ((to - from) * Math.max(time - begin, 0)) / (end - begin);
  }

  /** Go to a value in a straight line that begins at `time`, from wherever a running ramp is then. */
  fadeTo(value, time) {
    const from = this.valueAt(time);
    const { gain } = this.node;
    gain.cancelScheduledValues(time);
    if (time < this.ramp.end) gain.linearRampToValueAtTime(from, time);
    else gain.setValueAtTime(from, time);
    gain.linearRampToValueAtTime(value, time + FADE);
    this.ramp = { from, to: value, begin: time, end: time + FADE };
  }
}

export class Mixer {
  /** `ended` is called when the sound has run to the clip's end. */
  constructor(context, ended) {
    this.context = context;
    this.ended = ended;
    this.buffers = new Map();
    this.levels = {}; // gain by voice; a voice that is not named is silent
    this.headroom = new Fader(context, 1);
    this.headroom.node.connect(context.destination);
    this.deck = null;
  }

  get playing() {
    return this.deck !== null;
  }

  /** Bring in a voice, or another version of it, which takes over at once. */
  setVoice(name, samples) {
    const buffer = this.context.createBuffer(1, samples.length, this.context.sampleRate);
    buffer.copyToChannel(samples, 0);
    this.buffers.set(name, buffer);
    if (!this.deck) return;
    const when = this.#soon();
    const old = this.deck.voices.get(name);
    this.deck.voices.set(name, this.#start(this.deck, name, when, 0));
    this.deck.voices.get(name).fader.fadeTo(this.levels[name] ?? 0, when / this.context.sampleRate);
    if (old) this.#stop(old, when);
  }

  dropVoice(name) {
    this.buffers.delete(name);
    const voice = this.deck?.voices.get(name);
    if (!voice) return;
    this.deck.voices.delete(name);
    this.#stop(voice, this.#soon());
  }

  /** Mix the voices anew, all at the same instant. */
  mix(levels) {
    this.levels = levels;
    if (!this.deck) return;
    const time = this.#soon() / this.context.sampleRate;
    for (const [name, { fader }] of this.deck.voices) fader.fadeTo(levels[name] ?? 0, time);
  }

  /** Make room for a peak. One gain for all, which never rises, so that loudness can be compared. */
  makeRoomFor(peak) {
    const gain = Math.min(this.headroom.ramp.to, CEILING / peak);
    if (gain < this.headroom.ramp.to) {
      this.headroom.fadeTo(gain, this.#soon() / this.context.sampleRate);
    }
  }

  /** Play from `seconds`; `loop` is null or [begin, end] in seconds. */
  play(seconds, loop) {
    const rate = this.context.sampleRate;
    const when = this.#soon();
    this.#leave(when);
    const deck = {
      begin: when,
      offset: Math.round(seconds * rate),
      loop: loop?.map((edge) => Math.round(edge * rate)) ?? null,
      out: new Fader(this.context, 0),
      voices: new Map(),
    };
    deck.out.node.connect(this.headroom.node);
    for (const name of this.buffers.keys()) {
      deck.voices.set(name, this.#start(deck, name, when, this.levels[name] ?? 0));
    }
    deck.out.fadeTo(1, when / rate);
    this.deck = deck;
  }

  stop() {
    this.#leave(this.#soon());
  }

  /** Where the sound is that reaches the ear now, in seconds of the clip. */
  position() {
    const { context, deck } = this;
    const latency = context.outputLatency || context.baseLatency || 0;
    const sample = Math.max((context.currentTime - latency) * context.sampleRate, deck.begin);
    return this.#placeAt(deck, sample) / context.sampleRate;
  }

  close() {
    this.stop();
    this.headroom.node.disconnect();
  }

  // The next sample of the clock that can still be scheduled.
  #soon() {
    return Math.ceil((this.context.currentTime + AHEAD) * this.context.sampleRate);
  }

  #placeAt({ begin, offset, loop }, sample) {
    const place = offset + sample - begin;
    if (!loop || place < loop[1]) return place;
    return loop[0] + ((place - loop[0]) % (loop[1] - loop[0]));
  }

  #start(deck, name, when, level) {
    const { context } = this;
    const source = context.createBufferSource();
    source.buffer = this.buffers.get(name);
    if (deck.loop) {
      source.loop = true;
      [source.loopStart, source.loopEnd] = deck.loop.map((edge) => edge / context.sampleRate);
    }
    const fader = new Fader(context, level);
    source.connect(fader.node).connect(deck.out.node);
    source.onended = () => {
      fader.node.disconnect();
      if (this.deck === deck && deck.voices.get(name)?.source === source) {
        this.deck = null;
        this.ended();
      }
    };
    source.start(when / context.sampleRate, this.#placeAt(deck, when) / context.sampleRate);
    return { source, fader };
  }

  #stop({ source, fader }, when) {
    const time = when / this.context.sampleRate;
    fader.fadeTo(0, time);
    source.stop(time + FADE);
  }

  #leave(when) {
    if (!this.deck) return;
    const time = when / this.context.sampleRate;
    const { out, voices } = this.deck;
    out.fadeTo(0, time);
    for (const { source } of voices.values()) source.stop(time + FADE);
    this.deck = null;
  }
}
