// What is heard of a clip: which part, from where to where, and whether it plays. Knows no elements.
//
// Its voices are the original, what each panel's map keeps ("kept-0", "kept-1", ...) and the box. The
// rest is the original minus the kept part, and all but the box is the original minus the box.

import { boxSeconds } from "./box.js";
import { ClockWatch } from "./clockwatch.js";
import { Mixer } from "./mixer.js";
import { sound } from "./sound.js";
import { Workshop } from "./workshop.js";

export const PARTS = {
  original: "Original",
  kept: "Kept",
  rest: "Rest",
  box: "Box",
  outside: "All but the box",
};
// How loud the rest stays around the kept part, where that is wished: -30 dB, BED_DB of
// model/audio/masking.py.
const BED = 10 ** (-30 / 20);
const LAST = 0.05; // s before the end, where to play would be to end
const NO_SOUND =
  "This device does not let the sound play just now. Press Play to try again; if a call or another " +
  "app has the loudspeaker, end that first.";

export class Player {
  /**
   * `events` has finished(voice, share) for a new sound; stopped(why), with words if something has
   * gone wrong; and broken(), when no more sounds can be made but the original.
   */
  constructor(clip, events) {
    this.clip = clip;
    this.events = events;
    this.part = "original";
    this.active = 0; // the panel whose parts are heard
    this.box = null;
    this.bed = false; // whether the rest stays around the kept part, very quiet
    this.looping = false;
    this.resting = 0; // s, where the cursor is while nothing plays
    this.tags = new Map(); // what each voice is to be made of
    this.made = new Map(); // voices: {kept, peak}
    this.workshop = new Workshop(clip, {
      done: (sound, wish) => this.#receive(sound, wish),
      broken: () => this.#loseVoices(),
    });
    this.mixer = null;
    this.watch = new ClockWatch();
  }

  close() {
    this.pause();
    this.workshop.close();
    this.#closeMixer();
  }

  get playing() {
    return this.mixer?.playing ?? false;
  }

  get position() {
    return this.playing ? this.mixer.position() : this.resting;
  }

  /** Begin and end of what is played: the box where that is meant, or else everything. */
  get span() {
    const bounded = this.box && (this.looping || this.part === "box");
    return bounded ? boxSeconds(this.box, this.clip) : [0, this.clip.seconds];
  }

  play() {
    try {
      this.#openMixer();
    } catch {
      this.#giveUp();
      return;
    }
    sound.claim(this);
    this.watch.begin();
    this.#playFrom(this.resting);
  }

  pause() {
    if (this.playing) this.#stopAt(this.position);
  }

  seek(seconds) {
    const place = Math.min(Math.max(seconds, 0), this.clip.seconds);
    if (this.playing) this.#playFrom(place);
    else this.resting = place;
  }

  /**
   * Stop where the end is reached, and see to it that the sound goes on until then; to be called for
   * every frame while it plays, with the frame's time in milliseconds.
   */
  mind(now) {
    const [begin, end] = this.span;
    if (!this.playing) return;
    if (!this.looping && this.position >= end) this.#stopAt(begin);
    else this.#mindTheClock(now);
  }

