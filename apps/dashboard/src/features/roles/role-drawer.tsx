'use client';

import { Alert, Button, Checkbox, Code, Drawer, Group, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBolt, IconLock } from '@tabler/icons-react';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { SetRoleDocument } from '../../gql/roles.ts';
import { CopyButton } from '../../shell/copy-button.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { refusalOf } from '../guardrails/refusal-of.ts';
import drawerClasses from '../providers/provider-drawer.module.css';
import { ChangePreviewPanel } from './change-preview.tsx';
import { ParameterFields } from './parameter-fields.tsx';
import classes from './role-drawer.module.css';
import { formOfRole, inputOfForm, isChanged, nameProblem, type RoleForm } from './role-form.ts';
import { RoleLog } from './role-log.tsx';
import { RoleModelsField } from './role-models-field.tsx';
import { RoleUsers } from './role-users.tsx';
import { describeParameters, type RoleView } from './role-view.ts';
import { useOriginOfCalls } from './use-role-data.ts';

interface Props {
  /** Undefined: a new one is made. */
  role: RoleView | undefined;
  roles: readonly RoleView[];
  choices: ModelChoices;
  mayManage: boolean;
  onReload(): void;
  onClose(): void;
}

/** Assigns models to a role; shows what the change would have come to, who uses the role and who changed it. */
export function RoleDrawer({ role, roles, choices, mayManage, onReload, onClose }: Props) {
  const [form, setForm] = useState(() => formOfRole(role));
  const [known, setKnown] = useState(role);
  const [problem, setProblem] = useState<{ message: string; isStale: boolean }>();
  const [nameIssue, setNameIssue] = useState<string>();
  const [modelIssues, setModelIssues] = useState<ReadonlyMap<number, string>>(new Map());
  const [{ fetching }, save] = useMutation(SetRoleDocument);
  const idempotencyKey = useRef(crypto.randomUUID());
  const origin = useOriginOfCalls();
  const models = useMemo(() => form.models.map(({ model }) => model), [form.models]);
  const isOfFile = role?.source === 'FILE';
  const isDisabled = isOfFile || !mayManage;
  const set = (change: Partial<RoleForm>) => {
    setForm((before) => ({ ...before, ...change }));
    setModelIssues(new Map());
    setProblem(undefined);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const issue = role
      ? undefined
      : nameProblem(
          form.name,
          roles.map(({ name }) => name),
        );
    setNameIssue(issue);
    if (issue) return;
    const input = { ...inputOfForm(form, known?.revision ?? 0), idempotencyKey: idempotencyKey.current };
    const { data, error } = await save({ input });
    const result = data?.setRole;
    if (result?.__typename !== 'SetRoleSuccess') {
      if (!error) idempotencyKey.current = crypto.randomUUID();
      const { issues, message } = refusalOf(result, error);
      const ofModels = issues.flatMap(({ path, message: text }) =>
        path[1] === 'models' && path[2] !== undefined ? [[Number(path[2]), text] as const] : [],
      );
      setModelIssues(new Map(ofModels));
      const isStale = result?.__typename === 'ConflictError' && result.code === 'ROLES.CHANGED';
      const rest = issues.filter(({ path }) => path[1] !== 'models' || path[2] === undefined);
      if (ofModels.length === 0 || rest.length > 0)
        setProblem({ message: rest.map((each) => each.message).join(' ') || message, isStale });
      if (isStale) onReload();
      return;
    }
    notifications.show({ message: `${form.name} is set. It holds from the next call on.` });
    onClose();
  };
  const takeTheirs = () => {
    setKnown(role);
    setForm(formOfRole(role));
    setProblem(undefined);
  };

  const parameterWords = describeParameters(form.parameters as Parameters<typeof describeParameters>[0]);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={680}
      title={role ? <RoleTitle name={role.name} /> : 'Make a role'}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: drawerClasses.body }}
    >
      <form onSubmit={submit} noValidate className={drawerClasses.form}>
        <div className={`${drawerClasses.fields} ${classes.sections}`}>
          {isOfFile ? (
            <p className={classes.file}>
              <IconLock size={16} aria-hidden="true" />
              <span>
                Every team has this role from <Code>{role.sourceDetail}</Code>. Change it there, and reload the
                configuration.
              </span>
            </p>
          ) : null}
          {role ? null : (
            <TextInput
              label="Name"
              description="What stands behind role: in workflows and requests. It stays as it is."
              placeholder="legal-reviewer"
              maxLength={64}
              data-autofocus
              value={form.name}
              error={nameIssue}
              onChange={(event) => {
                set({ name: event.currentTarget.value });
                setNameIssue(undefined);
              }}
            />
          )}
          <TextInput
            label="What it is for"
            placeholder="Checks contracts for traps"
            maxLength={500}
            disabled={isDisabled}
            data-autofocus={role && !isDisabled ? true : undefined}
            value={form.description}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
          <section className={classes.section} aria-labelledby="role-order">
            <h3 className={classes.title} id="role-order">
              Who is asked, in this order
            </h3>
            <RoleModelsField
              models={form.models}
              choices={choices}
              isDisabled={isDisabled}
              problems={modelIssues}
              onChange={(next) => set({ models: next })}
            />
            <Checkbox
              label="Strict"
              description="Fails when all of these fail; the default role does not stand in."
              disabled={isDisabled}
              checked={form.isStrict}
              onChange={(event) => set({ isStrict: event.currentTarget.checked })}
            />
          </section>
          {role && origin ? (
            <ChangePreviewPanel roleName={role.name} models={models} choices={choices} origin={origin} />
          ) : null}
          <details className={classes.details}>
            <summary>
              Parameters for all of them
              <span className={classes.hint}>{parameterWords.length > 0 ? parameterWords.join(', ') : 'none set'}</span>
            </summary>
            <ParameterFields
              value={form.parameters}
              isDisabled={isDisabled}
              inherited="model’s own"
              onChange={(parameters) => set({ parameters })}
            />
            <p className={classes.hint}>What a caller, a step or one of the models sets goes before these.</p>
          </details>
          {role && origin ? <RoleUsers role={role} origin={origin} /> : null}
          {role ? <RoleLog name={role.name} /> : null}
        </div>
        {isDisabled ? null : (
          <footer className={drawerClasses.footer}>
            {problem ? (
              <Alert color="red" role="alert">
                {problem.message}{' '}
                {problem.isStale ? (
                  <Button variant="default" size="compact-xs" onClick={takeTheirs}>
                    Show what it is now
                  </Button>
                ) : null}
              </Alert>
            ) : null}
            <p className={classes.effect}>
              <IconBolt size={15} aria-hidden="true" /> Takes effect at the next call and the next step of every run, in
              all servers within two seconds. Nothing restarts.
            </p>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={fetching} disabled={role !== undefined && !isChanged(form, known)}>
                {role ? 'Save' : 'Make role'}
              </Button>
            </Group>
          </footer>
        )}
      </form>
    </Drawer>
  );
}

function RoleTitle({ name }: { name: string }) {
  return (
    <span className={classes.roleTitle}>
      <code>role:{name}</code>
      <CopyButton value={`role:${name}`} label={`Copy role:${name}`} />
    </span>
  );
}
