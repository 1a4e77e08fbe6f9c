import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ask, type LooseJson } from './graph-client.ts';

type Target = { readonly graphUrl: string; readonly socketUrl: string; readonly key: string };

/** What tests of datasets and of tests ask of a server; `server` is looked up with every call. */
export function experimentDocuments(server: () => Target) {
  const versionFields =
    'dataset { id name } version { id version itemCount fieldNames splits { name itemCount } skippedCount }';
  const mutate = async (
    name: string,
    type: string,
    fields: string,
    input: object,
    key = server().key,
  ): Promise<LooseJson> => {
    const document = `mutation($input: ${type}!) { ${name}(input: $input) { __typename ${fields} ... on UserError { code message path } } }`;
    return (await ask(server(), document, { input }, { key }))[name];
  };
  const importFile = (input: object, key?: string) =>
    mutate(
      'importDataset',
      'ImportDatasetInput',
      `... on DatasetVersionSuccess { ${versionFields} } ... on InvalidDatasetFileError { problemCount problems { line message } }`,
      input,
      key,
    );

  const testFields =
    'id state revision doneItems plannedItems stopReason stopMessage winner spentUsd registrationHash problems { isError path message }';
  const done = `... on ExperimentSuccess { experiment { ${testFields} } }`;
  const invalid = '... on InvalidExperimentError { problems { isError path message } }';
  const change = (name: string, type: string, input: object, key?: string) =>
    mutate(name, type, name === 'startExperiment' ? `${done} ${invalid}` : done, input, key);

  const start = async (definition: object, name = 'A test'): Promise<LooseJson> => {
    const { experiment } = await change('createExperiment', 'CreateExperimentInput', { name, definition });
    const started = await change('startExperiment', 'StartExperimentInput', {
      experimentId: experiment.id,
      revision: experiment.revision,
    });
    if (!started.experiment) throw new Error(JSON.stringify(started));
    return started.experiment;
  };

  /** Everything that the subscription tells until the test has ended. */
  const follow = async (experimentId: string, key = server().key): Promise<LooseJson[]> => {
    const client = createClient({
      url: server().socketUrl,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    const told: LooseJson[] = [];
    try {
      const query = `subscription($id: ID!) { experimentProgress(experimentId: $id) { doneItems plannedItems experiment { ${testFields} } } }`;
      for await (const { data, errors } of client.iterate<LooseJson>({ query, variables: { id: experimentId } })) {
        if (errors) throw new Error(JSON.stringify(errors));
        told.push(data?.experimentProgress);
      }
    } finally {
      await client.dispose();
    }
    return told;
  };

  const resultsOf = async (id: string): Promise<LooseJson> => {
    const document = `query($id: ID!) { experiment(id: $id) { ${testFields} registration report(format: MARKDOWN)
      results { headline winner items variants { variant verdict harmed metrics { metric isPrimary pairs words cannotTell effect { estimate low high pValue } missing { reason count } } }
        summaries { variant answers failed failures { reason count } costUsd } health { isSampleRatioBroken cautions } } } }`;
    return (await ask(server(), document, { id })).experiment;
  };

  return { mutate, importFile, change, start, follow, resultsOf, versionFields, testFields };
}
