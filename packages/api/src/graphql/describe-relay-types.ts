import { type GraphQLSchema, isObjectType } from 'graphql';

const fieldDescriptions: Readonly<Record<string, string>> = {
  edges: 'The entries of this page, in the order of the list.',
  pageInfo: 'Where this page stands in the list.',
  totalCount: 'How many there are in all, on all pages.',
  cursor: 'The place of this entry: give it as `after` or `before`.',
  node: 'The thing itself.',
  hasNextPage: 'Whether there is more after this page.',
  hasPreviousPage: 'Whether there is more before this page.',
  startCursor: 'The cursor of the first entry; null when the page is empty.',
  endCursor: 'The cursor of the last entry: give it as `after` for the next page; null when the page is empty.',
};

const argumentDescriptions: Readonly<Record<string, string>> = {
  first: 'How many from the beginning, 25 when absent and 100 at the most.',
  last: 'How many from the end, 100 at the most.',
  after: 'Only what comes after this cursor.',
  before: 'Only what comes before this cursor.',
  id: 'The id of the thing.',
  ids: 'The ids of the things, 100 at the most.',
};

/** Describes what Pothos adds for Relay by itself and leaves without a description. */
export function describeRelayTypes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      field.description ??= fieldDescriptions[field.name];
      for (const argument of field.args) argument.description ??= argumentDescriptions[argument.name];
    }
  }
  return schema;
}
