// Where on the axis of bands a frequency lies.

/** The place of a frequency on the axis of bands, between two of them if need be. */
export function bandOf(hertz, { hertz: centres }) {
  const last = centres.length - 1;
  let b = 0;
  while (b < last - 1 && centres[b + 1] < hertz) b++;
  return b + (hertz - centres[b]) / (centres[b + 1] - centres[b]);
}
