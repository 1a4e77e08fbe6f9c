import { Tooltip } from '@mantine/core';
import { IconBraces, IconBrain, IconPhoto, IconTool } from '@tabler/icons-react';
import classes from './capability-icons.module.css';

interface Capabilities {
  vision: boolean;
  tools: boolean;
  json: boolean;
  reasoning: boolean;
}

const signs = [
  { key: 'vision', label: 'Takes images', icon: IconPhoto },
  { key: 'tools', label: 'Calls tools', icon: IconTool },
  { key: 'json', label: 'Structured output (JSON)', icon: IconBraces },
  { key: 'reasoning', label: 'Reasons before it answers', icon: IconBrain },
] as const;

/** Four places, always the same order; what a model cannot do is left faint so that columns line up. */
export function CapabilityIcons({ capabilities, size = 15 }: { capabilities: Capabilities; size?: number }) {
  const able = signs.filter(({ key }) => capabilities[key]).map(({ label }) => label);
  return (
    <span className={classes.icons} role="img" aria-label={able.length > 0 ? able.join(', ') : 'Text only'}>
      {signs.map(({ key, label, icon: Icon }) =>
        capabilities[key] ? (
          <Tooltip key={key} label={label}>
            <Icon size={size} stroke={1.7} aria-hidden="true" />
          </Tooltip>
        ) : (
          <Icon key={key} size={size} stroke={1.7} className={classes.absent} aria-hidden="true" />
        ),
      )}
    </span>
  );
}
