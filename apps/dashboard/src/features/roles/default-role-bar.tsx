'use client';

import { Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from 'urql';
import { SetDefaultRoleDocument } from '../../gql/roles.ts';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { nameOfModel, type RoleView } from './role-view.ts';
import classes from './roles-page.module.css';

interface Props {
  roles: readonly RoleView[];
  choices: ModelChoices;
  mayManage: boolean;
}

/** No role can have this name. */
const nobody = '-';

/** Which role stands in for roles without models, and when all of a role's own fail. */
export function DefaultRoleBar({ roles, choices, mayManage }: Props) {
  const [{ fetching }, choose] = useMutation(SetDefaultRoleDocument);
  const current = roles.find(({ isDefault }) => isDefault);
  const able = roles.filter(({ models }) => models.length > 0);
  const store = async (name: string | null) => {
    const { data, error } = await choose({ input: name === null ? {} : { name } });
    const result = data?.setDefaultRole;
    if (result?.__typename !== 'SetDefaultRoleSuccess')
      return notifications.show({ color: 'red', message: refusalText(result, error) });
    notifications.show({
      message: name === null ? 'No role of yours stands in from now on.' : `${name} stands in from the next call on.`,
    });
  };
  return (
    <section className={classes.default} aria-labelledby="default-role">
      <div className={classes.defaultWords}>
        <h2 id="default-role">Who stands in</h2>
        <p>
          {current
            ? `A role without models, or whose models all fail, is answered as ${current.name}: ${current.models
                .map(({ model }) => nameOfModel(model, choices))
                .join(', then ')}. A strict role is not.`
            : 'Nobody: a role without models leaves it to the router, which chooses as for auto and says why.'}
        </p>
      </div>
      <Select
        aria-label="Default role"
        w={280}
        maw="100%"
        disabled={!mayManage || fetching || able.length === 0}
        data={[
          { value: nobody, label: 'Nobody: the router chooses' },
          ...able.map(({ name }) => ({ value: name, label: name })),
        ]}
        value={current?.name ?? nobody}
        allowDeselect={false}
        onChange={(value) => store(value === nobody ? null : value)}
      />
    </section>
  );
}
