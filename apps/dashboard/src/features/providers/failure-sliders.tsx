import { NumberInput, SegmentedControl, Slider, Switch } from '@mantine/core';
import { formatDuration } from '../../format/number-format.ts';
import classes from './failure-sliders.module.css';
import { type FailureLevers, failureStatuses } from './simulated-failure.ts';

interface Props {
  levers: FailureLevers;
  onChange(levers: FailureLevers): void;
}

/** Latency in steps that grow: fine below a second, coarse up to half a minute. */
const latencySteps = [0, 100, 250, 500, 1000, 2000, 3000, 5000, 8000, 12_000, 20_000, 30_000];

function nearestStep(ms: number): number {
  let best = 0;
  for (const [index, step] of latencySteps.entries())
    if (Math.abs(step - ms) < Math.abs((latencySteps[best] ?? 0) - ms)) best = index;
  return best;
}

/** One lever for each way to fail. */
export function FailureSliders({ levers, onChange }: Props) {
  const set = (change: Partial<FailureLevers>) => onChange({ ...levers, ...change });
  const percent = Math.round(levers.errorRate * 100);
  return (
    <div className={classes.levers}>
      <div className={classes.lever}>
        <div className={classes.head}>
          <span>Calls that fail</span>
          <output className={classes.value}>{percent} %</output>
        </div>
        <Slider
          min={0}
          max={100}
          step={5}
          value={percent}
          label={null}
          thumbLabel="Share of calls that fail, in percent"
          onChange={(value) => set({ errorRate: value / 100 })}
        />
        <SegmentedControl
          mt={10}
          size="xs"
          fullWidth
          aria-label="Status of the errors"
          value={String(levers.status)}
          data={failureStatuses.map(({ status, meaning }) => ({
            value: String(status),
            label: `${status} ${meaning}`,
          }))}
          onChange={(value) => set({ status: Number(value) })}
          classNames={{ root: classes.statuses }}
        />
      </div>
      <div className={classes.lever}>
        <div className={classes.head}>
          <span>Added latency</span>
          <output className={classes.value}>
            {levers.latencyMs === 0 ? 'none' : formatDuration(levers.latencyMs)}
          </output>
        </div>
        <Slider
          min={0}
          max={latencySteps.length - 1}
          step={1}
          value={nearestStep(levers.latencyMs)}
          label={null}
          thumbLabel="Added latency"
          thumbProps={{ 'aria-valuetext': formatDuration(levers.latencyMs) }}
          onChange={(value) => set({ latencyMs: latencySteps[value] ?? 0 })}
        />
      </div>
      <Switch
        label="Outage"
        description="Every call is cut off without an answer, the connection test too"
        checked={levers.isOut}
        onChange={(event) => set({ isOut: event.currentTarget.checked })}
      />
      <div className={classes.row}>
        <Optional
          label="Tokens per second"
          placeholder="as usual"
          min={0.5}
          max={10_000}
          value={levers.tokensPerSecond}
          onChange={(tokensPerSecond) => set({ tokensPerSecond })}
        />
        <Optional
          label="Cut after tokens"
          placeholder="never"
          min={0}
          max={100_000}
          value={levers.cutAfterTokens}
          onChange={(cutAfterTokens) => set({ cutAfterTokens })}
        />
        <Optional
          label="Silent after tokens"
          placeholder="never"
          min={0}
          max={100_000}
          value={levers.stallAfterTokens}
          onChange={(stallAfterTokens) => set({ stallAfterTokens })}
        />
      </div>
    </div>
  );
}

interface OptionalProps {
  label: string;
  placeholder: string;
  min: number;
  max: number;
  value: number | null;
  onChange(value: number | null): void;
}

function Optional({ value, onChange, ...rest }: OptionalProps) {
  return (
    <NumberInput
      {...rest}
      size="sm"
      hideControls
      clampBehavior="strict"
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}
