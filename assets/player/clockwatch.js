// Notices when the audio clock stands still while something plays: after a telephone call, behind a
// locked screen, or when the device has taken the loudspeaker away.

const LONGEST_FRAME = 0.1; // s; a page in the background draws none, and nothing is known of that time

class ClockWatch {
  constructor() {
    this.begin();
  }

  /** Watch anew. */
  begin() {
    this.context = null;
    this.last = null;
    this.still = 0;
  }

  /** For how many seconds the clock has stood still, at the time `now` of a frame in milliseconds. */
  stillFor(context, now) {
    const passed = this.last === null ? 0 : Math.min((now - this.last) / 1000, LONGEST_FRAME);
    const isSame = context === this.context;
    const moved = isSame && context.currentTime !== this.clock;
    // Another context's clock says nothing until it moves.
    this.still = moved ? 0 : this.still + passed;
    this.context = context;
    this.clock = context.currentTime;
    this.last = now;
    return this.still;
  }
}
