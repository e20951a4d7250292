// What is heard of a clip: which part, from where to where, and whether it plays. Knows no elements.
//
// Its voices are the original, what each panel's map keeps ("kept-0", "kept-1", ...) and the box. The
// rest is the original minus the kept part, and all but the box is the original minus the box.

const PARTS = {
  original: "Original",
  kept: "Kept",
  rest: "Rest",
  box: "Box",
  outside: "All but the box",
};
const LAST = 0.05; // s before the end, where to play would be to end

class Player {
  /** `events` has finished(voice, share) for a new sound, and stopped(). */
  constructor(clip, events) {
    this.clip = clip;
    this.events = events;
    this.part = "original";
    this.active = 0; // the panel whose parts are heard
    this.box = null;
    this.looping = false;
    this.resting = 0; // s, where the cursor is while nothing plays
    this.tags = new Map(); // what each voice is to be made of
    this.made = new Map(); // voices: {kept, peak}
    this.workshop = new Workshop(clip, (sound, wish) => this.#receive(sound, wish));
    this.mixer = null;
  }

  close() {
    this.pause();
    this.workshop.close();
    this.mixer?.close();
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
    this.#openMixer();
    sound.claim(this);
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

  /** Stop where the end is reached; to be called now and then while it plays. */
  mindTheEnd() {
    const [begin, end] = this.span;
    if (this.playing && !this.looping && this.position >= end) this.#stopAt(begin);
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

  /** Have the sound made that a map keeps; the one before plays on until then. */
  keep(panel, { id, map }, threshold) {
    this.tags.set(`kept-${panel}`, id);
    this.workshop.ask(`kept-${panel}`, { map, threshold, tag: id });
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

  drop(voice) {
    this.workshop.forget(voice);
    this.tags.delete(voice);
    this.made.delete(voice);
    this.mixer?.dropVoice(voice);
  }

  // The gains that make the chosen part out of the voices.
  #mix() {
    const kept = `kept-${this.active}`;
    const levels = {
      original: { original: 1 },
      kept: { [kept]: 1 },
      rest: { original: 1, [kept]: -1 },
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

  #rest(seconds) {
    this.resting = seconds;
    sound.release(this);
    this.events.stopped();
  }

  // The browser lets sound begin only after a click or key, so that is when the mixer is made.
  #openMixer() {
    if (this.mixer) return;
    this.mixer = new Mixer(sound.open(this.clip.rate), () => this.#rest(this.span[0]));
    this.mixer.setVoice("original", this.clip.waveform);
    for (const voice of this.made.keys()) this.#hand(voice);
    this.#mix();
  }

  #receive({ voice, kept, share, peak }, { tag }) {
    if (this.tags.get(voice) !== tag) return; // no longer wanted
    this.made.set(voice, { kept, peak });
    if (this.mixer) this.#hand(voice);
    this.events.finished(voice, share);
  }

  #hand(voice) {
    const { kept, peak } = this.made.get(voice);
    this.mixer.makeRoomFor(peak);
    this.mixer.setVoice(voice, kept);
  }
}
