// The page's side of the worker: asks for one sound at a time, and only for the latest wish for each
// voice, so that a slider that is dragged never gets ahead of the sound by more than one.

class Workshop {
  /** `done` gets every finished sound, {voice, kept, share, peak}, and the wish that it fulfils. */
  constructor(clip, done) {
    const address = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker.onmessage = ({ data }) => {
      this.busy = false;
      done(data, this.wish);
      this.#next();
    };
    this.worker.postMessage({ clip });
    this.wishes = new Map();
    this.busy = false;
  }

  ask(voice, wish) {
    this.wishes.set(voice, wish);
    this.#next();
  }

  /** Forget what was asked for and is not yet begun. */
  forget(voice) {
    this.wishes.delete(voice);
  }

  close() {
    this.worker.terminate();
  }

  #next() {
    if (this.busy || this.wishes.size === 0) return;
    const [voice, wish] = this.wishes.entries().next().value;
    this.wishes.delete(voice);
    this.busy = true;
    this.wish = wish;
    this.worker.postMessage({ voice, ...wish });
  }
}
