import type { SimulatorControl } from '@switchyard/api';
import type { FaultInput, Simulator } from '@switchyard/simulator';

/** Gives the API the levers of the simulator that runs in this process. */
export function connectSimulatorControl(control: Simulator['control']): SimulatorControl {
  return {
    listFaults: () => control.listFaults(),
    // The simulator checks what it is given, and says which field is wrong.
    replaceFault: (id, fault) => void control.replaceFault(id, fault as FaultInput),
    deleteFault: (id) => void control.deleteFault(id),
  };
}
