'use client';

import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { PriceTableDocument } from '../../gql/catalog.ts';
import classes from './price-table-notice.module.css';

const shown = 5;

/** Tells that the price table of the installation cannot be used as it is, and where it is wrong. */
export function PriceTableNotice() {
  const [{ data }] = useQuery({ query: PriceTableDocument, requestPolicy: 'cache-and-network' });
  const table = data?.priceTable;
  if (!table || table.state === 'LOADED') return null;
  const problems = table.problems ?? [];
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={
        table.state === 'NONE_GOOD'
          ? `The price table ${table.fileName} is not used: list prices are charged`
          : `The price table ${table.fileName} is broken: the last good prices stay in force`
      }
      mb="md"
    >
      {problems.length === 0 ? (
        'Tell an owner or admin of your team: they see what is wrong with it.'
      ) : (
        <ul className={classes.problems}>
          {problems.slice(0, shown).map(({ path, line, message }) => (
            <li key={`${line} ${path} ${message}`}>
              Line {line}
              {path ? (
                <>
                  , <code>{path}</code>
                </>
              ) : null}
              : {message}
            </li>
          ))}
          {problems.length > shown ? <li>and {problems.length - shown} more</li> : null}
        </ul>
      )}
    </Alert>
  );
}
