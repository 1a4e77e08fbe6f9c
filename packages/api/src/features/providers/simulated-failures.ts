import type { ProviderType } from '@switchyard/core/catalog';

/** A fault as the simulator takes it. */
export interface SimulatorFault {
  readonly id?: string;
  readonly kind: string;
  readonly vendor?: ProviderType;
  readonly [parameter: string]: unknown;
}

/** The simulator's levers, as far as people turn them from the dashboard. The launcher connects them. */
export interface SimulatorControl {
  listFaults(): readonly { readonly id: string; readonly kind: string; readonly vendor?: string | undefined }[];
  /** Puts the fault under the id, in place of one that is there. */
  replaceFault(id: string, fault: SimulatorFault): void;
  deleteFault(id: string): void;
}

/** What a simulated provider is told to get wrong; what is absent or null works. */
export interface SimulatedFailure {
  /** Share (0–1) of calls that are answered with `status`. */
  readonly errorRate?: number | null | undefined;
  /** HTTP status of those errors; 503 when absent. */
  readonly status?: number | null | undefined;
  /** Added before every answer. */
  readonly latencyMs?: number | null | undefined;
  readonly tokensPerSecond?: number | null | undefined;
  /** Every call, also the connection test, is reset without an answer. */
  readonly outage?: boolean | null | undefined;
  /** Every stream breaks off after so many tokens. */
  readonly cutAfterTokens?: number | null | undefined;
  /** Every stream falls silent after so many tokens. */
  readonly stallAfterTokens?: number | null | undefined;
}

const levers = ['error', 'latency', 'rate', 'outage', 'outage-models', 'cut', 'stall'] as const;
type Lever = (typeof levers)[number];

/** Turns what people ask for into faults of the simulator, one per lever and provider type, and remembers what was asked. */
export class SimulatedFailures {
  readonly #control: SimulatorControl;
  readonly #asked = new Map<ProviderType, SimulatedFailure>();

  constructor(control: SimulatorControl) {
    this.#control = control;
  }

  /** What was asked for, as far as the simulator still has it: its own control API may have cleared it. */
  of(type: ProviderType): SimulatedFailure {
    const asked = this.#asked.get(type) ?? {};
    const present = new Set(this.#control.listFaults().map(({ id }) => id));
    return {
      ...(present.has(faultId(type, 'error')) && { errorRate: asked.errorRate ?? null, status: asked.status ?? 503 }),
      ...(present.has(faultId(type, 'latency')) && { latencyMs: asked.latencyMs ?? null }),
      ...(present.has(faultId(type, 'rate')) && { tokensPerSecond: asked.tokensPerSecond ?? null }),
      ...(present.has(faultId(type, 'cut')) && { cutAfterTokens: asked.cutAfterTokens ?? null }),
      ...(present.has(faultId(type, 'stall')) && { stallAfterTokens: asked.stallAfterTokens ?? null }),
      outage: present.has(faultId(type, 'outage')),
    };
  }

  /** Faults that others set by the simulator's control API, by kind. */
  othersOf(type: ProviderType): readonly string[] {
    const own = new Set(levers.map((lever) => faultId(type, lever)));
    return this.#control
      .listFaults()
      .filter(({ id, vendor }) => !own.has(id) && (vendor === undefined || vendor === type))
      .map(({ kind }) => kind);
  }

  /** Replaces everything that was asked for this type before. */
  set(type: ProviderType, failure: SimulatedFailure): void {
    const faults = toFaults(failure);
    for (const lever of levers) {
      const fault = faults[lever];
      const id = faultId(type, lever);
      if (fault) this.#control.replaceFault(id, { ...fault, vendor: type });
      else this.#control.deleteFault(id);
    }
    this.#asked.set(type, failure);
  }

  /** Breaks the simulated provider for a rehearsal, beside what was asked for here. */
  rehearse(
    rehearsalId: string,
    type: ProviderType,
    fault: {
      readonly kind: 'outage' | 'error' | 'latency' | 'cut';
      readonly status: number;
      readonly share: number;
      readonly delayMs: number;
      readonly afterTokens: number;
    },
  ): void {
    const { kind, status, share, delayMs, afterTokens } = fault;
    const faults: Readonly<Record<typeof kind, readonly SimulatorFault[]>> = {
      outage: [
        { kind: 'reset', path: 'chat' },
        { kind: 'reset', path: 'models' },
      ],
      error: [{ kind: 'error', status, probability: share }],
      latency: [{ kind: 'latency', delayMs }],
      cut: [{ kind: 'cut', afterTokens }],
    };
    for (const [index, each] of faults[kind].entries())
      this.#control.replaceFault(`${rehearsalPrefix}${rehearsalId}:${index}`, { ...each, vendor: type });
  }

  /** Takes the faults of a rehearsal back; may be called again. */
  endRehearsal(rehearsalId: string): void {
    for (const { id } of this.#control.listFaults())
      if (id.startsWith(`${rehearsalPrefix}${rehearsalId}:`)) this.#control.deleteFault(id);
  }

  /** Ids of the rehearsals whose faults are there. */
  rehearsals(): readonly string[] {
    const ids = this.#control.listFaults().map(({ id }) => id);
    return [...new Set(ids.filter((id) => id.startsWith(rehearsalPrefix)).map((id) => id.split(':')[1] ?? ''))];
  }

  /** Takes back what was set here, for all types. */
  clear(): void {
    for (const type of this.#asked.keys()) for (const lever of levers) this.#control.deleteFault(faultId(type, lever));
    this.#asked.clear();
  }
}

const rehearsalPrefix = 'rehearsal:';

const faultId = (type: ProviderType, lever: Lever): string => `dashboard:${type}:${lever}`;

function toFaults(failure: SimulatedFailure): Partial<Record<Lever, SimulatorFault>> {
  const { errorRate, status, latencyMs, tokensPerSecond, outage, cutAfterTokens, stallAfterTokens } = failure;
  return {
    ...(errorRate && { error: { kind: 'error', status: status ?? 503, probability: errorRate } }),
    ...(latencyMs && { latency: { kind: 'latency', delayMs: latencyMs } }),
    ...(tokensPerSecond && { rate: { kind: 'rate', tokensPerSecond } }),
    ...(outage && { outage: { kind: 'reset', path: 'chat' }, 'outage-models': { kind: 'reset', path: 'models' } }),
    ...(cutAfterTokens != null && { cut: { kind: 'cut', afterTokens: cutAfterTokens } }),
    ...(stallAfterTokens != null && { stall: { kind: 'stall', afterTokens: stallAfterTokens } }),
  };
}
