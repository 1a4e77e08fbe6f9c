/** The owner that stacks create at their first start. Nothing of this is secret. */
export const owner = {
  name: 'Robin Yardmaster',
  email: 'owner@example.com',
  password: 'correct horse battery staple',
  apiKey: 'sk-e2e-0123456789abcdef0123456789abcdef',
  environment: {
    SWITCHYARD_INIT_OWNER_EMAIL: 'owner@example.com',
    SWITCHYARD_INIT_OWNER_PASSWORD: 'correct horse battery staple',
    SWITCHYARD_INIT_API_KEY: 'sk-e2e-0123456789abcdef0123456789abcdef',
  },
} as const;
