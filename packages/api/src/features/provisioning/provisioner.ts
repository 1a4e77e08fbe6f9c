import type { ProviderType } from '@switchyard/core/catalog';
import type { Clock, Log } from '@switchyard/core/kernel';
import type { ProviderModel } from '../../generated/prisma/models.ts';
import type { ApiSettings } from '../../settings.ts';
import type { AdapterPool } from '../providers/adapter-pool.ts';
import { allowedTypes, buildProviders, isPlaceholder } from '../providers/build-providers.ts';
import { buildTeamProviders } from '../providers/build-team-providers.ts';
import type { CredentialVault } from '../providers/credential-vault.ts';
import type { ProviderRepository } from '../providers/provider.repository.ts';
import type { ProviderRegistry } from '../providers/provider-registry.ts';
import { ProviderSnapshot } from '../providers/provider-snapshot.ts';
import {
  type ConfigurationFile,
  type ConfigurationReading,
  type ConfigurationStatus,
  describeProblem,
} from './configuration-file.ts';
import { assertApplied } from './read-configuration-file.ts';
import { watchFile } from './watch-file.ts';

export interface ProvisionerParts {
  readonly settings: Pick<ApiSettings, 'providers' | 'allowedProviders' | 'allowsPrivateNetworks'>;
  readonly simulatorBaseUrls: Readonly<Partial<Record<ProviderType, string>>>;
  readonly file: ConfigurationFile;
  readonly rows: ProviderRepository;
  readonly vault: CredentialVault;
  readonly pool: AdapterPool;
  readonly registry: ProviderRegistry;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps the registry at what environment, file and database say. Changes are taken one after the other; each makes a
 * whole new snapshot and swaps it in.
 */
export class Provisioner {
  readonly #parts: ProvisionerParts;
  #rows: readonly ProviderModel[] = [];
  #revision = -1n;
  #last: Promise<unknown> = Promise.resolve();
  #stopWatching: (() => void) | undefined;
  #followers: readonly ((status: ConfigurationStatus) => Promise<void>)[] = [];

  constructor(parts: ProvisionerParts) {
    this.#parts = parts;
  }

  get file(): ConfigurationFile {
    return this.#parts.file;
  }

  /** Calls `follow` with every configuration that is taken from now on, before the reading counts as done. It never throws. */
  onConfiguration(follow: (status: ConfigurationStatus) => Promise<void>): void {
    this.#followers = [...this.#followers, follow];
  }

  /** Reads everything for the first time and watches the file from then on. Throws `SettingsError` for a bad file. */
  async start(): Promise<void> {
    const { file, clock, log } = this.#parts;
    assertApplied(file, await this.reloadFile());
    await this.reloadRows();
    this.#stopWatching = watchFile(file.status.path, { clock, log }, () => void this.reloadFile());
  }

  /** Ends the watch. */
  stop(): void {
    this.#stopWatching?.();
  }

  /** Reads the file. What is wrong with it is logged and reported; the last good one stays in force. */
  reloadFile(): Promise<ConfigurationReading> {
    return this.#inTurn(async () => {
      const { file, clock, log } = this.#parts;
      const before = file.status;
      const reading = await file.load(clock.nowMs());
      const { fileName, problems } = file.status;
      const lines = problems.map((problem) => describeProblem(fileName, problem));
      const isNews = JSON.stringify(before.problems) !== JSON.stringify(problems);
      if (!reading.isApplied && isNews) {
        log.error({ problems: lines }, 'the configuration file cannot be used; the last good one stays in force');
      }
      if (reading.isChanged) {
        if (lines.length > 0) log.warn({ problems: lines }, 'the configuration file has problems');
        this.#rebuild();
        for (const follow of this.#followers) await follow(file.status);
      }
      return reading;
    });
  }

  /** Reads the rows of the teams if one changed since the last look, in this process or another. */
  reloadRows(): Promise<void> {
    return this.#inTurn(async () => {
      const { rows } = this.#parts;
      if ((await rows.readRevision()) === this.#revision) return;
      const { rows: found, revision } = await rows.list();
      this.#rows = found;
      this.#revision = revision;
      this.#rebuild();
    });
  }

  #rebuild(): void {
    const { settings, simulatorBaseUrls, file, vault, pool, registry } = this.#parts;
    const { configuration, fileName } = file.status;
    const sources = { settings, configuration, fileName, simulatorBaseUrls };
    const installation = buildProviders(sources, pool);
    const takenIds = new Map(
      installation
        .filter((instance) => !isPlaceholder(instance))
        .map(({ slug, source, sourceDetail }) => [slug, sourceDetail ?? source]),
    );
    const rules = {
      vault,
      takenIds,
      allowedTypes: allowedTypes(sources),
      allowsPrivateNetworks: settings.allowsPrivateNetworks,
    };
    const ofTeams = buildTeamProviders(this.#rows, rules, pool);
    pool.sweep();
    registry.replace(new ProviderSnapshot({ installation, ofTeams, configuration, fileName }));
    // The start tests all of them itself, before the first call is taken.
    if (this.#stopWatching) void registry.testAll(true);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
