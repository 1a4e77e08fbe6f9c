import { quantileRank } from './quantile.ts';

/** Version of the byte format; a change of format gets a new number, and old bytes stay readable. */
const formatVersion = 1;
const smallestValue = 1e-9;
const largestValue = 1e15;

/**
 * Quantiles of a stream in little memory: DDSketch (Masson, Rim & Lee 2019), buckets at powers of γ = (1 + ε)/(1 − ε).
 * Every quantile is within the relative error ε of the value a sorted list would give (nearest rank, {@link quantileRank}), whatever was
 * merged in whatever order: merging adds counts and is exactly associative and commutative. Values are not negative
 * (milliseconds, tokens, nano-dollars); below 1e-9 they count as 0, above 1e15 as 1e15, which bounds the size (at most 2,764
 * buckets at 1 %, typically 100 to 400).
 */
export class QuantileSketch {
  readonly relativeError: number;
  readonly #logGamma: number;
  readonly #buckets = new Map<number, number>();
  #zeros = 0;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** `relativeError` ε in [0.001, 0.2], 0.01 unless given; only sketches of one ε merge. */
  constructor(relativeError = 0.01) {
    if (!(relativeError >= 0.001 && relativeError <= 0.2)) {
      throw new RangeError(`relativeError must lie in [0.001, 0.2], got ${relativeError}`);
    }
    this.relativeError = relativeError;
    this.#logGamma = Math.log1p((2 * relativeError) / (1 - relativeError));
  }

  get count(): number {
    return this.#count;
  }

  /** Smallest and largest value, exact; undefined when empty. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  /** Counts `value` (`times` times). False, and nothing counted, when it is negative or not a finite number. */
  add(value: number, times = 1): boolean {
    if (!(value >= 0 && Number.isFinite(value)) || !(Number.isSafeInteger(times) && times > 0)) return false;
    if (value < smallestValue) this.#zeros += times;
    else {
      const index = Math.ceil(Math.log(Math.min(value, largestValue)) / this.#logGamma);
      this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + times);
    }
    this.#count += times;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    return true;
  }

  /** Takes over all counts of `other`, which stays as it is. Throws RangeError when ε differs. */
  merge(other: QuantileSketch): this {
    if (other.relativeError !== this.relativeError) {
      throw new RangeError(`sketches of relative error ${this.relativeError} and ${other.relativeError} do not merge`);
    }
    for (const [index, times] of [...other.#buckets]) this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + times);
    this.#zeros += other.#zeros;
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    return this;
  }

  /** The value within which the share `probability` in [0, 1] lies (`quantileRank`); undefined when empty. */
  quantile(probability: number): number | undefined {
    if (!(probability >= 0 && probability <= 1))
      throw new RangeError(`probability must lie in [0, 1], got ${probability}`);
    return this.valueAtRank(quantileRank(probability, this.#count));
  }

  /** The value of `rank` (1 is the smallest) within ε; undefined when there is no such rank. */
  valueAtRank(rank: number): number | undefined {
    if (!(rank >= 1 && rank <= this.#count)) return undefined;
    let passed = this.#zeros;
    if (rank <= passed) return Math.min(this.#max, 0);
    for (const index of this.#indexes()) {
      passed += this.#buckets.get(index)!;
      if (rank <= passed) return Math.min(this.#max, Math.max(this.#min, this.#middle(index)));
    }
    return this.#max;
  }

  /** How many values are at most `value`, up to the bucket that `value` falls in; for histograms and thresholds. */
  countUpTo(value: number): number {
    if (value < 0) return 0;
    let passed = this.#zeros;
    for (const [index, times] of this.#buckets) if (this.#middle(index) <= value) passed += times;
    return passed;
  }

  /**
   * Bytes for storage: version, ε, min, max (64-bit floats), then whole numbers as LEB128: zeros, buckets, and per
   * bucket in ascending order the distance to the one before and the count.
   */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes: number[] = [formatVersion];
    const floats = new DataView(new ArrayBuffer(24));
    floats.setFloat64(0, this.relativeError);
    floats.setFloat64(8, this.#min);
    floats.setFloat64(16, this.#max);
    for (let i = 0; i < 24; i++) bytes.push(floats.getUint8(i));
    pushWhole(bytes, this.#zeros);
    pushWhole(bytes, this.#buckets.size);
    let before = 0;
    for (const index of this.#indexes()) {
      const step = index - before;
      pushWhole(bytes, zigzag(step));
      pushWhole(bytes, this.#buckets.get(index)!);
      before = index;
    }
    return Uint8Array.from(bytes);
  }

  /** Reads `toBytes` back. Throws RangeError on bytes that are cut, inconsistent or of an unknown version. */
  static fromBytes(bytes: Uint8Array): QuantileSketch {
    if (bytes.length < 27 || bytes[0] !== formatVersion) throw new RangeError('these bytes are not a quantile sketch');
    const floats = new DataView(bytes.buffer, bytes.byteOffset + 1, 24);
    const sketch = new QuantileSketch(floats.getFloat64(0));
    const reader = { bytes, at: 25 };
    sketch.#zeros = readWhole(reader);
    const buckets = readWhole(reader);
    const lowest = Math.ceil(Math.log(smallestValue) / sketch.#logGamma);
    const highest = Math.ceil(Math.log(largestValue) / sketch.#logGamma);
    let index = 0;
    let count = sketch.#zeros;
    for (let i = 0; i < buckets; i++) {
      const step = unzigzag(readWhole(reader));
      index += step;
      const times = readWhole(reader);
      if ((i > 0 && step <= 0) || index < lowest || index > highest || times < 1) {
        throw new RangeError('this quantile sketch is damaged: its buckets are not in order');
      }
      sketch.#buckets.set(index, times);
      count += times;
    }
    const min = floats.getFloat64(8);
    const max = floats.getFloat64(16);
    const bounded =
      count === 0
        ? min === Number.POSITIVE_INFINITY && max === Number.NEGATIVE_INFINITY
        : 0 <= min && min <= max && Number.isFinite(max);
    if (reader.at !== bytes.length || !bounded || !Number.isSafeInteger(count)) {
      throw new RangeError('this quantile sketch is damaged: its parts do not fit together');
    }
    sketch.#count = count;
    sketch.#min = min;
    sketch.#max = max;
    return sketch;
  }

  #indexes(): number[] {
    return [...this.#buckets.keys()].sort((a, b) => a - b);
  }

  /** The value within ε of everything in (γ^(i−1), γ^i]: 2γ^i / (γ + 1). */
  #middle(index: number): number {
    return Math.exp(index * this.#logGamma) * (1 - this.relativeError);
  }
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function pushWhole(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function readWhole(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 8; i++) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) break;
    reader.at += 1;
    value += (byte % 128) * scale;
    if (byte < 128) {
      if (!Number.isSafeInteger(value)) break;
      return value;
    }
    scale *= 128;
  }
  throw new RangeError('this quantile sketch is damaged: it ends too early or holds an impossible number');
}
