import { Prisma } from '../generated/prisma/client.ts';
import { currentScope } from '../observability/request-scope.ts';

/** A request of one team was about to touch a row of another one: a fault of ours, never of who asks. */
export class TenantWallError extends Error {
  override readonly name = 'TenantWallError';

  constructor(model: string, operation: string) {
    super(`${model}.${operation} reached for another team than the request's.`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Memberships and invitations are looked through by person, across teams, to know where somebody may go. */
const walledByCode = new Set(['Member', 'Invitation']);

/** Models with a team, and whether a row may belong to the installation instead. */
const walled: ReadonlyMap<string, 'team' | 'team-or-installation'> = new Map(
  Object.keys(Prisma.ModelName).flatMap((model) => {
    const fields = (Prisma as unknown as Record<string, Fields | undefined>)[`${model}ScalarFieldEnum`];
    if (fields?.teamId === undefined || walledByCode.has(model)) return [];
    return [[model, model.startsWith('Health') ? 'team-or-installation' : 'team'] as const];
  }),
);

/** Models by the client's property for them. */
const modelOf: ReadonlyMap<PropertyKey, string> = new Map(
  [...walled.keys()].map((model) => [model.charAt(0).toLowerCase() + model.slice(1), model]),
);

/** The only Health tables whose rows always have a team. */
const alwaysTeam = new Set(['HealthMaintenance', 'HealthProbe']);

/**
 * The second wall between teams, behind the conditions that every query writes itself: within a request of a team, what
 * is read, changed or deleted through the returned client is held to that team, and writing a row for another one
 * throws {@link TenantWallError}. What belongs to no request (workers, sign-in) and `acrossTeams` is not held; neither
 * are raw statements, which name their team themselves, nor keepers of what all teams have, which get the client without
 * the wall: within a request they would see one team only.
 */
export function withTenantWall<Client extends object>(client: Client): Client {
  const walls = new Map<PropertyKey, object>();
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      const model = modelOf.get(name);
      if (model !== undefined) {
        const wall = walls.get(name) ?? wallOf(value as object, model);
        walls.set(name, wall);
        return wall;
      }
      if (typeof value !== 'function') return value;
      return name === '$transaction' ? transactionOf(target, value as Callable) : value.bind(target);
    },
  });
}

type Callable = (this: unknown, ...args: readonly unknown[]) => unknown;

/** The operations of one model. Prisma's own extensions would do, but they cost each query some percent. */
function wallOf(delegate: object, model: string): object {
  const held = new Map<PropertyKey, Callable>();
  return new Proxy(delegate, {
    get(target, operation) {
      const known = held.get(operation);
      if (known) return known;
      const run: unknown = Reflect.get(target, operation);
      if (typeof run !== 'function' || typeof operation !== 'string' || operation.startsWith('$')) return run;
      const call: Callable = (args) => {
        const scope = currentScope();
        const teamId = scope?.isAcrossTeams === true ? undefined : scope?.teamId;
        return run.call(target, teamId === undefined ? args : holdToTeam(model, operation, args as Fields, teamId));
      };
      held.set(operation, call);
      return call;
    },
  });
}

/** A transaction that is given a function gives it a client behind the wall. */
function transactionOf(client: object, begin: Callable): Callable {
  return (work, ...options) =>
    begin.call(
      client,
      typeof work === 'function' ? (transaction: object) => work(withTenantWall(transaction)) : work,
      ...options,
    );
}

/** The arguments of an operation with the team's condition added; throws where they name another team. */
export function holdToTeam(model: string, operation: string, args: Fields | undefined, teamId: string): Fields {
  const refuse = () => {
    throw new TenantWallError(model, operation);
  };
  const mayBeNobodys = walled.get(model) === 'team-or-installation' && !alwaysTeam.has(model);
  const assertOwn = (data: unknown) => {
    for (const row of Array.isArray(data) ? data : [data]) {
      if (typeof row !== 'object' || row === null) continue;
      const { teamId: given, team } = row as { teamId?: unknown; team?: { connect?: { id?: unknown } } };
      const other = given === undefined ? team?.connect?.id : given;
      if (other === undefined || other === teamId || (other === null && mayBeNobodys)) continue;
      refuse();
    }
  };
  const held: Record<string, unknown> = { ...args };
  assertOwn(held.data);
  if (operation === 'upsert') {
    assertOwn(held.create);
    assertOwn(held.update);
  }
  if (operation.startsWith('create')) return held;
  const where = (held.where ?? {}) as Fields;
  if (where.teamId === teamId || namesTeam(where, teamId)) return held;
  if (typeof where.teamId === 'string') refuse();
  if (!mayBeNobodys && where.teamId === undefined) return { ...held, where: { ...where, teamId } };
  const own = mayBeNobodys ? { OR: [{ teamId }, { teamId: null }] } : { teamId };
  const others = where.AND === undefined ? [] : [where.AND].flat();
  return { ...held, where: { ...where, AND: [...others, own] } };
}

/** Whether a compound key in the condition names the team already. */
function namesTeam(where: Fields, teamId: string): boolean {
  for (const value of Object.values(where)) {
    if (typeof value === 'object' && value !== null && (value as Fields).teamId === teamId) return true;
  }
  return false;
}
