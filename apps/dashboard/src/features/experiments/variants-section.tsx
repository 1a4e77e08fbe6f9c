'use client';

import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { isMap, type Json, type JsonMap } from './definition.ts';
import { useDraft } from './draft-context.ts';
import classes from './editor.module.css';
import { Section } from './section.tsx';
import { VariantCard } from './variant-card.tsx';

const most = 8;

/** A key that is not taken yet: a, b, c, … */
function nextKey(taken: readonly unknown[]): string {
  const free = [...'abcdefghijklmnopqrstuvwxyz'].find((letter) => !taken.includes(letter));
  return free ?? `variant-${taken.length + 1}`;
}

/** Who is compared: two to eight variants, one of them the baseline. */
export function VariantsSection({ fieldNames }: { fieldNames: readonly string[] }) {
  const { definition, problems, isReadOnly, set, setAll } = useDraft();
  const choices = useModelChoices();
  const list: readonly Json[] = Array.isArray(definition.variants) ? definition.variants : [];
  const variants: readonly JsonMap[] = list.map((each) => (isMap(each) ? each : {}));
  const isLive = isMap(definition.source) && definition.source.type === 'live-split';
  const add = () => {
    const last = variants.at(-1);
    const key = nextKey(variants.map((variant) => variant.key));
    const { name: _name, ...like } = last ?? {};
    set(['variants'], [...variants, { ...like, key }]);
  };
  const rename = (index: number, key: string) => {
    const isBaseline = definition.baseline === variants[index]?.key;
    setAll([[['variants', index, 'key'], key], ...(isBaseline ? [[['baseline'], key] as const] : [])]);
  };
  const own = problems.filter(({ path }) => path.join('.') === 'variants' || path.join('.') === 'baseline');
  return (
    <Section
      number={2}
      title="Who is compared"
      note="Two to eight variants. The others are compared with the baseline; whatever they do not say is alike."
      place="variants"
      problems={own}
    >
      <ul className={classes.cards} aria-label="Variants">
        {variants.map((variant, index) => (
          <VariantCard
            key={index}
            variant={variant}
            index={index}
            choices={choices}
            fieldNames={fieldNames}
            isLive={isLive}
            isBaseline={definition.baseline === variant.key}
            isRemovable={variants.length > 2}
            onRename={(key) => rename(index, key)}
            onMakeBaseline={() => set(['baseline'], typeof variant.key === 'string' ? variant.key : '')}
            onRemove={() => set(['variants', index], undefined)}
          />
        ))}
      </ul>
      {isReadOnly ? null : (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} />}
          disabled={variants.length >= most}
          onClick={add}
        >
          Add a variant
        </Button>
      )}
    </Section>
  );
}
