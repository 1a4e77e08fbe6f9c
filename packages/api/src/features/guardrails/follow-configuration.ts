import type { Services } from '../../container.ts';
import { actAs } from '../../observability/acting.ts';
import type { ConfigurationStatus } from '../provisioning/configuration-file.ts';

/** Takes over the budgets and alert channels of the configuration file, now and whenever the file changes. */
export async function followConfiguration({
  provisioner,
  fileBudgets,
  alerts,
}: Pick<Services, 'provisioner' | 'fileBudgets' | 'alerts'>): Promise<void> {
  const take = async ({ configuration, fileName }: ConfigurationStatus) => {
    alerts.setFileChannels(configuration.alertChannels, fileName);
    const reason = `What ${fileName ?? 'the configuration'} says.`;
    await actAs({ kind: 'FILE', action: 'applyConfiguration', reason }, () => fileBudgets.apply(configuration.budgets));
  };
  provisioner.onConfiguration(take);
  await take(provisioner.file.status);
}
