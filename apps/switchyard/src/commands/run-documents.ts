/** What `switchyard run` asks the server. */

export const findWorkflowDocument = `query RunWorkflow($name: String!) {
  workflows(search: $name, first: 100) { nodes: edges { node { name definition } } }
}`;

const runFields =
  'id state outputs lastSeq costUsd knownCostUsd inputTokens outputTokens error { code message remedy }';

export const startRunDocument = `mutation StartRun($input: StartRunInput!) {
  startRun(input: $input) {
    __typename
    ... on StartRunSuccess { run { ${runFields} definition } }
    ... on UserError { code message path }
    ... on ValidationError { issues { path message } }
    ... on InvalidWorkflowError { problems { isError path message suggestion } }
  }
}`;

export const cancelRunDocument = `mutation CancelRun($runId: ID!) {
  cancelRun(input: { runId: $runId }) { __typename ... on UserError { code message } }
}`;

export const readRunDocument = `query ReadRun($runId: ID!) {
  run(id: $runId) {
    ${runFields} durationMs failedAttempts failovers
    totals { providerId calls inputTokens outputTokens costUsd unpricedCalls }
    steps { stepId type title state modelId output startedAt endedAt reason error { code message } }
  }
}`;

export const followRunDocument = `subscription FollowRun($runId: ID!, $afterSeq: Int!) {
  runEvents(runId: $runId, afterSeq: $afterSeq) {
    __typename
    ... on SequencedEvent { seq at }
    ... on RunStarted { retry resetStepIds givenStepIds }
    ... on StepStarted { stepId }
    ... on StepCompleted { stepId stepState: state modelId reason error { code message } }
    ... on OutputDelta { place { callId stepId itemIndex slot } text offset }
    ... on OutputReset { place { callId stepId itemIndex slot } }
    ... on OutputCompleted {
      place { callId stepId itemIndex slot } answeredModelId latencyMs
      usage { inputTokens outputTokens }
      spend { providerId costUsd }
    }
    ... on AttemptStarted { place { callId stepId itemIndex slot } entry { modelId attempt } }
    ... on AttemptFailed { place { callId stepId itemIndex slot } entry { modelId errorKind message } }
    ... on RetryScheduled { place { callId stepId itemIndex slot } entry { modelId waitMs } }
    ... on FailoverHappened { place { callId stepId itemIndex slot } entry { modelId toModelId reason } }
    ... on GuardrailBreached { place { callId stepId itemIndex slot } entry { modelId decision message } }
    ... on ApprovalRequested { stepId approvalId kind message }
    ... on RunFinished { state outputs error { code message remedy } }
  }
}`;