  #mindTheClock(now) {
    const remedy = this.watch.remedy(this.mixer.context, now);
    if (remedy === "nudge") sound.wake();
    if (remedy === "renew") this.#renewContext();
    if (remedy === "stop") this.#giveUp();
  }

  #renewContext() {
    const { position } = this;
    try {
      this.#closeMixer();
      sound.discard();
      this.#openMixer();
    } catch {
      this.#giveUp(position);
      return;
    }
    sound.wake();
    this.#playFrom(position);
  }

  #giveUp(place = this.position) {
    this.#closeMixer();
    sound.discard();
    this.#rest(place, NO_SOUND);
  }

  toggleLoop() {
    this.looping = !this.looping;
    if (this.playing) this.#playFrom(this.position);
  }

  choose(part) {
    this.part = part;
    this.#mix();
    const [begin, end] = this.span;
    if (this.playing && (this.position < begin || this.position > end)) this.seek(begin);
  }

  /** Make one panel the one whose parts are heard. */
  activate(panel) {
    this.active = panel;
    this.#mix();
  }

  /** Whether no sounds can be made but the original. */
  get broken() {
    return this.workshop.broken;
  }

  /** Try to make them after all; everything has to be asked for anew. */
  mend() {
    this.workshop.open();
  }

  #loseVoices() {
    for (const voice of [...this.tags.keys()]) this.drop(voice);
    this.events.broken();
  }

  /** Have the sound made that a map keeps; the one before plays on until then. */
  keep(panel, { id, map }, threshold) {
    this.tags.set(`kept-${panel}`, id);
    this.workshop.ask(`kept-${panel}`, { map, threshold, tag: id });
  }

  /** Have the sounds made, when there is time, that these maps would keep. */
  prepare(evidences, threshold) {
    this.workshop.prepare(evidences.map(({ id, map }) => ({ map, threshold, tag: id })));
  }

  /** Have the sound of a box made and heard, or null for none. */
  setBox(box) {
    this.box = box;
    if (box) {
      this.tags.set("box", box);
      this.workshop.ask("box", { box, tag: box });
    } else {
      this.drop("box");
    }
  }

  /** Begin at the box, or go on without it. */
  playBox() {
    if (this.playing) this.#playFrom(this.box ? this.span[0] : this.position);
    else if (this.box) this.resting = this.span[0];
  }

  /** Leave the rest around the kept part, very quiet, or nothing. */
  setBed(bed) {
    this.bed = bed;
    this.#mix();
  }

  drop(voice) {
    this.workshop.forget(voice);
    this.tags.delete(voice);
    this.made.delete(voice);
    this.mixer?.dropVoice(voice);
    if (this.bed) this.#mix();
  }

  // The gains that make the chosen part out of the voices. What the bed gives to the kept part it
  // takes from the rest, so the two remain the original; where nothing is kept there is none.
  #mix() {
    const kept = `kept-${this.active}`;
    const bed = this.bed && this.made.has(kept) ? BED : 0;
    const levels = {
      original: { original: 1 },
      kept: { original: bed, [kept]: 1 - bed },
      rest: { original: 1 - bed, [kept]: bed - 1 },
      box: { box: 1 },
      outside: { original: 1, box: -1 },
    };
    this.mixer?.mix(levels[this.part]);
  }

  // A place outside what is to be played stands for its beginning.
  #playFrom(seconds) {
    const [begin, end] = this.span;
    const place = seconds < begin || seconds > end - LAST ? begin : seconds;
    this.mixer.play(place, this.looping ? [begin, end] : null);
  }

  #stopAt(seconds) {
    this.mixer.stop();
    this.#rest(seconds);
  }

  #rest(seconds, why = "") {
    this.resting = seconds;
    sound.release(this);
    this.events.stopped(why);
  }

  // The browser lets sound begin only after a click or key, so that is when the mixer is made; anew,
  // if another stage has found the context wanting.
  #openMixer() {
    const context = sound.open(this.clip.rate);
    if (this.mixer?.context === context) return;
    this.#closeMixer();
    this.mixer = new Mixer(context, () => this.#rest(this.span[0]));
    this.mixer.setVoice("original", this.clip.waveform);
    for (const voice of this.made.keys()) this.#hand(voice);
    this.#mix();
  }

  #closeMixer() {
    this.mixer?.close();
    this.mixer = null;
  }

  #receive({ voice, kept, share, peak }, { tag }) {
    if (this.tags.get(voice) !== tag) return; // no longer wanted
    this.made.set(voice, { kept, peak });
    if (this.mixer) this.#hand(voice);
    if (this.bed) this.#mix();
    this.events.finished(voice, share);
  }

  #hand(voice) {
    const { kept, peak } = this.made.get(voice);
    this.mixer.makeRoomFor(peak);
    this.mixer.setVoice(voice, kept);
  }
}
