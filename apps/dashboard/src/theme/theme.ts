import { ActionIcon, Button, type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const iris: MantineColorsTuple = [
  '#f3f3ff',
  '#e4e4fe',
  '#c9c8fb',
  '#abaaf5',
  '#8d8cee',
  '#6e6ade',
  '#5753c6',
  '#4a46b0',
  '#3d3a93',
  '#2c2a69',
];
const dark: MantineColorsTuple = [
  '#ededf0',
  '#c8c8d0',
  '#a3a3ae',
  '#7c7c88',
  '#3b3b45',
  '#2a2a32',
  '#212128',
  '#131317',
  '#0f0f12',
  '#0a0a0c',
];
const gray: MantineColorsTuple = [
  '#fafafb',
  '#f4f4f6',
  '#ebebee',
  '#dfdfe4',
  '#cfcfd6',
  '#a9a9b4',
  '#7f7f8b',
  '#5c5c68',
  '#3a3a44',
  '#1d1d23',
];

/** Quiet buttons are grey until they are pointed at; the one main action of a page is the only coloured one. */
const buttonVariables: Record<string, Record<`--button-${string}`, string>> = {
  subtle: {
    '--button-color': 'var(--sy-muted)',
    '--button-hover-color': 'var(--sy-text)',
    '--button-hover': 'var(--sy-hover)',
  },
  default: {
    '--button-bg': 'var(--sy-surface)',
    '--button-bd': '1px solid var(--sy-border-strong)',
    '--button-hover': 'var(--sy-hover)',
  },
};

/** One scale for space (4 px steps) and type (12–24 px). */
export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 6, dark: 6 },
  colors: { iris, dark, gray },
  fontFamily: 'var(--font-sans), ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'var(--font-mono), ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { withArrow: false, openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    Button: Button.extend({
      defaultProps: { size: 'sm', fw: 500 },
      vars: (_theme, { variant }) => ({ root: buttonVariables[variant ?? ''] ?? {} }),
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray', size: 28 },
      vars: () => ({
        root: {
          '--ai-color': 'var(--sy-muted)',
          '--ai-hover-color': 'var(--sy-text)',
          '--ai-hover': 'var(--sy-hover)',
        },
      }),
    }),
    Notification: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Dismiss' },
        styles: { description: { color: 'var(--sy-muted)' } },
      },
    },
    Modal: { defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    Popover: { defaultProps: { radius: 'md', shadow: 'lg' } },
    Menu: { defaultProps: { radius: 'md', shadow: 'lg' } },
  },
});

/** Surfaces, borders and text of both schemes; components use these names and no raw colours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1b1b20',
    '--mantine-color-dimmed': '#5f5f6b',
    '--mantine-color-placeholder': '#6b6b77',
    '--mantine-color-default-border': '#dcdce2',
    '--mantine-color-default-hover': '#f4f4f6',
    '--mantine-color-error': '#c02a37',
    '--mantine-color-anchor': '#4a46b0',
  },
  dark: {
    '--mantine-color-body': '#131317',
    '--mantine-color-text': '#ededf0',
    '--mantine-color-dimmed': '#a3a3ae',
    '--mantine-color-placeholder': '#8e8e9a',
    '--mantine-color-default': '#1b1b20',
    '--mantine-color-default-border': '#2e2e37',
    '--mantine-color-default-hover': '#24242b',
    '--mantine-color-error': '#ff8a90',
    '--mantine-color-anchor': '#b3b1ff',
  },
});
