// Notices when the audio clock stands still while something plays, and says what to do about it: after a
// telephone call, behind a locked screen, or when the device has taken the loudspeaker away.

// Remedies, and for how many seconds the clock has stood still before each is tried.
const REMEDIES = [
  ["nudge", 0.3], // ask the sound to go on
  ["renew", 1.5], // take another audio context, for some that stood still never run again
  ["stop", 4], // go back to Play
];
const LONGEST_FRAME = 0.1; // s; a page in the background draws none, and nothing is known of that time

export class ClockWatch {
  constructor() {
    this.begin();
  }

  /** Watch anew. */
  begin() {
    this.context = null;
    this.last = null;
    this.still = 0; // s
    this.tried = 0; // remedies
  }

  /** The next remedy if the clock has stood still for so long, at a frame's time in milliseconds. */
  remedy(context, now) {
    const passed = this.last === null ? 0 : Math.min((now - this.last) / 1000, LONGEST_FRAME);
    // Another context's clock says nothing until it moves.
    const moved = context === this.context && context.currentTime !== this.clock;
    if (moved) this.still = this.tried = 0;
    else this.still += passed;
    this.context = context;
    this.clock = context.currentTime;
    this.last = now;
    const [name, after] = REMEDIES[this.tried] ?? [null, Infinity];
    if (this.still <= after) return null;
    this.tried++;
    return name;
  }
}
