/** Reads a vector as vendors write it: a list of numbers, or 32-bit floats in base64, little end first. Undefined when it is none. */
export function readVector(written: unknown): Float32Array | undefined {
  const vector =
    typeof written === 'string' ? fromBase64(written) : Array.isArray(written) ? fromNumbers(written) : undefined;
  return vector !== undefined && vector.length > 0 && vector.every(Number.isFinite) ? vector : undefined;
}

function fromNumbers(numbers: readonly unknown[]): Float32Array | undefined {
  return numbers.every((number) => typeof number === 'number') ? Float32Array.from(numbers) : undefined;
}

function fromBase64(text: string): Float32Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
  const vector = new Float32Array(bytes.length / 4);
  for (let index = 0; index < vector.length; index += 1) vector[index] = bytes.readFloatLE(index * 4);
  return vector;
}
