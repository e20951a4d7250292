// Numbers in words.

/** A share as a percentage; one that is small but not nothing as "under 1 %". */
export function percent(share, digits = 0) {
  const least = 10 ** -digits;
  if (share > 0 && 100 * share < least) return `under ${least}\u00a0%`;
  return `${(100 * share).toFixed(digits)}\u00a0%`;
}

/** A time in the song as minutes and seconds. */
export function clock(seconds, digits) {
  const unit = 10 ** digits;
  const whole = Math.floor(seconds * unit + 1e-6) / unit;
  const rest = (whole % 60).toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  return `${Math.floor(whole / 60)}:${rest}`;
}

/** A frequency as it stands on the axis. */
export function hertzText(hertz) {
  const text = hertz < 1000 ? `${hertz}` : `${hertz / 1000}k`;
  return { 100: "100 Hz", 1000: "1 kHz" }[hertz] ?? text;
}
