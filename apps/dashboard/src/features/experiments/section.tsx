import { type ReactNode, useId } from 'react';
import classes from './editor.module.css';

interface Props {
  number: number;
  title: string;
  note: ReactNode;
  /** The place of the definition that it edits, for problems that belong to no field in it. */
  place?: string;
  problems?: readonly { readonly isError: boolean; readonly message: string }[];
  children: ReactNode;
}

/** One question of a test with its fields. */
export function Section({ number, title, note, place, problems = [], children }: Props) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id} data-field={place}>
      <header className={classes.sectionHead}>
        <span className={classes.number} aria-hidden="true">
          {number}
        </span>
        <div>
          <h2 id={id}>{title}</h2>
          <p>{note}</p>
        </div>
      </header>
      {problems.map(({ isError, message }) => (
        <p key={message} className={isError ? classes.error : classes.warning}>
          {message}
        </p>
      ))}
      {children}
    </section>
  );
}
