/** The name that lets Switchyard choose among all models of the team. */
export const automaticName = 'auto';
