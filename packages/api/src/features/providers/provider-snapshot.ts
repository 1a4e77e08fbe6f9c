import { builtInModels, type CatalogModel, findBuiltInModel } from '@switchyard/core/catalog';
import { type CircuitSettings, defaultCircuitSettings } from '@switchyard/core/policies';
import type { Configuration } from '@switchyard/core/provisioning';
import { isPlaceholder } from './build-providers.ts';
import { describeUnknownModel } from './describe-model.ts';
import type { ProviderInstance } from './provider-instance.ts';

/** What a provider snapshot is made of. */
export interface SnapshotParts {
  /** Of the whole installation, in the order in which people see them. */
  readonly installation: readonly ProviderInstance[];
  /** Of teams, each with its team's id. */
  readonly ofTeams: readonly ProviderInstance[];
  readonly configuration: Configuration;
  /** Name of the configuration file, for people. */
  readonly fileName: string;
}

/** All providers as they stood at one moment. Immutable: a change makes another one, swapped in whole. */
export class ProviderSnapshot {
  readonly installation: readonly ProviderInstance[];
  readonly ofTeams: readonly ProviderInstance[];
  readonly configuration: Configuration;
  readonly fileName: string;
  readonly circuitSettings: CircuitSettings;
  readonly #byTeam: ReadonlyMap<string, TeamView>;
  readonly #shared: TeamView;
  readonly #byId: ReadonlyMap<string, ProviderInstance>;

  constructor({ installation, ofTeams, configuration, fileName }: SnapshotParts) {
    this.installation = installation;
    this.ofTeams = ofTeams;
    this.configuration = configuration;
    this.fileName = fileName;
    this.circuitSettings = { ...defaultCircuitSettings, ...configuration.defaults.circuit };
    this.#shared = viewOf(installation, []);
    const teamIds = new Set(ofTeams.map(({ teamId }) => teamId ?? ''));
    this.#byTeam = new Map(
      [...teamIds].map((teamId) => {
        const own = ofTeams.filter((instance) => instance.teamId === teamId);
        return [teamId, viewOf(installation, own)];
      }),
    );
    this.#byId = new Map([...installation, ...ofTeams].map((instance) => [instance.id, instance]));
  }

  /** What a team may see: the installation's and its own. */
  instancesOf(teamId: string): readonly ProviderInstance[] {
    return this.#viewOf(teamId).all;
  }

  /** By the provider's id as it stands in model names. */
  findBySlug(teamId: string, slug: string): ProviderInstance | undefined {
    return this.#viewOf(teamId).bySlug.get(slug);
  }

  /** By the id that is unique over all teams; another team's is not found. */
  findById(teamId: string, id: string): ProviderInstance | undefined {
    const instance = this.#byId.get(id);
    return instance && (instance.teamId ?? teamId) === teamId ? instance : undefined;
  }

  /** Whatever team it belongs to: for limits and circuits, never for answers to people. */
  findInstance(instanceId: string): ProviderInstance | undefined {
    return this.#byId.get(instanceId);
  }

  /** The models that an instance offers, in catalogue order; `listed` are the names that the vendor listed. */
  modelsOf(instance: ProviderInstance, listed: readonly string[]): readonly CatalogModel[] {
    const configured = new Map(instance.configuredModels.map((model) => [model.vendorModelId, model]));
    const known = isOfCatalogue(instance) ? builtInModels.filter((model) => model.providerType === instance.type) : [];
    const names = new Set(known.map((model) => model.vendorModelId));
    const added = instance.configuredModels.filter((model) => !names.has(model.vendorModelId));
    for (const { vendorModelId } of added) names.add(vendorModelId);
    const extra = listed.filter((name) => !names.has(name));
    return [
      ...known.map((model) => configured.get(model.vendorModelId) ?? model),
      ...added,
      ...extra.map((name) => describeUnknownModel(instance, name)),
    ];
  }

  /** One model of an instance, without making the whole list. */
  findModel(instance: ProviderInstance, vendorModelId: string, listed: readonly string[]): CatalogModel | undefined {
    return (
      instance.configuredModels.find((model) => model.vendorModelId === vendorModelId) ??
      (isOfCatalogue(instance) ? findBuiltInModel(instance.type, vendorModelId) : undefined) ??
      (listed.includes(vendorModelId) ? describeUnknownModel(instance, vendorModelId) : undefined)
    );
  }

  #viewOf(teamId: string): TeamView {
    return this.#byTeam.get(teamId) ?? this.#shared;
  }
}

/** The catalogue's models of type `custom` are the simulator's own; a real custom endpoint serves others. */
function isOfCatalogue({ type, origin }: ProviderInstance): boolean {
  return type !== 'custom' || origin === 'simulated';
}

interface TeamView {
  readonly all: readonly ProviderInstance[];
  readonly bySlug: ReadonlyMap<string, ProviderInstance>;
}

/** A team's own provider takes the place of one that nobody has set up; it never takes the place of a real one. */
function viewOf(installation: readonly ProviderInstance[], own: readonly ProviderInstance[]): TeamView {
  const ownSlugs = new Set(own.map(({ slug }) => slug));
  const shared = installation.filter((instance) => !(isPlaceholder(instance) && ownSlugs.has(instance.slug)));
  return {
    all: [...shared, ...own],
    // The installation's come last, so that they win.
    bySlug: new Map([...own, ...shared].map((instance) => [instance.slug, instance])),
  };
}
