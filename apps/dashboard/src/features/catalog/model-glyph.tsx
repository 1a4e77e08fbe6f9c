import { colourOfMark, shapeOfMark } from './model-identity.ts';

const shapes = [
  <circle key="s" cx="8" cy="8" r="5.5" />,
  <rect key="s" x="2.8" y="2.8" width="10.4" height="10.4" rx="2" />,
  <path key="s" d="M8 2.2 14.2 13.4H1.8Z" strokeLinejoin="round" />,
  <path key="s" d="M8 1.6 14.4 8 8 14.4 1.6 8Z" strokeLinejoin="round" />,
  <path key="s" d="m8 1.8 5.6 3.1v6.2L8 14.2l-5.6-3.1V4.9Z" strokeLinejoin="round" />,
  <path key="s" d="M6 2h4v4h4v4h-4v4H6v-4H2V6h4Z" strokeLinejoin="round" />,
  <path key="s" d="m8 1.5 2 4.3 4.6.5-3.4 3.2.9 4.7L8 11.9l-4.1 2.3.9-4.7L1.4 6.3 6 5.8Z" strokeLinejoin="round" />,
  <path key="s" d="M1.8 11.6a6.2 6.2 0 0 1 12.4 0Z" strokeLinejoin="round" />,
];

/** The sign of a model: colour and shape. The name stands beside it, so it is hidden from screen readers. */
export function ModelGlyph({ mark, size = 14 }: { mark: number; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={colourOfMark(mark)}
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      {shapes[shapeOfMark(mark)]}
    </svg>
  );
}
