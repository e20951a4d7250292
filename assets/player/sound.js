// The page's one way to the loudspeaker. Whoever begins to play silences whoever plays: another stage,
// or one of the page's own audio and video elements, also those inside other elements' shadow roots,
// as the recorder's is.

export const REST = 1; // s of silence after which the audio hardware may sleep
const RECORDER = "[data-testid=stAudioInput]"; // Streamlit's

/** The document and every open shadow root below it. */
function* rootsBelow(root) {
  yield root;
  for (const element of root.querySelectorAll("*")) {
    if (element.shadowRoot) yield* rootsBelow(element.shadowRoot);
  }
}

function pauseElements(except = null) {
  for (const root of rootsBelow(document)) {
    for (const element of root.querySelectorAll("audio, video")) {
      if (element !== except) element.pause();
    }
  }
}

/**
 * Tell the device what the page does with sound. As "playback" it is heard on an iPhone whose ring
 * switch is off; only as "auto" does the iPhone let a page record.
 */
function setAudioSession(type) {
  if ("audioSession" in navigator) navigator.audioSession.type = type;
}

export const sound = {
  context: null,
  player: null,

  /** The audio context at a clip's rate; browsers let it run only after a click or key. */
  open(rate) {
    if (this.context?.state === "closed") this.context = null;
    this.context ??= new AudioContext({ sampleRate: rate, latencyHint: "interactive" });
    return this.context;
  },

  /** Let go of a context that plays no more, so that `open` makes another one. */
  async discard() {
    const { context } = this;
    this.context = null;
    try {
      await context?.close();
    } catch {
      // It was closed already.
    }
  },

  /** Ask the device to let the sound run; whether it does shows in the context's clock. */
  async wake() {
    try {
      await this.context?.resume();
    } catch {
      // Refused, as during a telephone call: whoever plays watches the clock.
    }
  },

  async sleep() {
    try {
      await this.context?.suspend();
    } catch {
      // It was closed already.
    }
  },

  claim(player) {
    if (this.player !== player) this.player?.pause();
    clearTimeout(this.sleeping); // also the one that this pause has begun
    this.player = player;
    pauseElements();
    setAudioSession("playback");
    this.wake();
  },

  release(player) {
    if (this.player !== player) return;
    this.player = null;
    setAudioSession("auto");
    clearTimeout(this.sleeping);
    this.sleeping = setTimeout(() => this.sleep(), 1000 * REST);
  },
};

// Media events do not bubble, but they can be caught on their way down; they never leave the shadow
// root that they happen in, so each has a listener of its own.
const attended = new WeakSet();

function attendTo(root) {
  if (attended.has(root)) return;
  attended.add(root);
  root.addEventListener(
    "play",
    ({ target }) => {
      sound.player?.pause();
      pauseElements(target);
    },
    true,
  );
}

function attendToAll() {
  for (const root of rootsBelow(document)) attendTo(root);
}

attendTo(document);
// Nothing plays unless somebody presses something, and by then its element is there.
for (const type of ["click", "keydown"]) window.addEventListener(type, attendToAll, true);

// A recording must not hear the stage, nor does an iPhone record while it plays back.
window.addEventListener(
  "click",
  ({ target }) => {
    if (target instanceof Element && target.closest(RECORDER)) sound.player?.pause();
  },
  true,
);
