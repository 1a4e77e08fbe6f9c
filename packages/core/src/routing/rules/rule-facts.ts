import type { RouteRequest } from '../route-request.ts';
import type { RoutedModel, RoutingInputs } from '../routing-snapshot.ts';
import type { ZonedTime } from './zoned-time.ts';

/** The fields that rules see, by type: the names of the language, so they are public and never renamed. */
export const factFields = {
  RequestFacts: {
    role: 'string',
    workflow: 'string',
    step: 'string',
    taskClass: 'string',
    tags: 'list<string>',
    key: 'string',
    user: 'string',
    strategy: 'string',
    inputTokens: 'int',
    maxOutputTokens: 'int',
    needsVision: 'bool',
    needsTools: 'bool',
    needsJson: 'bool',
    needsReasoning: 'bool',
  },
  TimeFacts: { hour: 'int', minute: 'int', weekday: 'int' },
  LoadFacts: { inFlight: 'int' },
  ModelFacts: {
    health: 'string',
    inFlight: 'int',
    calls: 'int',
    errorRate: 'double',
    latencyP50Ms: 'double',
    latencyP95Ms: 'double',
    firstTokenP50Ms: 'double',
    firstTokenP95Ms: 'double',
    quality: 'double',
  },
  BudgetFacts: { usedShare: 'double' },
} as const;

/** The variables of the language with their types. */
export const factVariables = {
  request: 'RequestFacts',
  time: 'TimeFacts',
  load: 'LoadFacts',
  models: 'map<string, ModelFacts>',
  budgets: 'map<string, BudgetFacts>',
} as const;

const maxTags = 64;
const maxTagLength = 200;

export class RequestFacts {
  readonly role: string;
  readonly workflow: string;
  readonly step: string;
  readonly taskClass: string;
  readonly tags: readonly string[];
  readonly key: string;
  readonly user: string;
  readonly strategy: string;
  readonly inputTokens: bigint;
  readonly maxOutputTokens: bigint;
  readonly needsVision: boolean;
  readonly needsTools: boolean;
  readonly needsJson: boolean;
  readonly needsReasoning: boolean;

  constructor(request: RouteRequest, strategy: string) {
    this.role = request.role ?? '';
    this.workflow = request.workflowId ?? '';
    this.step = request.stepId ?? '';
    this.taskClass = request.taskClass ?? '';
    this.tags = (request.tags ?? []).slice(0, maxTags).map((tag) => tag.slice(0, maxTagLength));
    this.key = request.keyId ?? '';
    this.user = request.userId ?? '';
    this.strategy = strategy;
    this.inputTokens = toInteger(request.inputTokens);
    this.maxOutputTokens = toInteger(request.maxOutputTokens);
    this.needsVision = request.needs?.vision ?? false;
    this.needsTools = request.needs?.tools ?? false;
    this.needsJson = request.needs?.json ?? false;
    this.needsReasoning = request.needs?.reasoning ?? false;
  }
}

export class TimeFacts {
  readonly hour: bigint;
  readonly minute: bigint;
  readonly weekday: bigint;

  constructor(time: ZonedTime) {
    this.hour = BigInt(time.hour);
    this.minute = BigInt(time.minute);
    this.weekday = BigInt(time.weekday);
  }
}

export class LoadFacts {
  readonly inFlight: bigint;

  constructor(inFlight: number) {
    this.inFlight = toInteger(inFlight);
  }
}

/** A figure that was not measured is absent; reading it makes the rule fail, which the plan reports. */
export class ModelFacts {
  readonly health: string;
  readonly inFlight: bigint;
  readonly calls: bigint;
  declare readonly errorRate?: number;
  declare readonly latencyP50Ms?: number;
  declare readonly latencyP95Ms?: number;
  declare readonly firstTokenP50Ms?: number;
  declare readonly firstTokenP95Ms?: number;
  declare readonly quality?: number;

  constructor(model: RoutedModel) {
    const { measured } = model;
    this.health = model.health;
    this.inFlight = toInteger(model.inFlight);
    this.calls = toInteger(measured?.calls ?? 0);
    const figures = {
      errorRate: measured && measured.calls > 0 ? measured.failedCalls / measured.calls : undefined,
      latencyP50Ms: measured?.latencyP50Ms,
      latencyP95Ms: measured?.latencyP95Ms,
      firstTokenP50Ms: measured?.timeToFirstTokenP50Ms,
      firstTokenP95Ms: measured?.timeToFirstTokenP95Ms,
      quality: measured?.quality?.mean,
    };
    for (const [name, value] of Object.entries(figures)) {
      if (value !== undefined && Number.isFinite(value)) Object.assign(this, { [name]: value });
    }
  }
}

export class BudgetFacts {
  readonly usedShare: number;

  constructor(usedShare: number) {
    this.usedShare = Number.isFinite(usedShare) ? usedShare : 1;
  }
}

/** What does not depend on the request: made once per snapshot. */
export interface SnapshotFacts {
  readonly load: LoadFacts;
  readonly models: ReadonlyMap<string, ModelFacts>;
  readonly budgets: ReadonlyMap<string, BudgetFacts>;
}

export function snapshotFacts(inputs: Pick<RoutingInputs, 'models' | 'budgets'>): SnapshotFacts {
  return {
    load: new LoadFacts(inputs.models.reduce((sum, { inFlight }) => sum + inFlight, 0)),
    models: new Map(inputs.models.map((model) => [model.modelId, new ModelFacts(model)])),
    budgets: new Map(inputs.budgets.map(({ name, usedShare }) => [name, new BudgetFacts(usedShare)])),
  };
}

/** Everything a condition is evaluated over. */
export interface RuleFacts extends SnapshotFacts {
  readonly request: RequestFacts;
  readonly time: TimeFacts;
}

function toInteger(value: number): bigint {
  return BigInt(Number.isFinite(value) ? Math.min(Math.max(0, Math.round(value)), Number.MAX_SAFE_INTEGER) : 0);
}
