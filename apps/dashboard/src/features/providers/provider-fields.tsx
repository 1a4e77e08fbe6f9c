import { Checkbox, PasswordInput, Radio, TagsInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ProviderFieldsFragment, ProviderType } from '../../gql/providers.ts';
import classes from './provider-drawer.module.css';
import { isEndpointChanged, type ProviderFormValues, withType } from './provider-form-values.ts';
import { factsOfType, providerTypes } from './provider-types.ts';

interface Props {
  form: UseFormReturnType<ProviderFormValues>;
  provider: ProviderFieldsFragment | undefined;
  takenSlugs: ReadonlySet<string>;
  /** What the provider said that it has, for choosing. */
  listedModels: readonly string[];
}

/** What every provider needs: kind, id, endpoint, key, and for an endpoint of one's own its models. */
export function ProviderFields({ form, provider, takenSlugs, listedModels }: Props) {
  const values = form.values;
  const facts = factsOfType(values.type);
  const isMoved = provider !== undefined && isEndpointChanged(values, provider);
  const dropped = provider
    ? [
        provider.hasKey && values.apiKey === '' && 'key',
        provider.headerNames.length > 0 && !values.areHeadersReplaced && 'headers',
      ].filter(Boolean)
    : [];
  return (
    <>
      {provider ? null : (
        <Radio.Group
          label="Kind of provider"
          value={values.type}
          onChange={(type) => form.setValues(withType(values, type as ProviderType, takenSlugs))}
          error={form.errors.type}
        >
          <div className={classes.types}>
            {providerTypes.map(({ type, label, explanation }) => (
              <Radio.Card key={type} value={type} className={classes.type}>
                <span className={classes.typeName}>{label}</span>
                <span className={classes.typeText}>{explanation}</span>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
      )}
      <TextInput
        label="Id"
        description={
          provider
            ? 'Stays as it is: models are called by it.'
            : `Models will be called ${values.slug || 'id'}/model. Lower-case letters, digits and dashes; it stays.`
        }
        disabled={provider !== undefined}
        maxLength={40}
        {...form.getInputProps('slug')}
      />
      <TextInput label="Name" placeholder={facts.label} maxLength={60} {...form.getInputProps('displayName')} />
      <TextInput
        label="Endpoint"
        description={facts.baseUrl ? `Empty: ${facts.baseUrl}` : 'For example https://api.groq.com/openai/v1'}
        placeholder={facts.baseUrl ?? 'https://…'}
        inputMode="url"
        spellCheck={false}
        {...form.getInputProps('baseUrl')}
      />
      {isMoved && dropped.length > 0 ? (
        <p className={classes.warning} role="status">
          The stored {dropped.join(' and ')} will be dropped: {dropped.length > 1 ? 'they belong' : 'it belongs'} to the
          old endpoint and must not be sent to another one. Type {dropped.includes('key') ? 'the key' : 'them'} again to
          keep using it.
        </p>
      ) : null}
      <PasswordInput
        label="Key"
        description={keyHint(provider, facts.needsKey)}
        placeholder={provider?.hasKey ? '•••• stays as it is' : ''}
        autoComplete="off"
        disabled={values.isKeyRemoved}
        visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
        {...form.getInputProps('apiKey')}
      />
      {provider?.hasKey ? (
        <Checkbox label="Remove the stored key" {...form.getInputProps('isKeyRemoved', { type: 'checkbox' })} />
      ) : null}
      <TagsInput
        label="Models"
        description={
          values.type === 'CUSTOM' || values.type === 'OLLAMA'
            ? 'The provider’s own names, each with Enter. Test the connection to choose from what it lists.'
            : 'Only what the catalogue does not know yet; its known models are offered anyway.'
        }
        placeholder={values.models.length === 0 ? 'none' : ''}
        data={[...listedModels]}
        maxDropdownHeight={220}
        acceptValueOnBlur
        clearable
        {...form.getInputProps('models')}
      />
    </>
  );
}

function keyHint(provider: ProviderFieldsFragment | undefined, needsKey: boolean): string {
  if (provider?.hasKey)
    return `A key${provider.keyLastFour ? ` ending in ${provider.keyLastFour}` : ''} is kept. Type a new one to replace it.`;
  return `Kept encrypted and never shown again.${needsKey ? '' : ' Leave it empty when the endpoint wants none.'}`;
}
