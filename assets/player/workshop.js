// The page's side of the worker: asks for one sound at a time, and only for the latest wish for each
// voice, so that a slider that is dragged never gets ahead of the sound by more than one.
//
// A browser may forbid workers, or end one to save memory, which it does not always say. Then the
// workshop is broken, until it is opened anew.

const PATIENCE = 60; // s for one sound; a slow telephone takes a few

export class Workshop {
  /**
   * `events` has done(sound, wish) for every finished sound, {voice, kept, share, peak}, and the wish
   * that it fulfils; and broken(), when no more will come.
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
      this.busy = false;
      clearTimeout(this.waiting);
      this.events.done(data, this.wish);
      this.#next();
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

  ask(voice, wish) {
    if (this.broken) return;
    this.wishes.set(voice, wish);
    this.#next();
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
    this.worker?.terminate();
    this.worker = null;
  }

  #next() {
    if (this.busy || !this.worker || this.wishes.size === 0) return;
    const [voice, wish] = this.wishes.entries().next().value;
    this.wishes.delete(voice);
    this.busy = true;
    this.wish = wish;
    this.waiting = setTimeout(() => this.#break(), 1000 * PATIENCE);
    this.worker.postMessage({ voice, ...wish });
  }
}
