// Reads what model/export/player_payload.py packs: the length of a JSON header as four bytes, the header,
// and then the arrays that it lists, one behind the other.

const ARRAY_TYPES = { uint8: Uint8Array, int16: Int16Array, float32: Float32Array };

/** Turn a payload into its header, with the arrays, and their shapes, by name. */
export function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let offset = 4 + length;
  const arrays = {};
  const shapes = {};
  for (const { name, type, shape } of header.arrays) {
    const Type = ARRAY_TYPES[type];
    const size = Type.BYTES_PER_ELEMENT * shape.reduce((product, n) => product * n, 1);
    // A copy, since a typed array may only begin at a multiple of its element's size.
    arrays[name] = new Type(bytes.slice(offset, offset + size).buffer);
    shapes[name] = shape;
    offset += size;
  }
  return { ...header, arrays, shapes };
}

/** What a stage needs to know of a stretch of sound; shapes are (bands, frames), row by row. */
export function readClip({ id, rate, start, hop, size, edge, step, range, colours, arrays }) {
  const waveform = new Float32Array(arrays.waveform);
  for (let i = 0; i < waveform.length; i++) waveform[i] *= step;
  const bands = arrays.hertz.length;
  return {
    id,
    rate, // Hz
    start, // s, where in the song this stretch begins
    hop, // samples
    size, // samples, of the Fourier transform
    edge, // share of the peak
    range, // dB
    colours, // of the picture and what lies over it
    waveform,
    seconds: waveform.length / rate,
    bands,
    frames: arrays.levels.length / bands,
    hertz: arrays.hertz, // centre of every band
    levels: arrays.levels, // 0 to 255 over the range
    firstBand: arrays.firstBand, // of those that cover a bin
    weights: arrays.weights, // of these bands
  };
}
