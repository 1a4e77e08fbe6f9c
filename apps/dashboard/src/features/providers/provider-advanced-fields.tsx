import { Accordion, ActionIcon, Button, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ProviderFieldsFragment } from '../../gql/providers.ts';
import classes from './provider-drawer.module.css';
import type { ProviderFormValues } from './provider-form-values.ts';

type Form = UseFormReturnType<ProviderFormValues>;

const limitFields = [
  { name: 'limits.maxConcurrent', label: 'Calls at a time', placeholder: 'any number' },
  { name: 'limits.maxQueued', label: 'Calls that may wait', placeholder: 'as usual' },
  { name: 'limits.requestsPerMinute', label: 'Calls per minute', placeholder: 'any number' },
  { name: 'limits.tokensPerMinute', label: 'Tokens per minute', placeholder: 'any number' },
] as const;
const retryFields = [
  { name: 'retry.maxAttempts', label: 'Tries of one model', placeholder: 'as for all', suffix: '' },
  {
    name: 'retry.patienceMs',
    label: 'Longest wait when another could answer',
    placeholder: 'as for all',
    suffix: ' ms',
  },
  { name: 'deadlines.firstTokenMs', label: 'Until the first token', placeholder: 'as for all', suffix: ' ms' },
  { name: 'deadlines.idleMs', label: 'Between two tokens', placeholder: 'as for all', suffix: ' ms' },
  { name: 'deadlines.totalMs', label: 'Until the whole answer', placeholder: 'as for all', suffix: ' ms' },
] as const;

/** Headers, limits, retries and deadlines: folded away, because most providers need none. */
export function ProviderAdvancedFields({
  form,
  provider,
}: {
  form: Form;
  provider: ProviderFieldsFragment | undefined;
}) {
  const hasErrors = Object.keys(form.errors).some((name) => /^(limits|retry|deadlines|headers)/.test(name));
  return (
    <Accordion
      variant="separated"
      defaultValue={hasErrors ? 'advanced' : null}
      {...(hasErrors ? { value: 'advanced' } : {})}
    >
      <Accordion.Item value="advanced">
        <Accordion.Control>Advanced</Accordion.Control>
        <Accordion.Panel>
          <div className={classes.numbers} style={{ gridTemplateColumns: '1fr', gap: 20 }}>
            <Headers form={form} provider={provider} />
            <fieldset className={classes.group}>
              <legend>Limits</legend>
              <p className={classes.note}>More calls than this wait for a place.</p>
              <div className={classes.numbers}>
                {limitFields.map(({ name, ...rest }) => (
                  <NumberInput
                    key={name}
                    {...rest}
                    min={0}
                    hideControls
                    allowDecimal={false}
                    thousandSeparator=","
                    {...form.getInputProps(name)}
                  />
                ))}
              </div>
            </fieldset>
            <fieldset className={classes.group}>
              <legend>Retries and deadlines</legend>
              <p className={classes.note}>For this provider, in place of what holds for all.</p>
              <div className={classes.numbers}>
                {retryFields.map(({ name, ...rest }) => (
                  <NumberInput
                    key={name}
                    {...rest}
                    min={0}
                    hideControls
                    allowDecimal={false}
                    thousandSeparator=","
                    {...form.getInputProps(name)}
                  />
                ))}
              </div>
            </fieldset>
          </div>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Headers({ form, provider }: { form: Form; provider: ProviderFieldsFragment | undefined }) {
  const { headers, areHeadersReplaced } = form.values;
  const add = () => form.insertListItem('headers', { name: '', value: '' });
  return (
    <fieldset className={classes.group}>
      <legend>Extra headers</legend>
      {areHeadersReplaced ? (
        <>
          <p className={classes.note}>Sent with every call; values are kept like keys and never shown again.</p>
          {headers.map((_, index) => (
            <div
              // Rows have no identity beyond their place.
              key={String(index)}
              className={classes.header}
            >
              <TextInput
                aria-label={`Name of header ${index + 1}`}
                placeholder="x-tenant"
                spellCheck={false}
                {...form.getInputProps(`headers.${index}.name`)}
              />
              <PasswordInput
                aria-label={`Value of header ${index + 1}`}
                autoComplete="off"
                visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
                {...form.getInputProps(`headers.${index}.value`)}
              />
              <ActionIcon
                aria-label={`Remove header ${index + 1}`}
                onClick={() => form.removeListItem('headers', index)}
              >
                <IconX size={15} />
              </ActionIcon>
            </div>
          ))}
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={add}>
            Add a header
          </Button>
        </>
      ) : (
        <>
          <p className={classes.note}>
            Sent with every call: {provider?.headerNames.join(', ')}. Values are never shown again.
          </p>
          <Button variant="subtle" size="compact-sm" onClick={() => form.setFieldValue('areHeadersReplaced', true)}>
            Replace them
          </Button>
        </>
      )}
    </fieldset>
  );
}
