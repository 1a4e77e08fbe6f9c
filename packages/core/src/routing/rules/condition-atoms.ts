import type { ASTNode } from '@marcbachmann/cel-js';
import { serialize } from '@marcbachmann/cel-js';

/** A value that a comparison names. */
export type AtomValue = number | string | boolean;

/**
 * The smallest statement of a condition: a value compared with constants, or a text (`term`) that is true or false in one
 * evaluation, whatever it means.
 */
export type Atom =
  | {
      readonly kind: 'compare';
      readonly path: string;
      readonly operator: '<' | '<=' | '>' | '>=';
      readonly value: number;
    }
  | {
      readonly kind: 'among';
      readonly path: string;
      readonly values: readonly AtomValue[];
      readonly isNegated: boolean;
    }
  | { readonly kind: 'opaque'; readonly term: string; readonly isNegated: boolean };

/** A condition as "one of these lists of statements holds altogether". An empty list always holds; no list never. */
export type Alternatives = readonly (readonly Atom[])[];

/** Conditions that branch more than this are taken as one opaque statement: analysis may miss, never invent. */
const maxAlternatives = 64;

const opposites = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;
const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** Brings a condition into alternatives. It is true exactly when all atoms of one alternative are. */
export function toAlternatives(node: ASTNode, isNegated = false): Alternatives {
  const alternatives = expand(node, isNegated);
  return alternatives.length > maxAlternatives ? [[opaque(node, isNegated)]] : alternatives;
}

function expand(node: ASTNode, isNegated: boolean): Alternatives {
  switch (node.op) {
    case '!_':
      return toAlternatives(node.args, !isNegated);
    case '&&':
    case '||': {
      const [left, right] = node.args;
      const parts = [toAlternatives(left, isNegated), toAlternatives(right, isNegated)] as const;
      return (node.op === '&&') === isNegated ? parts[0].concat(parts[1]) : multiply(...parts);
    }
    case '?:': {
      const [condition, yes, no] = node.args;
      return [
        ...multiply(toAlternatives(condition), toAlternatives(yes, isNegated)),
        ...multiply(toAlternatives(condition, true), toAlternatives(no, isNegated)),
      ];
    }
    case 'value':
      if (typeof node.args !== 'boolean') return [[opaque(node, isNegated)]];
      return node.args === isNegated ? [] : [[]];
    default:
      return [[toAtom(node, isNegated)]];
  }
}

function multiply(left: Alternatives, right: Alternatives): Alternatives {
  // Beyond the bound the caller gives up; the product need not be complete then, only long.
  const product: (readonly Atom[])[] = [];
  for (const one of left) {
    for (const other of right) {
      product.push([...one, ...other]);
      if (product.length > maxAlternatives) return product;
    }
  }
  return product;
}

function toAtom(node: ASTNode, isNegated: boolean): Atom {
  switch (node.op) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return toComparison(node.op, node.args[0], node.args[1], isNegated) ?? opaque(node, isNegated);
    case '==':
    case '!=': {
      const [left, right] = node.args;
      const atom =
        among(left, [right], (node.op === '!=') !== isNegated) ??
        among(right, [left], (node.op === '!=') !== isNegated);
      return atom ?? opaque(node, isNegated);
    }
    case 'in': {
      const [left, right] = node.args;
      return (right.op === 'list' ? among(left, right.args, isNegated) : undefined) ?? opaque(node, isNegated);
    }
    default:
      // A plain fact that is true or false.
      return isFact(node)
        ? { kind: 'among', path: serialize(node), values: [!isNegated], isNegated: false }
        : opaque(node, isNegated);
  }
}

function toComparison(
  operator: keyof typeof opposites,
  left: ASTNode,
  right: ASTNode,
  isNegated: boolean,
): Atom | undefined {
  const [fact, constant, direction] = isFact(left) ? [left, right, operator] : [right, left, mirrored[operator]];
  const value = toValue(constant);
  if (!isFact(fact) || typeof value !== 'number') return undefined;
  return { kind: 'compare', path: serialize(fact), operator: isNegated ? opposites[direction] : direction, value };
}

function among(fact: ASTNode, constants: readonly ASTNode[], isNegated: boolean): Atom | undefined {
  const values = constants.map(toValue).filter((value) => value !== undefined);
  if (!isFact(fact) || values.length !== constants.length) return undefined;
  return { kind: 'among', path: serialize(fact), values, isNegated };
}

/** A fact by name: never NaN, the same in one evaluation. Computed values stay opaque. */
function isFact(node: ASTNode): boolean {
  if (node.op === '.') return isFact(node.args[0]) || node.args[0].op === 'id';
  return node.op === '[]' && node.args[0].op === 'id' && node.args[1].op === 'value';
}

function toValue(node: ASTNode): AtomValue | undefined {
  if (node.op === '-_') {
    const value = toValue(node.args);
    return typeof value === 'number' ? -value : undefined;
  }
  if (node.op !== 'value') return undefined;
  const { args } = node;
  if (typeof args === 'bigint')
    return args <= Number.MAX_SAFE_INTEGER && args >= Number.MIN_SAFE_INTEGER ? Number(args) : undefined;
  return typeof args === 'string' || typeof args === 'boolean' || (typeof args === 'number' && Number.isFinite(args))
    ? args
    : undefined;
}

function opaque(node: ASTNode, isNegated: boolean): Atom {
  return { kind: 'opaque', term: serialize(node), isNegated };
}
