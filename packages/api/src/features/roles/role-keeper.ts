import type { ProviderRegistry } from '../providers/provider-registry.ts';
import type { RoleRepository, StoredRoles } from './role.repository.ts';
import { buildTeamRoles, type TeamRoles } from './team-roles.ts';

/**
 * The roles of all teams as they are now, in memory: looking one up asks nobody. `reload` at the start, right after a
 * change here, and every second for changes made in other processes.
 */
export class RoleKeeper {
  readonly repository: RoleRepository;
  readonly #providers: ProviderRegistry;
  #stored: StoredRoles = { roles: [], defaults: new Map(), revision: -1n };
  #teams = new Map<string, TeamRoles>();
  /** The configuration that the teams' roles were built with. */
  #builtWith: object | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(repository: RoleRepository, providers: ProviderRegistry) {
    this.repository = repository;
    this.#providers = providers;
  }

  /** A team's roles. A caller that needs several answers of one moment keeps them. */
  of(teamId: string): TeamRoles {
    const { configuration, fileName } = this.#providers.snapshot;
    if (configuration !== this.#builtWith) {
      this.#teams = new Map();
      this.#builtWith = configuration;
    }
    const known = this.#teams.get(teamId);
    if (known) return known;
    const own = this.#stored.roles.filter((stored) => stored.teamId === teamId);
    const built = buildTeamRoles(own, this.#stored.defaults.get(teamId), configuration, fileName);
    this.#teams.set(teamId, built);
    return built;
  }

  /** Reads the rows if one changed since the last look, in this process or another. */
  reload(): Promise<void> {
    const result = this.#last.then(async () => {
      if ((await this.repository.readRevision()) === this.#stored.revision) return;
      this.#stored = await this.repository.list();
      this.#teams = new Map();
    });
    this.#last = result.catch(() => {});
    return result;
  }
}
