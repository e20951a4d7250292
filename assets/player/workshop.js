// The page's side of the worker: asks for one sound at a time, and only for the latest wish for each
// voice, so that a slider that is dragged never gets ahead of the sound by more than one. While nothing
// is asked for it makes what may be asked for next, and keeps what it has made last.
//
// A browser may forbid workers, or end one to save memory, which it does not always say. Then the
// workshop is broken, until it is opened anew.

const PATIENCE = 60; // s for one sound; a slow telephone takes a few
const QUIET = 300; // ms without a wish, before sounds are made that nobody has asked for yet
const SHELF = 8; // sounds that are kept: 2.6 MB each for 30 s

export class Workshop {
  /**
   * `events` has done(sound, wish) for every sound that was asked for, {voice, kept, share, peak}, and the
   * wish that it fulfils; and broken(), when no more will come.
   */
  constructor(clip, events) {
    this.clip = clip;
    this.events = events;
    this.open();
  }

  /** Begin with nothing asked for. */
  open() {
    this.#end();
    this.closed = false;
    this.wishes = new Map();
    this.coming = []; // wishes that may be next
    this.shelf = new Map(); // sounds by what they were made of, the latest last
    this.busy = this.broken = false;
    try {
      this.worker = this.#hire();
    } catch {
      // Whoever makes the workshop is not ready yet to hear of it.
      queueMicrotask(() => this.#break());
    }
  }

  #hire() {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      const { voice, wish } = this;
      this.busy = false;
      clearTimeout(this.waiting);
      this.#store(wish, data);
      if (voice) this.events.done({ ...data, voice }, wish);
      this.#next();
      if (voice) this.#resume();
      else this.#makeComing();
    };
    worker.onerror = worker.onmessageerror = (event) => {
      event.preventDefault(); // it is told on the page
      this.#break();
    };
    worker.postMessage({ clip: this.clip });
    return worker;
  }

  #break() {
    if (this.closed || this.broken) return;
    this.#end();
    this.broken = true;
    this.events.broken();
  }

  /** Ask for a sound; one that is there is handed out at once. */
  ask(voice, wish) {
    if (this.broken) return;
    const name = nameOf(wish);
    const sound = this.shelf.get(name);
    this.forget(voice);
    if (sound) {
      if (this.voice === voice) this.voice = null; // what is being made for it comes too late
      this.#store(wish, sound);
      this.events.done({ ...sound, voice }, wish);
    } else if (this.busy && !this.voice && name && name === nameOf(this.wish)) {
      this.voice = voice; // it is being made already
      this.wish = wish;
    } else {
      this.wishes.set(voice, wish);
      this.#next();
    }
    this.#resume();
  }

  /** Make these sounds while nothing else is asked for, so that they are there when they are. */
  prepare(wishes) {
    this.coming = wishes.slice(0, SHELF - 1); // one place for what is heard now
    this.#resume();
  }

  /** Forget what was asked for and is not yet begun. */
  forget(voice) {
    this.wishes.delete(voice);
  }

  close() {
    this.closed = true;
    this.#end();
  }

  #end() {
    clearTimeout(this.waiting);
    clearTimeout(this.resuming);
    this.worker?.terminate();
    this.worker = null;
  }

  #next() {
    if (this.busy || !this.worker || this.wishes.size === 0) return;
    const [voice, wish] = this.wishes.entries().next().value;
    this.wishes.delete(voice);
    this.#make(voice, wish);
  }

  // Every wish puts it off.
  #resume() {
    clearTimeout(this.resuming);
    this.resuming = setTimeout(() => this.#makeComing(), QUIET);
  }

  #makeComing() {
    if (this.busy || !this.worker) return;
    const wish = this.coming.find((each) => !this.shelf.has(nameOf(each)));
    if (wish) this.#make(null, wish);
  }

  #make(voice, wish) {
    this.busy = true;
    this.voice = voice;
    this.wish = wish;
    this.waiting = setTimeout(() => this.#break(), 1000 * PATIENCE);
    this.worker.postMessage(wish);
  }

  #store(wish, { kept, share, peak }) {
    if (wish.box) return; // hardly the same box again
    this.shelf.delete(nameOf(wish));
    this.shelf.set(nameOf(wish), { kept, share, peak });
    if (this.shelf.size > SHELF) this.shelf.delete(this.shelf.keys().next().value);
  }
}

/** A map has a name of its own; a box has none, and is made anew. */
function nameOf({ tag, threshold, box }) {
  return box ? null : `${threshold} ${tag}`;
}
