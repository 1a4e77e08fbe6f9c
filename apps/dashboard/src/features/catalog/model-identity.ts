/** Number of colours and of shapes; a mark is `colour + 8 × shape`. */
const variety = 8;

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value ^= value >>> 15;
  return value >>> 0;
}

/** The sign of a model, the same everywhere: one of eight colours and one of eight shapes, so that colour is never the only sign. */
export function markOf(modelId: string): number {
  return hash(modelId) % (variety * variety);
}

export const colourOfMark = (mark: number) => `var(--sy-id-${mark % variety})`;
export const shapeOfMark = (mark: number) => Math.floor(mark / variety) % variety;

/** Marks for models that stand side by side: each keeps its shape, and its colour where that is free, so that no two of eight look alike. */
export function distinctMarks(modelIds: readonly string[]): number[] {
  const taken = new Set<number>();
  return modelIds.map((modelId) => {
    const mark = markOf(modelId);
    let colour = mark % variety;
    for (let step = 0; step < variety && taken.has(colour); step += 1) colour = (colour + 1) % variety;
    taken.add(colour);
    return shapeOfMark(mark) * variety + colour;
  });
}

/** Names for lanes: the second lane of one model is `Name #2`. */
export function distinctNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const earlier = names.slice(0, index).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name} #${earlier + 1}`;
  });
}
