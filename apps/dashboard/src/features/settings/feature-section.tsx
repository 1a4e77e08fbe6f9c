'use client';

import { Select, Switch, Tooltip } from '@mantine/core';
import cardClasses from '../../shell/card.module.css';
import classes from './settings.module.css';
import type { SectionProps, Settings } from './settings-tab.tsx';
import { useSaveSettings } from './use-save-settings.ts';

const words: Readonly<Record<string, { label: string; hint: string }>> = {
  'workflow.multiModel': {
    label: 'Several models in one step of a workflow',
    hint: 'Steps that ask many models and choose or join their answers.',
  },
  'models.adaptiveRouting': {
    label: 'Adaptive routing',
    hint: 'The router learns from outcomes which model is best for a kind of task.',
  },
};

/** What the team switched on and off, and what happens with models that have no price. */
export function FeatureSection({ settings, managing, onSaved }: SectionProps) {
  const { run, problems, isSaving } = useSaveSettings(onSaved);
  const isLocked = !managing.isAllowed;
  const choiceOf = ({ own }: Settings['features'][number]) => (own === null ? 'as' : own ? 'on' : 'off');
  return (
    <section className={cardClasses.card} aria-labelledby="features-title">
      <h2 id="features-title">Features and prices</h2>
      {settings.features.map((feature) => {
        const { label, hint } = words[feature.name] ?? { label: feature.name, hint: '' };
        return (
          <div key={feature.name} className={classes.row}>
            <p className={classes.words} style={{ margin: 0 }}>
              <strong>{label}</strong>
              <span>
                {hint} {feature.isOn ? 'On now.' : 'Off now.'}
                {feature.isOnInInstallation ? '' : ' The installation switched it off, so it stays off.'}
              </span>
            </p>
            <Tooltip label={managing.reason} disabled={!isLocked} multiline maw={280}>
              <div>
                <Select
                  aria-label={label}
                  w={190}
                  allowDeselect={false}
                  disabled={isLocked || isSaving || !feature.isOnInInstallation}
                  data={[
                    { value: 'as', label: 'As the installation' },
                    { value: 'on', label: 'On' },
                    { value: 'off', label: 'Off' },
                  ]}
                  value={choiceOf(feature)}
                  onChange={(value) =>
                    run(
                      { features: [{ name: feature.name, isOn: value === 'as' ? null : value === 'on' }] },
                      `${label}: saved.`,
                    )
                  }
                />
              </div>
            </Tooltip>
          </div>
        );
      })}
      <div className={classes.row}>
        <p className={classes.words} style={{ margin: 0 }}>
          <strong>Models without a price</strong>
          <span>
            {settings.unpricedModels === 'REFUSE'
              ? 'They are not called until somebody sets a price, so that no call costs an unknown amount.'
              : 'They are called; what they cost is told as unknown, never as nothing.'}
          </span>
        </p>
        <Switch
          label="Refuse them"
          checked={settings.unpricedModels === 'REFUSE'}
          disabled={isLocked || isSaving}
          onChange={(event) =>
            run(
              { unpricedModels: event.currentTarget.checked ? 'REFUSE' : 'ALLOW' },
              event.currentTarget.checked
                ? 'Models without a price are refused now.'
                : 'Models without a price are called.',
            )
          }
        />
      </div>
      {problems.form ? <p className={classes.consequence}>{problems.form}</p> : null}
    </section>
  );
}
