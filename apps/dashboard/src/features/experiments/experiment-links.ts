/** The page of a test: its editor while it is a draft, else its results. */
export const experimentHref = (id: string): string => `/experiments?id=${encodeURIComponent(id)}`;

/** Where people vote blind on the answers of a test. */
export const voteHref = (id: string): string => `/experiments/vote?id=${encodeURIComponent(id)}`;
