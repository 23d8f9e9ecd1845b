/** Sines and bit-reversed places of one length, made once. */
interface Tables {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  readonly places: Uint32Array;
}

const made = new Map<number, Tables>();

const tablesOf = (length: number): Tables => {
  const known = made.get(length);
  if (known !== undefined) return known;
  if (length < 2 || (length & (length - 1)) !== 0) throw new Error(`A Fourier transform needs a power of two, received ${length} samples.`);
  const places = new Uint32Array(length);
  for (let at = 1; at < length; at++) places[at] = ((places[at >> 1] ?? 0) >> 1) | ((at & 1) * (length >> 1));
  const angles = Float64Array.from({ length: length >> 1 }, (_, at) => (-2 * Math.PI * at) / length);
  const tables = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin), places };
  made.set(length, tables);
  return tables;
};

/**
 * Discrete Fourier transform in place (Cooley and Tukey 1965, radix 2).
 * @param real [n], @param imaginary [n]; n a power of two
 */
export const fourier = (real: Float64Array, imaginary: Float64Array): void => {
  const { length } = real;
  const { cosines, sines, places } = tablesOf(length);
  for (let at = 0; at < length; at++) {
    const other = places[at] ?? 0;
    if (other <= at) continue;
    [real[at], real[other]] = [real[other] ?? 0, real[at] ?? 0];
    [imaginary[at], imaginary[other]] = [imaginary[other] ?? 0, imaginary[at] ?? 0];
  }
  for (let half = 1; half < length; half *= 2) {
    const stride = length / (2 * half);
    for (let start = 0; start < length; start += 2 * half)
      for (let k = 0; k < half; k++) {
        const c = cosines[k * stride] ?? 0;
        const s = sines[k * stride] ?? 0;
        const low = start + k;
        const high = low + half;
        const re = (real[high] ?? 0) * c - (imaginary[high] ?? 0) * s;
        const im = (real[high] ?? 0) * s + (imaginary[high] ?? 0) * c;
        real[high] = (real[low] ?? 0) - re;
        imaginary[high] = (imaginary[low] ?? 0) - im;
        real[low] = (real[low] ?? 0) + re;
        imaginary[low] = (imaginary[low] ?? 0) + im;
      }
  }
};

/** Power of the bins 1 to n / 2 of a real series, tapered by a Hann window, added to `into`. */
export const addPower = (series: (at: number) => number, length: number, into: Float64Array): void => {
  const real = new Float64Array(length);
  const imaginary = new Float64Array(length);
  for (let at = 0; at < length; at++) real[at] = series(at) * (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / length));
  fourier(real, imaginary);
  for (let bin = 1; bin <= into.length; bin++) into[bin - 1] = (into[bin - 1] ?? 0) + (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
};
