import packageJson from '../package.json' with { type: 'json' };

/** The version of Switchyard. */
export const version: string = packageJson.version;
