import { quantileRank } from './quantile.ts';
import { QuantileSketch } from './quantile-sketch.ts';

/** The range and the byte format of {@link QuantileSketch}; a property test holds both to the same bytes. */
const formatVersion = 1;
const smallestValue = 1e-9;
const largestValue = 1e15;
const headerBytes = 25;
/** Bytes of the largest safe integer as LEB128. */
const longestWhole = 8;

/**
 * Merges many stored sketches of one ε, and single values, much faster than `QuantileSketch.merge`: counts lie in one
 * array that is used again after `reset`. What it answers and writes is to the byte what `QuantileSketch` would.
 */
export class SketchMerger {
  readonly #relativeError: number;
  readonly #logGamma: number;
  readonly #lowest: number;
  readonly #counts: Float64Array;
  /** Places that may hold counts, the end not included. */
  #from: number;
  #to = 0;
  #zeros = 0;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** `relativeError` ε in [0.001, 0.2]; sketches of another ε are refused. */
  constructor(relativeError = 0.01) {
    this.#relativeError = new QuantileSketch(relativeError).relativeError;
    this.#logGamma = Math.log1p((2 * relativeError) / (1 - relativeError));
    this.#lowest = Math.ceil(Math.log(smallestValue) / this.#logGamma);
    this.#counts = new Float64Array(Math.ceil(Math.log(largestValue) / this.#logGamma) - this.#lowest + 1);
    this.#from = this.#counts.length;
  }

  get count(): number {
    return this.#count;
  }

  reset(): void {
    this.#counts.fill(0, this.#from, this.#to);
    this.#from = this.#counts.length;
    this.#to = 0;
    this.#zeros = 0;
    this.#count = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
  }

  /** Counts one value; nothing when it is negative or not a finite number. */
  add(value: number): void {
    if (!(value >= 0 && Number.isFinite(value))) return;
    if (value < smallestValue) this.#zeros += 1;
    else this.#addAt(Math.ceil(Math.log(Math.min(value, largestValue)) / this.#logGamma) - this.#lowest, 1);
    this.#count += 1;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  /**
   * Adds every sketch of `bytes`, which holds `toBytes` of one sketch after the other. Throws RangeError on bytes that
   * are cut, damaged or of another ε; what came before them is counted.
   */
  addAll(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const reader = { bytes, at: 0 };
    while (reader.at < bytes.length) {
      if (bytes.length - reader.at < headerBytes + 2 || bytes[reader.at] !== formatVersion) throw damaged();
      if (view.getFloat64(reader.at + 1) !== this.#relativeError) {
        throw new RangeError(`a sketch of another relative error than ${this.#relativeError} cannot be merged`);
      }
      const min = view.getFloat64(reader.at + 9);
      const max = view.getFloat64(reader.at + 17);
      reader.at += headerBytes;
      this.#addBuckets(reader);
      this.#min = Math.min(this.#min, min);
      this.#max = Math.max(this.#max, max);
    }
  }

  /** The value within which the share `probability` in [0, 1] lies (`quantileRank`), within ε; undefined when nothing was counted. */
  quantile(probability: number): number | undefined {
    return this.valueAtRank(quantileRank(probability, this.#count));
  }

  /** The value of `rank` (1 is the smallest) within ε; undefined when there is no such rank. */
  valueAtRank(rank: number): number | undefined {
    if (!(rank >= 1 && rank <= this.#count)) return undefined;
    let passed = this.#zeros;
    if (rank <= passed) return Math.min(this.#max, 0);
    for (let place = this.#from; place < this.#to; place++) {
      passed += this.#counts[place]!;
      if (rank > passed) continue;
      const middle = Math.exp((place + this.#lowest) * this.#logGamma) * (1 - this.#relativeError);
      return Math.min(this.#max, Math.max(this.#min, middle));
    }
    return this.#max;
  }

  /** The bytes of the sketch of everything counted. */
  toBytes(): Uint8Array<ArrayBuffer> {
    let buckets = 0;
    for (let place = this.#from; place < this.#to; place++) if (this.#counts[place] !== 0) buckets += 1;
    const writer = { bytes: new Uint8Array(headerBytes + (buckets + 1) * 2 * longestWhole), at: headerBytes };
    writer.bytes[0] = formatVersion;
    const floats = new DataView(writer.bytes.buffer);
    floats.setFloat64(1, this.#relativeError);
    floats.setFloat64(9, this.#min);
    floats.setFloat64(17, this.#max);
    pushWhole(writer, this.#zeros);
    pushWhole(writer, buckets);
    let before = 0;
    for (let place = this.#from; place < this.#to; place++) {
      const times = this.#counts[place]!;
      if (times === 0) continue;
      const step = place + this.#lowest - before;
      pushWhole(writer, step >= 0 ? step * 2 : -step * 2 - 1);
      pushWhole(writer, times);
      before += step;
    }
    return writer.bytes.slice(0, writer.at);
  }

  #addBuckets(reader: { readonly bytes: Uint8Array; at: number }): void {
    const zeros = readWhole(reader);
    this.#zeros += zeros;
    this.#count += zeros;
    let place = -this.#lowest;
    for (let left = readWhole(reader); left > 0; left--) {
      const step = readWhole(reader);
      place += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
      const times = readWhole(reader);
      if (!(place >= 0 && place < this.#counts.length)) throw damaged();
      this.#addAt(place, times);
      this.#count += times;
    }
  }

  #addAt(place: number, times: number): void {
    this.#counts[place]! += times;
    if (place < this.#from) this.#from = place;
    if (place >= this.#to) this.#to = place + 1;
  }
}

function damaged(): RangeError {
  return new RangeError('this quantile sketch is damaged, or of a format that is not known');
}

function pushWhole(writer: { readonly bytes: Uint8Array; at: number }, value: number): void {
  let rest = value;
  while (rest >= 128) {
    writer.bytes[writer.at++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  writer.bytes[writer.at++] = rest;
}

function readWhole(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 8; i++) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) break;
    reader.at += 1;
    value += (byte % 128) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
  throw damaged();
}
