// The page's one way to the loudspeaker. Whoever begins to play silences whoever plays: another stage,
// or one of the page's own audio and video elements.

const REST = 1; // s of silence after which the audio hardware may sleep

function pauseElements(except = null) {
  for (const element of document.querySelectorAll("audio, video")) {
    if (element !== except) element.pause();
  }
}

const sound = {
  context: null,
  player: null,

  /** The audio context at a clip's rate; browsers let it run only after a click or key. */
  open(rate) {
    this.context ??= new AudioContext({ sampleRate: rate, latencyHint: "interactive" });
    return this.context;
  },

  claim(player) {
    if (this.player !== player) this.player?.pause();
    clearTimeout(this.sleep); // also the one that this pause has begun
    this.player = player;
    pauseElements();
    this.context.resume();
  },

  release(player) {
    if (this.player !== player) return;
    this.player = null;
    clearTimeout(this.sleep);
    this.sleep = setTimeout(() => this.context.suspend(), 1000 * REST);
  },
};

// Media events do not bubble, but they can be caught on their way down.
document.addEventListener(
  "play",
  ({ target }) => {
    sound.player?.pause();
    pauseElements(target);
  },
  true,
);
