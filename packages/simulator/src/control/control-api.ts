import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../exchange/read-body.ts';
import type { FaultInput } from '../faults/fault-schema.ts';
import { ControlError } from './control-error.ts';
import { type SettingsPatch, settingsToJson } from './settings.ts';
import type { SimulatorControl } from './simulator-control.ts';

const MAX_CONTROL_BYTES = 1024 * 1024;

interface Reply {
  status: number;
  body?: unknown;
}

function notFound(field: string, message: string): never {
  throw new ControlError(404, [{ field, message }]);
}

function route(control: SimulatorControl, method: string, path: readonly string[], body: unknown): Reply {
  const [resource, id] = path;
  switch (`${method} ${resource}${id === undefined ? '' : '/:id'}`) {
    case 'GET faults':
      return { status: 200, body: control.listFaults() };
    case 'POST faults':
      return Array.isArray(body)
        ? { status: 201, body: body.map((fault) => control.addFault(fault as FaultInput)) }
        : { status: 201, body: control.addFault(body as FaultInput) };
    case 'DELETE faults':
      control.clearFaults();
      return { status: 204 };
    case 'GET faults/:id': {
      const fault = control.listFaults().find((candidate) => candidate.id === id) ?? notFound('id', `no fault ${id}`);
      return { status: 200, body: fault };
    }
    case 'PUT faults/:id':
      return { status: 200, body: control.replaceFault(id as string, body as FaultInput) };
    case 'DELETE faults/:id':
      return control.deleteFault(id as string) ? { status: 204 } : notFound('id', `no fault ${id}`);
    case 'GET requests':
      return { status: 200, body: control.requests() };
    case 'DELETE requests':
      control.clearRequests();
      return { status: 204 };
    case 'GET settings':
      return { status: 200, body: settingsToJson(control.settings()) };
    case 'PUT settings':
      return { status: 200, body: settingsToJson(control.updateSettings(body as SettingsPatch)) };
    case 'POST reset':
      control.reset();
      return { status: 204 };
    default:
      return notFound('(path)', 'faults, requests, settings and reset are here');
  }
}

/** Serves `/_control/…`; wrong input is answered 400 with the fields at fault. */
export async function serveControl(
  control: SimulatorControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let reply: Reply;
  try {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.split('/').slice(2).map(decodeURIComponent);
    const text = (await readBody(request, MAX_CONTROL_BYTES)).toString('utf8');
    let body: unknown;
    try {
      body = text === '' ? {} : JSON.parse(text);
    } catch (error) {
      throw new ControlError(400, [{ field: '(body)', message: `not JSON: ${(error as Error).message}` }]);
    }
    reply = route(
      control,
      request.method ?? 'GET',
      path.filter((part) => part !== ''),
      body,
    );
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    reply = { status: error.status, body: { error: { message: error.message, issues: error.issues } } };
  }
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}
