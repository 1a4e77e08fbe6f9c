import type { FaultRegistry, FaultStatus } from '../faults/fault-registry.ts';
import type { FaultInput } from '../faults/fault-schema.ts';
import type { RequestLog, RequestLogEntry } from './request-log.ts';
import type { Settings, SettingsPatch, SettingsStore } from './settings.ts';

/** The simulator's levers, in process; the same as HTTP under `/_control`. Wrong input throws `ControlError`. */
export interface SimulatorControl {
  listFaults(): FaultStatus[];
  addFault(fault: FaultInput): FaultStatus;
  replaceFault(id: string, fault: FaultInput): FaultStatus;
  deleteFault(id: string): boolean;
  clearFaults(): void;
  /** The last 1,000 requests, newest last. */
  requests(): RequestLogEntry[];
  clearRequests(): void;
  settings(): Settings;
  updateSettings(patch: SettingsPatch): Settings;
  /** No faults, empty log, first settings, empty prompt caches, ids from the start. */
  reset(): void;
}

export function createSimulatorControl(
  parts: { faults: FaultRegistry; log: RequestLog; settings: SettingsStore },
  onReset: () => void,
): SimulatorControl {
  const { faults, log, settings } = parts;
  return {
    listFaults: () => faults.list(),
    addFault: (fault) => faults.add(fault),
    replaceFault: (id, fault) => faults.replace(id, fault),
    deleteFault: (id) => faults.delete(id),
    clearFaults: () => faults.clear(),
    requests: () => log.list(),
    clearRequests: () => log.clear(),
    settings: () => ({ ...settings.current }),
    updateSettings: (patch) => settings.update(patch),
    reset() {
      faults.clear();
      log.clear();
      settings.reset();
      onReset();
    },
  };
}
